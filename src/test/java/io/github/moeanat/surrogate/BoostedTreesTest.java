package io.github.moeanat.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoostedTreesTest {

  @Test
  void ranksUnseenArchitectures() {
    double[][] train = SyntheticTarget.sample(2000, 1);
    double[][] test = SyntheticTarget.sample(1000, 78);
    BoostedTrees model = BoostedTrees.fit(train, SyntheticTarget.noisy(train, 1), 1);
    double rho =
        new SpearmansCorrelation().correlation(model.predict(test), SyntheticTarget.exact(test));
    assertTrue(rho > 0.9, () -> "Spearman's correlation is " + rho);
  }

  @Test
  void learnsAnInteractionOfTwoFeatures() {
    double[][] x = SurrogateContract.integers(3000, 5, 1);
    double[] y = Arrays.stream(x).mapToDouble(r -> r[1] > 4 && r[3] > 2 ? 1 : 0).toArray();
    BoostedTrees model = BoostedTrees.fit(x, y, 1);
    assertEquals(1, model.predict(new double[] {0, 7, 0, 6, 9}), 0.02);
    assertEquals(0, model.predict(new double[] {0, 7, 0, 1, 9}), 0.02);
    assertEquals(0, model.predict(new double[] {9, 1, 5, 9, 0}), 0.02);
  }

  @Test
  void dataAndSeedDetermineTheModelAndTheirOrderDoesNot() {
    double[][] x = SurrogateContract.integers(200, 6, 2);
    double[] y = SurrogateContract.targets(x);
    double[][] points = SurrogateContract.integers(50, 6, 3);
    double[] first = BoostedTrees.fit(x, y, 4).predict(points);
    assertArrayEquals(first, BoostedTrees.fit(x, y, 4).predict(points));
    assertNotEquals(first[0], BoostedTrees.fit(x, y, 5).predict(points)[0]);
    double[][] reversed =
        IntStream.range(0, 200).mapToObj(i -> x[199 - i]).toArray(double[][]::new);
    double[] targets = IntStream.range(0, 200).mapToDouble(i -> y[199 - i]).toArray();
    assertArrayEquals(first, BoostedTrees.fit(reversed, targets, 4).predict(points));
    assertEquals(first[7], BoostedTrees.fit(x, y, 4).predict(points[7]));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void fewSamplesGivePredictionsNearThem(int samples) {
    double[][] x = SurrogateContract.integers(samples, 6, 11);
    double[] y = SurrogateContract.targets(x);
    double low = Arrays.stream(y).min().orElseThrow();
    double high = Arrays.stream(y).max().orElseThrow();
    double reach = (high - low) / 2 + 1e-9;
    for (double value : BoostedTrees.fit(x, y, 1).predict(SurrogateContract.integers(50, 6, 12))) {
      assertTrue(value >= low - reach && value <= high + reach, () -> String.valueOf(value));
    }
  }

  @Test
  void constantAndRealFeaturesAreAllowed() {
    double[][] x = new double[500][3];
    double[] y = new double[500];
    for (int i = 0; i < x.length; i++) {
      x[i][1] = i / 500.0;
      x[i][2] = 4;
      y[i] = 3 * x[i][1];
    }
    BoostedTrees model = BoostedTrees.fit(x, y, 1);
    for (double at : new double[] {0.1, 0.5, 0.9}) {
      assertEquals(3 * at, model.predict(new double[] {0, at, 4}), 0.05);
    }
    double[][] same = new double[9][2];
    assertEquals(
        7,
        BoostedTrees.fit(same, new double[] {7, 7, 7, 7, 7, 7, 7, 7, 7}, 1).predict(new double[2]));
  }

  @Test
  void wrongDataAreNamed() {
    double[][] x = SurrogateContract.integers(20, 6, 16);
    double[] y = SurrogateContract.targets(x);
    SurrogateContract.assertMessage(
        "20 samples with 1", () -> BoostedTrees.fit(x, new double[1], 1));
    y[4] = Double.NaN;
    SurrogateContract.assertMessage("sample 4", () -> BoostedTrees.fit(x, y, 1));
  }

  @Test
  void whatIsHeldOutIsPredictedByTheOthers() {
    double[][] x = IntStream.range(0, 20).mapToObj(i -> new double[] {i}).toArray(double[][]::new);
    double[] y = IntStream.range(0, 20).mapToDouble(i -> 2 * i).toArray();
    HeldOutError perfect =
        HeldOutError.of(
            x,
            y,
            5,
            1,
            (in, out) -> points -> Arrays.stream(points).mapToDouble(p -> 2 * p[0]).toArray());
    assertEquals(new HeldOutError(20, 5, 0, 0, 1, 1), perfect);
    HeldOutError memory =
        HeldOutError.of(
            x,
            y,
            5,
            1,
            (in, out) ->
                points ->
                    Arrays.stream(points)
                        .mapToDouble(
                            p -> Arrays.stream(in).anyMatch(r -> r[0] == p[0]) ? 0 : 2 * p[0] + 3)
                        .toArray());
    assertEquals(3, memory.mae(), 1e-12, "no point is among those that it is predicted from");
    assertEquals(3, memory.rmse(), 1e-12);
    assertThrows(
        IllegalArgumentException.class, () -> HeldOutError.of(x, y, 11, 1, (a, b) -> null));
  }
}
