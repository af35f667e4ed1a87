package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.problem.table.TabularProblem;
import io.github.moeanat.testing.Tables;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.Solution;
import org.moeaframework.core.indicator.Hypervolume;
import org.moeaframework.core.population.NondominatedPopulation;

class NatOnTableTest {

  private static final int SEEDS = 5;

  private final TabularProblem problem = Tables.macro();

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
      sum += volume(nat.getResult()) / volume(problem.front());
    }
    System.out.printf("%s: %.4f of the true hypervolume%n", search, sum / SEEDS);
    return sum / SEEDS;
  }

  // Up to the worst error and cost of all networks and a hundredth more.
  private double volume(NondominatedPopulation front) {
    double[] worst = new double[problem.getNumberOfObjectives()];
    for (Solution solution : problem.measured()) {
      for (int i = 0; i < worst.length; i++) {
        worst[i] = Math.max(worst[i], 1.01 * solution.getObjectiveValue(i));
      }
    }
    return new Hypervolume(problem, new double[worst.length], worst).evaluate(front);
  }
}
