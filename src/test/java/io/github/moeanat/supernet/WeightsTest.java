package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightsTest {

  private static final MobileNetV3 NETWORK = Digits.NETWORK;
  private static final SearchSpace SPACE = Digits.SPACE;

  @Test
  void initialWeightsHaveOfasNamesShapesAndOrder() throws IOException {
    Weights weights = Weights.initial(NETWORK, SPACE, 1);
    List<String> names = new ArrayList<>();
    for (var key : Golden.randomSet().getAsJsonArray("keys")) {
      String name = key.getAsJsonArray().get(0).getAsString();
      names.add(name);
      assertEquals(
          key.getAsJsonArray().get(1).toString(), weights.shape(name).toString().replace(" ", ""));
      assertEquals(
          key.getAsJsonArray().get(2).getAsString().equals("int64"), weights.isCounter(name));
    }
    assertEquals(names, weights.names());
    assertEquals(475, names.size());
  }

  @Test
  void seedDecidesTheHash() {
    String hash = Weights.initial(NETWORK, SPACE, 1).hash();
    assertEquals(hash, Weights.initial(NETWORK, SPACE, 1).hash());
    assertNotEquals(hash, Weights.initial(NETWORK, SPACE, 2).hash());
  }

  @Test
  void aClassifierWithoutAxesIsLeftToBeNamed() {
    Weights.Builder builder = new Weights.Builder();
    builder
        .put("classifier.linear.weight", List.of(), 1)
        .put("classifier.linear.bias", List.of(), 1);
    Weights scalars = builder.build();
    assertSame(scalars, scalars.withClassifierFor(NETWORK, SPACE, 1));
    assertSame(scalars, scalars.withFreshClassifier(NETWORK, SPACE, 1));
  }

  @Test
  void filtersStartWithTheVarianceOfTheirFanOut() {
    Weights weights = Weights.initial(new MobileNetV3(1.0, 2, 10), SPACE, 1);
    float[] filters = Golden.values(weights, "final_expand_layer.conv.weight");
    double square = 0;
    for (float filter : filters) {
      square += filter * (double) filter;
    }
    // 153,600 values: one per cent is more than two and a half standard deviations of the mean.
    assertEquals(2.0 / 960, square / filters.length, 0.02 * 2 / 960);
    float[] matrix = Golden.values(weights, "blocks.1.conv.depth_conv.conv.5to3_matrix");
    for (int i = 0; i < matrix.length; i++) {
      assertEquals(i % 10 == 0 ? 1 : 0, matrix[i]);
    }
  }

  @Test
  void aResidualBlockBeginsAsTheIdentity() {
    Weights neutral = Weights.initial(NETWORK, SPACE, 1);
    Weights weights = neutral.withIdentityResiduals(NETWORK, SPACE);
    weights.requireShapes(NETWORK, SPACE);
    List<String> changed =
        weights.names().stream()
            .filter(name -> !Arrays.equals(neutral.bytes(name), weights.bytes(name)))
            .toList();
    // The first layer of a stage has another resolution or other channels than its input.
    List<String> expected =
        IntStream.of(0, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20)
            .mapToObj(
                i -> "blocks.%d.conv.point_linear.bn%s.weight".formatted(i, i > 0 ? ".bn" : ""))
            .toList();
    assertEquals(expected, changed);
    for (String name : changed) {
      for (float scale : Golden.values(weights, name)) {
        assertEquals(0, scale);
      }
    }
  }

  @Test
  void misfitsAreNamed() {
    Weights weights = Weights.initial(NETWORK, SPACE, 1);
    weights.requireShapes(NETWORK, SPACE);
    without(weights, name -> name.endsWith("num_batches_tracked")).requireShapes(NETWORK, SPACE);
    requireMessage(
        without(weights, name -> name.equals("classifier.linear.bias")),
        NETWORK,
        "classifier.linear.bias",
        "[10]");
    requireMessage(weights, new MobileNetV3(0.25, 2, 12), "classifier.linear.weight", "[12, 320]");
    Weights.Builder builder = new Weights.Builder();
    weights.names().forEach(name -> copy(weights, name, builder));
    builder.put("surplus.weight", List.of(2), 1, 2);
    requireMessage(builder.build(), NETWORK, "surplus.weight", "[2]");
  }

  @Test
  void valuesMustFillTheShape() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Weights.Builder().put("a", List.of(2, 2), 1, 2, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Weights.Builder().putCounter("a", 1).putCounter("a", 2));
  }

  private static void requireMessage(Weights weights, MobileNetV3 network, String... parts) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> weights.requireShapes(network, SPACE));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e::getMessage);
    }
  }

  private static Weights without(Weights weights, Predicate<String> left) {
    Weights.Builder builder = new Weights.Builder();
    weights.names().stream().filter(left.negate()).forEach(name -> copy(weights, name, builder));
    return builder.build();
  }

  private static void copy(Weights weights, String name, Weights.Builder builder) {
    if (weights.isCounter(name)) {
      builder.putCounter(name, weights.counter(name));
    } else {
      builder.put(name, weights.shape(name), Golden.values(weights, name));
    }
  }
}
