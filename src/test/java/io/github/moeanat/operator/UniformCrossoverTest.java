package io.github.moeanat.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.variable.RealVariable;

class UniformCrossoverTest {

  private static final int MATINGS = 8000;
  private static final double SIGNIFICANCE = 1e-3;

  private final Solution zeros = Solutions.of(0, 1, 0, 0, 0);
  private final Solution ones = Solutions.of(0, 1, 1, 1, 1);

  @Test
  void everyCombinationOfSwapsIsEquallyLikelyAmongMatings() {
    PRNG.setSeed(5);
    UniformCrossover crossover = new UniformCrossover();
    long[] counts = new long[8];
    for (int n = 0; n < MATINGS; n++) {
      int[] genes = IntegerVariable.toInts(crossover.evolve(new Solution[] {zeros, ones})[0]);
      counts[4 * genes[0] + 2 * genes[1] + genes[2]]++;
    }
    double swapped = 0.9 / 8;
    double[] expected = {
      0.1 + swapped, swapped, swapped, swapped, swapped, swapped, swapped, swapped
    };
    assertTrue(new ChiSquareTest().chiSquareTest(expected, counts) > SIGNIFICANCE);
  }

  @Test
  void childrenHoldWhatTheParentsHeldAndParentsKeepIt() {
    PRNG.setSeed(6);
    UniformCrossover crossover = new UniformCrossover(1);
    for (int n = 0; n < 100; n++) {
      Solution[] children = crossover.evolve(new Solution[] {zeros, ones});
      assertEquals(2, children.length);
      int[] first = IntegerVariable.toInts(children[0]);
      int[] second = IntegerVariable.toInts(children[1]);
      for (int i = 0; i < 3; i++) {
        assertEquals(1, first[i] + second[i]);
      }
    }
    assertArrayEquals(new int[] {0, 0, 0}, IntegerVariable.toInts(zeros));
    assertArrayEquals(new int[] {1, 1, 1}, IntegerVariable.toInts(ones));
  }

  @Test
  void withRateZeroNothingMoves() {
    UniformCrossover crossover = new UniformCrossover(0);
    Solution[] children = crossover.evolve(new Solution[] {zeros, ones});
    assertArrayEquals(new int[] {0, 0, 0}, IntegerVariable.toInts(children[0]));
  }

  @Test
  void otherVariablesAndRatesAreRefused() {
    Solution real = new Solution(1, 1);
    real.setVariable(0, new RealVariable(0, 1));
    UniformCrossover crossover = new UniformCrossover(0);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> crossover.evolve(new Solution[] {real, real}));
    assertTrue(refused.getMessage().contains("variable 0 is of type RealVariable"));
    assertThrows(IllegalArgumentException.class, () -> crossover.setRate(1.01));
    assertThrows(IllegalArgumentException.class, () -> crossover.setRate(Double.NaN));
    assertEquals(0, crossover.getRate());
  }
}
