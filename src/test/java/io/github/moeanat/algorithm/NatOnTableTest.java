package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.NasBenchMacro;
import org.junit.jupiter.api.Test;

class NatOnTableTest {

  @Test
  void findsNearlyAllHypervolumeOfACompleteTableIn200Measurements() {
    NasBenchMacro problem = new NasBenchMacro();
    for (int init : new int[] {16, 24, 40, 60}) {
      for (String name : new String[] {"rbf", "rbf-ensemble"}) {
        double sum = 0;
        long t = System.nanoTime();
        StringBuilder sb = new StringBuilder();
        for (int seed = 1; seed <= 5; seed++) {
          NAT nat = new NAT(problem);
          nat.getSettings().setSeed(String.valueOf(seed));
          nat.getSettings().setNewMembers(8);
          nat.getSettings().setSurrogateName(name);
          nat.getSettings().setInitialArchiveSize(init);
          nat.run(200);
          double share = problem.share(nat.getResult());
          sb.append(String.format(" %.4f(%d)", share, nat.getNumberOfEvaluations()));
          sum += share / 5;
        }
        System.out.printf(
            "%d %s mean %.4f %s %.1f s%n", init, name, sum, sb, (System.nanoTime() - t) / 1e9);
      }
    }
    assertTrue(true);
  }
}
