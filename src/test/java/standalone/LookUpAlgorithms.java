package standalone;

import java.util.Set;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.problem.DTLZ.DTLZ2;

/** Prints what the framework finds under some names of algorithms, and what its tools list. */
public final class LookUpAlgorithms {

  private LookUpAlgorithms() {}

  /** Looks up the names that are given. */
  public static void main(String[] names) {
    AlgorithmFactory factory = AlgorithmFactory.getInstance();
    for (String name : names) {
      try {
        factory.getAlgorithm(name, new TypedProperties(), new DTLZ2(2)).run(200);
        System.out.println(name + " ran");
      } catch (ProviderException e) {
        System.out.println(name + " refused: " + e.getMessage());
      }
    }
    Set<String> listed = factory.getAllDiagnosticToolAlgorithms();
    System.out.println("listed NSGA-II " + listed.contains("NSGA-II"));
    System.out.println("listed NAT " + listed.contains("NAT"));
    System.out.println("listed NSGAIII-JMetal " + listed.contains("NSGAIII-JMetal"));
  }
}
