package standalone;

import java.io.File;
import org.moeaframework.core.population.Population;
import org.moeaframework.core.variable.RealVariable;

/** Reads a result file with nothing but the MOEA Framework on the class path. */
public final class ReadResultFile {

  private ReadResultFile() {}

  /** Prints how many solutions the file's last entry holds, and the first gene of the first. */
  public static void main(String[] arguments) throws Exception {
    Population population = Population.load(new File(arguments[0]));
    System.out.println("solutions " + population.size());
    System.out.println("gene " + RealVariable.getReal(population.get(0).getVariable(2)));
  }
}
