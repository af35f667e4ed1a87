package standalone;

import io.github.moeanat.problem.NatProblems;
import org.moeaframework.core.Solution;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.Problem;

/** Creates every problem of the project, as diagnostic tools do with those that they list. */
public final class CreateProblems {

  private CreateProblems() {}

  /** Prints the problems' names. */
  public static void main(String[] arguments) {
    for (String name : NatProblems.fileNames().keySet()) {
      try (Problem problem = ProblemFactory.getInstance().getProblem(name)) {
        Solution solution = problem.newSolution();
        System.out.println(problem.getName() + " " + solution.getNumberOfVariables());
      }
    }
  }
}
