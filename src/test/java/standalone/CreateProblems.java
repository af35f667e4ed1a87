package standalone;

import org.moeaframework.core.Solution;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.Problem;

/** Creates every registered problem of the project, as diagnostic tools do. */
public final class CreateProblems {

  private CreateProblems() {}

  /** Prints the problems' names. */
  public static void main(String[] arguments) {
    for (String name : ProblemFactory.getInstance().getAllDiagnosticToolProblems()) {
      if (name.startsWith("NAT-")) {
        try (Problem problem = ProblemFactory.getInstance().getProblem(name)) {
          Solution solution = problem.newSolution();
          System.out.println(problem.getName() + " " + solution.getNumberOfVariables());
        }
      }
    }
  }
}
