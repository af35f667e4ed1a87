package io.github.moeanat.supernet;

import static io.github.moeanat.testing.Golden.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The random supernet of width 0.25 against OFA's own numbers. */
class SupernetParityTest {

  /** Float32 sums of a few thousand terms in another order differ by less. */
  private static final double TOLERANCE = 1e-5;

  /** Variances of twenty values behind sixty layers; summed in another order once more. */
  private static final double STATISTICS_TOLERANCE = 2e-5;

  /** Batch statistics of few values magnify those differences. */
  private static final double RECALIBRATED_TOLERANCE = 1e-4;

  private static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 2, 10);
  private static final SearchSpace SPACE = SearchSpace.nat(List.of(32, 64), List.of(0.25));

  private NDManager manager;
  private Supernet supernet;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    folder = Shared.path("golden/w0.25");
    manager = PyTorch.newManager(PyTorch.device("cpu"));
    PyTorch.enterThread(false);
    supernet =
        new Supernet(
            Golden.weights(folder.resolve("supernet.npz")), NETWORK, SPACE, PyTorch.device("cpu"));
  }

  @AfterEach
  void close() {
    if (supernet != null) {
      supernet.close();
      manager.close();
    }
  }

  @Test
  void logitsOfSupernetAndSubnetsAreThoseOfOfa() throws IOException {
    Map<String, NDArray> expected = Golden.npz(manager, folder.resolve("logits.npz"));
    Map<String, Double> worst = new TreeMap<>();
    for (int resolution : new int[] {32, 64}) {
      NDArray images = Golden.npy(manager, folder.resolve("x_" + resolution + ".npy"));
      List<Architecture> subnets = Golden.subnets(Golden.randomSet(), resolution);
      for (int i = 0; i < subnets.size(); i++) {
        String key = "s%02d_r%d_".formatted(i, resolution);
        NDArray logits = supernet.forward(subnets.get(i), images, BatchNorm.RUNNING);
        compare(worst, "super", expected.get(key + "super"), logits);
        for (Engine.Kind kind : Engine.Kind.values()) {
          try (Engine engine = kind.open(manager);
              Subnet subnet = supernet.extract(subnets.get(i))) {
            compare(
                worst, kind + " subnet", expected.get(key + "subnet"), run(engine, subnet, images));
            if (expected.containsKey(key + "bncal")) {
              engine.recalibrate(subnet, calibration());
              compare(
                  worst, kind + " bncal", expected.get(key + "bncal"), run(engine, subnet, images));
            }
          }
        }
      }
    }
    requireSmall(worst, RECALIBRATED_TOLERANCE);
  }

  @Test
  void activationsOfEveryLayerAreThoseOfOfa() throws IOException {
    NDArray images = Golden.npy(manager, folder.resolve("x_32.npy")).get("0:2");
    List<Architecture> subnets = Golden.subnets(Golden.randomSet(), 32);
    for (int i : new int[] {0, 4}) {
      Map<String, NDArray> expected =
          Golden.npz(manager, folder.resolve("acts_s%02d_r32.npz".formatted(i)));
      Map<String, Double> worst = new TreeMap<>();
      List<String> seen = new ArrayList<>();
      supernet.forward(
          subnets.get(i),
          images,
          BatchNorm.RUNNING,
          (name, output) -> {
            seen.add(name);
            compare(worst, name, expected.get(name), output);
          });
      assertEquals(List.copyOf(expected.keySet()), seen);
      requireSmall(worst, TOLERANCE);
    }
  }

  @Test
  void depthwiseFiltersOfEverySizeAreThoseOfOfa() throws IOException {
    Map<String, NDArray> expected = Golden.npz(manager, folder.resolve("kernel_filters.npz"));
    Map<String, Double> worst = new TreeMap<>();
    for (Architecture subnet : uniform()) {
      try (Subnet extracted = supernet.extract(subnet)) {
        Weights weights = extracted.toWeights();
        for (BlockShape block : supernet.blocks(subnet)) {
          String key =
              "b%d_k%d_c%d".formatted(block.index(), block.kernelSize(), block.middleChannels());
          if (expected.containsKey(key)) {
            String name = "blocks.%d.conv.depth_conv.conv.weight".formatted(block.index());
            float[] actual = Golden.values(weights, name);
            worst.put(key, difference(expected.get(key).toFloatArray(), actual));
          }
        }
      }
    }
    assertEquals(expected.keySet().size(), worst.size());
    requireSmall(worst, TOLERANCE);
  }

  @ParameterizedTest
  @EnumSource
  void recalibratedStatisticsAreThoseOfOfa(Engine.Kind kind) throws IOException {
    List<Architecture> subnets = Golden.subnets(Golden.randomSet(), 32);
    for (int i : new int[] {0, 1, 2, 5}) {
      Map<String, NDArray> expected =
          Golden.npz(manager, folder.resolve("bncal_stats_s%02d.npz".formatted(i)));
      Map<String, Double> worst = new TreeMap<>();
      try (Engine engine = kind.open(manager);
          Subnet subnet = supernet.extract(subnets.get(i))) {
        engine.recalibrate(subnet, calibration());
        Weights weights = subnet.toWeights();
        expected.forEach(
            (name, array) -> {
              float[] actual = Golden.values(weights, name);
              worst.put(name, difference(array.toFloatArray(), actual));
            });
      }
      requireSmall(worst, kind == Engine.Kind.EAGER ? TOLERANCE : STATISTICS_TOLERANCE);
    }
  }

  @Test
  void weightsSurviveTheSupernet() throws IOException {
    Weights weights = Golden.weights(folder.resolve("supernet.npz"));
    assertEquals(weights.names(), supernet.toWeights().names());
    assertEquals(weights.hash(), supernet.toWeights().hash());
  }

  private static NDArray run(Engine engine, Subnet subnet, NDArray images) {
    try (Engine.Inference inference = engine.prepare(subnet)) {
      return inference.logits(images);
    }
  }

  private List<NDArray> calibration() throws IOException {
    return List.of(
        Golden.npy(manager, folder.resolve("cal_0.npy")),
        Golden.npy(manager, folder.resolve("cal_1.npy")));
  }

  private static List<Architecture> uniform() {
    List<Architecture> result = new ArrayList<>();
    for (int kernel : new int[] {3, 5, 7}) {
      for (int expand : new int[] {3, 6}) {
        var layer = new Layer(kernel, expand);
        var stage = Collections.nCopies(4, layer);
        result.add(new Architecture(32, 0.25, Collections.nCopies(5, stage)));
      }
    }
    return result;
  }

  private static void compare(
      Map<String, Double> worst, String what, NDArray expected, NDArray actual) {
    worst.merge(what, difference(expected.toFloatArray(), actual.toFloatArray()), Math::max);
  }

  private static void requireSmall(Map<String, Double> worst, double tolerance) {
    double largest = worst.values().stream().mapToDouble(d -> d).max().orElseThrow();
    assertTrue(largest <= tolerance, () -> "differences: " + worst);
  }
}
