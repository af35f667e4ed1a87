package io.github.moeanat.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every surrogate promises; a new one adds a subclass that says how well it ranks. */
abstract class SurrogateContract {

  abstract Surrogate surrogate();

  /** Spearman's correlation on the synthetic target, from 350 samples, that must be reached. */
  abstract double leastCorrelation();

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void ranksUnseenArchitectures(long seed) {
    double[][] train = SyntheticTarget.sample(350, seed);
    double[][] test = SyntheticTarget.sample(1000, seed + 77);
    Regressor model = surrogate().fit(train, SyntheticTarget.noisy(train, seed), seed);
    double rho =
        new SpearmansCorrelation().correlation(model.predict(test), SyntheticTarget.exact(test));
    assertTrue(rho >= leastCorrelation(), () -> "Spearman's correlation is " + rho);
  }

  @Test
  void dataAndSeedDetermineTheModel() {
    double[][] x = integers(40, 6, 3);
    double[] y = targets(x);
    double[][] points = integers(70, 6, 4);
    Surrogate surrogate = surrogate();
    double[] first = surrogate.fit(x, y, 9).predict(points);
    assertArrayEquals(first, surrogate.fit(x, y, 9).predict(points));
    assertArrayEquals(first, surrogate().fit(x, y, 9).predict(points));
  }

  @Test
  void theOrderOfTheSamplesDoesNotMatter() {
    double[][] x = integers(40, 6, 5);
    double[] y = targets(x);
    double[][] reversed = new double[x.length][];
    double[] reversedTargets = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      reversed[i] = x[x.length - 1 - i];
      reversedTargets[i] = y[x.length - 1 - i];
    }
    double[][] points = integers(30, 6, 6);
    assertArrayEquals(
        surrogate().fit(x, y, 1).predict(points),
        surrogate().fit(reversed, reversedTargets, 1).predict(points),
        1e-9);
  }

  @Test
  void aPredictionDoesNotDependOnItsNeighbours() {
    double[][] x = integers(40, 6, 7);
    Regressor model = surrogate().fit(x, targets(x), 1);
    double[][] points = integers(67, 6, 8);
    double[] together = model.predict(points);
    for (int i = 0; i < points.length; i++) {
      assertEquals(together[i], model.predict(new double[][] {points[i]})[0]);
    }
    assertEquals(0, model.predict(new double[0][]).length);
  }

  @Test
  void argumentsAreNeitherChangedNorKept() {
    double[][] x = integers(40, 6, 9);
    double[] y = targets(x);
    double[][] original = Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
    double[] originalTargets = y.clone();
    double[][] points = integers(5, 6, 10);
    Regressor model = surrogate().fit(x, y, 1);
    double[] before = model.predict(points);
    assertArrayEquals(original, x);
    assertArrayEquals(originalTargets, y);
    for (double[] row : x) {
      Arrays.fill(row, -1);
    }
    Arrays.fill(y, 0);
    assertArrayEquals(before, model.predict(points));
    assertNotSame(before, model.predict(points));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7, 8})
  void fewSamplesGiveFinitePredictions(int samples) {
    double[][] x = integers(samples, 6, 11);
    assertFinite(surrogate().fit(x, targets(x), 1).predict(integers(50, 6, 12)));
  }

  @Test
  void repeatedSamplesAndConstantOrEqualFeaturesGiveFinitePredictions() {
    double[][] x = integers(60, 6, 13);
    for (int i = 0; i < x.length; i++) {
      x[i][1] = 4;
      x[i][3] = 0;
      x[i][5] = x[i][0];
      if (i % 3 == 2) {
        x[i] = x[i - 1].clone();
      }
    }
    assertFinite(surrogate().fit(x, targets(x), 1).predict(integers(50, 6, 14)));
    double[][] same = new double[10][6];
    double[] y = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    for (double value : surrogate().fit(same, y, 1).predict(integers(5, 6, 15))) {
      assertEquals(5.5, value, 1e-12, "all samples in one place are their mean");
    }
  }

  @Test
  void wrongDataAreNamed() {
    Surrogate surrogate = surrogate();
    double[][] x = integers(20, 6, 16);
    double[] y = targets(x);
    assertMessage("0 samples", () -> surrogate.fit(new double[0][], new double[0], 1));
    assertMessage("20 samples with 1 targets", () -> surrogate.fit(x, new double[1], 1));
    assertMessage("row 0 has 5 features", () -> surrogate.fit(x, y, 1).predict(new double[1][5]));
    double[][] ragged = x.clone();
    ragged[7] = new double[5];
    assertMessage("row 7 has 5 features, expected 6", () -> surrogate.fit(ragged, y, 1));
    y[4] = Double.NaN;
    assertMessage("sample 4", () -> surrogate.fit(x, y, 1));
  }

  @Test
  void isFoundByItsName() {
    assertEquals(surrogate().getClass(), Surrogates.byName(surrogate().name()).getClass());
  }

  static double[][] integers(int rows, int features, long seed) {
    RandomGenerator random = new Seeds(seed).generator("test");
    double[][] x = new double[rows][features];
    for (double[] row : x) {
      Arrays.setAll(row, f -> random.nextInt(10));
    }
    return x;
  }

  static double[] targets(double[][] x) {
    return Arrays.stream(x)
        .mapToDouble(row -> 20 + Math.sin(row[0]) + 0.3 * row[1] - 0.1 * row[2] * row[3])
        .toArray();
  }

  static void assertFinite(double[] values) {
    assertTrue(Arrays.stream(values).allMatch(Double::isFinite), () -> Arrays.toString(values));
  }

  static void assertMessage(String part, Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }
}
