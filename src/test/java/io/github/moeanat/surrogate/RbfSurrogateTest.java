package io.github.moeanat.surrogate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.core.TypedProperties;

class RbfSurrogateTest extends SurrogateContract {

  // The figure published for this target, 350 samples and this kind of model, and its spread.
  private static final double PUBLISHED_CORRELATION = 0.976;
  private static final double SPREAD = 0.01;

  private record Golden(
      String name,
      List<double[]> x,
      List<Double> y,
      List<double[]> queries,
      List<Double> predicted) {}

  @Override
  Surrogate surrogate() {
    return new RbfSurrogate();
  }

  @Override
  double leastCorrelation() {
    return PUBLISHED_CORRELATION - SPREAD;
  }

  static List<Golden> golden() throws IOException {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                RbfSurrogateTest.class.getResourceAsStream("/surrogate/cubic_rbf.json")),
            StandardCharsets.UTF_8)) {
      return List.of(new Gson().fromJson(reader, Golden[].class));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void predictsWhatTheTextbookSystemGives(Golden golden) {
    double[][] x = golden.x.toArray(double[][]::new);
    double[] y = golden.y.stream().mapToDouble(v -> v).toArray();
    double[] predicted =
        new RbfSurrogate().fit(x, y, 0).predict(golden.queries.toArray(double[][]::new));
    for (int i = 0; i < predicted.length; i++) {
      double expected = golden.predicted.get(i);
      assertEquals(expected, predicted[i], 1e-6 * Math.abs(expected), golden.name);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7, 8, 30, 200})
  void meetsItsSamples(int samples) {
    double[][] x = integers(samples, 6, 20);
    double[] y = targets(x);
    double[] predicted = surrogate().fit(x, y, 0).predict(x);
    for (int i = 0; i < samples; i++) {
      assertEquals(y[i], predicted[i], 1e-6);
    }
  }

  @Test
  void repeatedSamplesHaveTheirMean() {
    double[][] x = {{0, 0}, {1, 0}, {0, 1}, {2, 3}, {2, 3}, {2, 3}};
    double[] y = {1, 2, 3, 10, 14, 15};
    assertEquals(13, surrogate().fit(x, y, 0).predict(new double[][] {{2, 3}})[0], 1e-6);
  }

  @Test
  void aPlaneIsFoundExactlyAlsoBetweenAndBeyondTheSamples() {
    double[][] x = integers(30, 4, 21);
    double[] y = new double[30];
    java.util.Arrays.setAll(y, i -> 7 + x[i][0] - 2 * x[i][1] + 0.5 * x[i][3]);
    double[][] point = {{-20, 4.5, 100, 33}};
    assertEquals(7 - 20 - 9 + 16.5, surrogate().fit(x, y, 0).predict(point)[0], 1e-9);
  }

  @Test
  void withTooFewSamplesTheFlattestPlaneIsTaken() {
    double[][] x = {{0, 0, 5}, {2, 2, 5}};
    Regressor model = surrogate().fit(x, new double[] {1, 5}, 0);
    double[] predicted = model.predict(new double[][] {{1, 1, 9}, {2, 0, 0}, {4, 4, 5}});
    assertEquals(3, predicted[0], 1e-9, "the constant feature has no slope");
    assertEquals(3, predicted[1], 1e-9, "equal features share theirs");
    assertEquals(9, predicted[2], 1e-9);
  }

  @Test
  void samplesThatAreNextToEqualAreSmoothedNotRefused() {
    double[][] x = integers(40, 4, 22);
    for (int i = 1; i < 40; i += 2) {
      x[i] = x[i - 1].clone();
      x[i][0] += 1e-13;
    }
    RbfSurrogate exact = new RbfSurrogate();
    exact.setRidge(0);
    assertFinite(exact.fit(x, targets(x), 0).predict(integers(40, 4, 23)));
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void ranksAsWellAsPublished(long seed) {
    double[][] train = SyntheticTarget.sample(350, seed);
    double[][] test = SyntheticTarget.sample(1000, 1000 + seed);
    Regressor model = surrogate().fit(train, SyntheticTarget.noisy(train, seed), 0);
    double rho =
        new SpearmansCorrelation().correlation(model.predict(test), SyntheticTarget.exact(test));
    assertEquals(PUBLISHED_CORRELATION, rho, SPREAD);
  }

  @Test
  void settingsAreProperties() {
    RbfSurrogate surrogate = new RbfSurrogate();
    TypedProperties properties = new TypedProperties();
    properties.setDouble("surrogate.ridge", 0.5);
    surrogate.applyConfiguration(properties);
    properties.throwIfUnaccessedProperties();
    assertEquals(0.5, surrogate.getConfiguration().getDouble("surrogate.ridge"));
    assertMessage("ridge is -1.0", () -> surrogate.setRidge(-1));
    assertMessage("ridge is NaN", () -> surrogate.setRidge(Double.NaN));
    double[][] x = integers(30, 4, 24);
    double[] smoothed = surrogate.fit(x, targets(x), 0).predict(x);
    assertTrue(Math.abs(smoothed[0] - targets(x)[0]) > 1e-6, "a large ridge smooths");
  }
}
