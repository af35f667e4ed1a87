package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.NasBenchMacro;
import org.junit.jupiter.api.Test;

class NatOnTableTest {

  private static final int SEEDS = 5;

  private final NasBenchMacro problem = new NasBenchMacro();

  @Test
  void findsNearlyAllHypervolumeOfACompleteTable() {
    assertTrue(meanShare(SearchKind.NSGA3) >= 0.996, () -> "share of the true hypervolume");
  }

  @Test
  void randomCandidatesFindMuchLess() {
    double share = meanShare(SearchKind.RANDOM);
    assertTrue(share < 0.96, () -> "share of the true hypervolume " + share);
  }

  private double meanShare(SearchKind search) {
    double sum = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      NAT nat = new NAT(problem);
      nat.getSettings().setSeed(String.valueOf(seed));
      nat.getSettings().setSearch(search);
      nat.getSettings().setSurrogateName("rbf");
      nat.getSettings().setInitialArchiveSize(24);
      nat.getSettings().setNewMembers(8);
      nat.run(200);
      assertEquals(200, nat.getNumberOfEvaluations());
      sum += problem.share(nat.getResult());
    }
    System.out.printf("%s: %.4f of the true hypervolume%n", search, sum / SEEDS);
    return sum / SEEDS;
  }
}
