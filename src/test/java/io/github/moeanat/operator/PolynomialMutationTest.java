package io.github.moeanat.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.variable.RealVariable;

class PolynomialMutationTest {

  private static final int GENES = 40_000;
  private static final double SIGNIFICANCE = 1e-3;

  // Values of the published formula, computed with 40 decimal digits in another language.
  @ParameterizedTest
  @CsvSource({
    "4, -0.5, 9.5, 1, 0.125, 0.90561365846656672",
    "4, -0.5, 9.5, 1, 0.875, 7.6606388334470168",
    "4, -0.5, 9.5, 1, 0.5, 4",
    "0, -0.5, 9.5, 1, 0.03125, -0.46798158835181436",
    "0, -0.5, 9.5, 1, 0.96875, 7.4535564015670799",
    "9, 0.5, 9.5, 1, 0.75, 9.246429299994201",
    "1, -0.5, 1.5, 1, 0, -0.5",
    "7, -0.5, 16.5, 20, 0.25, 6.4480440955719516",
    "7, -0.5, 16.5, 0, 0.25, 3.25",
    "3, -0.5, 16.5, 2.5, 0.625, 4.3355261555435485"
  })
  void movesFollowTheFormula(
      double x, double low, double high, double index, double u, double expected) {
    assertEquals(expected, PolynomialMutation.move(x, low, high, index, u), 1e-13);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 9})
  void genesGoWhereTheFormulaSendsThemAtTheRateThatWasSet(int start) {
    double[] expected = new double[10];
    int steps = 1_000_000;
    for (int n = 0; n < steps; n++) {
      double x = PolynomialMutation.move(start, -0.5, 9.5, 1, (n + 0.5) / steps);
      expected[(int) Math.min(9, Math.floor(x + 0.5))] += 0.1 / steps;
    }
    expected[start] += 0.9;

    PRNG.setSeed(23 + start);
    int[] values = new int[GENES];
    java.util.Arrays.fill(values, start);
    long[] counts = new long[10];
    for (int value :
        IntegerVariable.toInts(new PolynomialMutation().mutate(Solutions.of(0, 9, values)))) {
      counts[value]++;
    }
    assertTrue(new ChiSquareTest().chiSquareTest(expected, counts) > SIGNIFICANCE);
  }

  @Test
  void startsFromTheRoundedValueAndStoresAnInteger() {
    Solution continuous = Solutions.of(0, 9, 0, 0, 0, 0, 0, 0);
    Solution rounded = Solutions.of(0, 9, 4, 4, 4, 4, 4, 4);
    for (int i = 0; i < 6; i++) {
      ((IntegerVariable) continuous.getVariable(i)).setValue(4.45);
    }
    PolynomialMutation mutation = new PolynomialMutation(1, 1);
    PRNG.setSeed(1);
    Solution first = mutation.mutate(continuous);
    PRNG.setSeed(1);
    Solution second = mutation.mutate(rounded);
    for (int i = 0; i < 6; i++) {
      assertEquals(second.getVariable(i), first.getVariable(i));
      double stored = ((IntegerVariable) first.getVariable(i)).getValue();
      assertEquals(Math.rint(stored), stored);
      assertEquals(4.45, ((IntegerVariable) continuous.getVariable(i)).getValue());
    }
  }

  @Test
  void aGeneWithOneValueStays() {
    PRNG.setSeed(2);
    Solution child = new PolynomialMutation(1, 1).mutate(Solutions.of(3, 3, 3, 3));
    assertArrayEquals(new int[] {3, 3}, IntegerVariable.toInts(child));
  }

  @Test
  void otherVariablesAndSettingsAreRefused() {
    Solution real = new Solution(1, 1);
    real.setVariable(0, new RealVariable(-0.5, 3.5).withValue(1));
    PolynomialMutation mutation = new PolynomialMutation();
    Exception refused = assertThrows(IllegalArgumentException.class, () -> mutation.mutate(real));
    assertTrue(refused.getMessage().contains("'nat.pm' changes IntegerVariables only"));
    assertThrows(IllegalArgumentException.class, () -> mutation.setRate(-0.1));
    assertThrows(IllegalArgumentException.class, () -> mutation.setDistributionIndex(-1));
    assertThrows(
        IllegalArgumentException.class,
        () -> mutation.setDistributionIndex(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> mutation.setDistributionIndex(Double.NaN));
  }
}
