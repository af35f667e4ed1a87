package standalone;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.testing.AdaptiveGrid;

/** Runs NAT on a problem without a network where no deep-learning library is on the class path. */
public final class SearchTable {

  private SearchTable() {}

  /** Prints how many measurements were made. */
  public static void main(String[] arguments) {
    NAT nat = new NAT(new AdaptiveGrid(6, 8));
    nat.getSettings().setInitialArchiveSize(12);
    nat.run(40);
    System.out.println("measured " + nat.getNumberOfEvaluations());
  }
}
