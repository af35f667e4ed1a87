package io.github.moeanat.supernet;

import static io.github.moeanat.testing.Golden.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Formula;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Ofa;
import io.github.moeanat.testing.Shared;
import io.github.moeanat.testing.TorchSave;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Supernets of the published sizes, read from files of the published form, against OFA's logits.
 */
class FormulaParityTest {

  private static final double TOLERANCE = 1e-4;
  private static final int SUBNETS = 12;
  private static final int LARGEST = 2;
  private static final int[] CALIBRATION_IMAGES = {8, 5};
  private static final int[] CALIBRATION_SEEDS = {2_000_003, 3_000_017};

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 1.0", "2, 1.2"})
  void logitsOfTwelveSubnetsAreThoseOfOfa(int number, double width) throws IOException {
    Path logits = Shared.path("golden/w%s_formula_1000/logits.npz".formatted(width));
    JsonObject set = Golden.set(number);
    Path file = folder.resolve("supernet.pth");
    TorchSave.published(Formula.weights(set)).zip(file);
    TorchCheckpoint checkpoint = TorchCheckpoint.read(file);
    assertEquals(width, checkpoint.network().width());
    assertEquals(1000, checkpoint.network().classes());
    PyTorch.enterThread(false);
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        Supernet supernet =
            new Supernet(
                checkpoint.weights(),
                checkpoint.network(),
                SearchSpace.nat(List.of(64, 96), List.of(width)),
                PyTorch.device("cpu"))) {
      Map<String, NDArray> expected = Golden.npz(manager, logits);
      for (int resolution : new int[] {64, 96}) {
        for (int i = 0; i < SUBNETS; i++) {
          JsonObject subnet = set.getAsJsonArray("subnets").get(i).getAsJsonObject();
          compare(
              supernet,
              Ofa.compact(subnet.getAsJsonObject("config"), resolution, width),
              i == LARGEST ? sensitivity(checkpoint, resolution) : TOLERANCE,
              "s%02d_r%d_".formatted(i, resolution),
              expected);
        }
      }
      assertEquals(Map.of(), expected);
    }
  }

  /** Compares the logits of a subnet and removes those that were expected. */
  private static void compare(
      Supernet supernet,
      Architecture architecture,
      double tolerance,
      String key,
      Map<String, NDArray> expected) {
    int side = architecture.resolution();
    NDArray ofSubnet = expected.remove(key + "subnet");
    Optional<NDArray> ofRecalibrated = Optional.ofNullable(expected.remove(key + "bncal"));
    try (NDManager scope = PyTorch.newManager(PyTorch.device("cpu"))) {
      NDArray images = images(scope, 2, side, Formula.IMAGES);
      NDArray logits = supernet.forward(architecture, images, BatchNorm.RUNNING);
      requireNear(expected.remove(key + "super"), logits, tolerance, key);
      for (Engine.Kind kind : Engine.Kind.values()) {
        try (Engine engine = kind.open(scope);
            Subnet subnet = supernet.extract(architecture)) {
          requireNear(ofSubnet, run(engine, subnet, images), tolerance, key + kind);
          if (ofRecalibrated.isPresent()) {
            engine.recalibrate(
                subnet,
                List.of(
                    images(scope, CALIBRATION_IMAGES[0], 64, CALIBRATION_SEEDS[0]),
                    images(scope, CALIBRATION_IMAGES[1], 64, CALIBRATION_SEEDS[1])));
            NDArray recalibrated = run(engine, subnet, images);
            requireNear(ofRecalibrated.get(), recalibrated, TOLERANCE, key + kind);
          }
        }
      }
    }
  }

  private static NDArray run(Engine engine, Subnet subnet, NDArray images) {
    try (Engine.Inference inference = engine.prepare(subnet)) {
      return inference.logits(images);
    }
  }

  /** How far half of a last bit in all weights moves the logits of the largest subnet. */
  private static double sensitivity(TorchCheckpoint checkpoint, int resolution) {
    float[] exact = largest(checkpoint, resolution, null);
    double sensitivity = 0;
    for (int seed = 1; seed <= 3; seed++) {
      float[] moved = largest(checkpoint, resolution, new SplittableRandom(seed));
      sensitivity = Math.max(sensitivity, difference(exact, moved));
    }
    assertTrue(sensitivity > TOLERANCE, "not a special case: " + sensitivity);
    return 2 * sensitivity;
  }

  private static float[] largest(
      TorchCheckpoint checkpoint, int resolution, SplittableRandom jitter) {
    MobileNetV3 network = checkpoint.network();
    Weights weights = checkpoint.weights();
    try (NDManager scope = PyTorch.newManager(PyTorch.device("cpu"))) {
      Tensors tensors =
          (name, shape) -> {
            float[] values = Golden.values(weights, name);
            double[] exact = new double[values.length];
            for (int i = 0; i < exact.length; i++) {
              double half = jitter == null ? 0 : jitter.nextBoolean() ? 0x1p-24 : -0x1p-24;
              exact[i] = values[i] * (1 + half);
            }
            return scope.create(exact, new Shape(shape));
          };
      SearchSpace space = SearchSpace.nat(List.of(resolution), List.of(network.width()));
      NDArray images = images(scope, 2, resolution, Formula.IMAGES).toType(DataType.FLOAT64, true);
      return new Walk(tensors, BatchNorm.RUNNING, scope, (name, output) -> {})
          .run(network, network.blocks(space), images)
          .toType(DataType.FLOAT32, true)
          .toFloatArray();
    }
  }

  private static NDArray images(NDManager scope, int count, int side, int seed) {
    return scope.create(Formula.images(count, side, seed), new Shape(count, 3, side, side));
  }

  private static void requireNear(NDArray expected, NDArray actual, double tolerance, String what) {
    double difference = difference(expected.toFloatArray(), actual.toFloatArray());
    assertTrue(difference <= tolerance, () -> what + " differs by " + difference);
  }

  @Test
  void formulaIsThatOfTheSet() throws IOException {
    JsonObject set = Golden.set(1);
    // Worked out by hand for the first weight of the first tensor: x = 12345, k = i = 0.
    long x = 12345;
    x = x * 0x45d9f3bL & 0xffffffffL;
    x ^= x >>> 16;
    double u = x / (double) (1L << 31) - 1;
    float[] stem = Golden.values(Formula.weights(set), "first_conv.conv.weight");
    assertEquals((float) (u * Math.sqrt(6.0 / 27)), stem[0]);
  }
}
