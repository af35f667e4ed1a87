package snippet;

// begin
import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.problem.NatProblem;
import org.moeaframework.core.Solution;

public class ReadmeExample {
  public static void main(String[] args) {
    try (NatProblem problem = NatProblem.named("digits")) {
      NAT nat = new NAT(problem);
      nat.getSettings().setInitialArchiveSize(24);
      nat.getSettings().setArchiveSize(40);
      nat.getSettings().setNewMembers(8);
      nat.run(500);
      for (Solution subnet : nat.getResult()) {
        System.out.println(problem.architecture(subnet) + " " + subnet.getObjectiveValue(0));
      }
    }
  }
}
// end
