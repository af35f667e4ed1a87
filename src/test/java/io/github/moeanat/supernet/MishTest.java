package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MishTest {

  private static final MobileNetV3 NETWORK =
      new MobileNetV3(0.25, 2, 10, MobileNetV3.Activations.MISH);

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = PyTorch.newManager(PyTorch.device("cpu"));
    PyTorch.enterThread(true);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void valuesAndSlopesAreThoseOfTheFormula() {
    List<Float> places = new ArrayList<>(List.of(0f, -0f, 88f, 89f, -88f, -104f, 1e4f, -1e4f));
    for (int eighths = -240; eighths <= 240; eighths++) {
      places.add(eighths / 8f);
    }
    float[] values = new float[places.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = places.get(i);
    }
    NDArray leaf = manager.create(values).duplicate();
    leaf.setRequiresGradient(true);
    NDArray result = Walk.mish(leaf);
    PyTorch.backward(result, manager.ones(new Shape(values.length)));
    float[] actual = result.toFloatArray();
    float[] slopes = leaf.getGradient().toFloatArray();
    for (int i = 0; i < values.length; i++) {
      double x = values[i];
      double gate = Math.tanh(softPlus(x));
      double slope = gate + x * (1 - gate * gate) / (1 + Math.exp(-x));
      assertEquals(x * gate, actual[i], 2e-6 * Math.max(1, Math.abs(x * gate)), "mish of " + x);
      assertEquals(slope, slopes[i], 1e-5, "slope at " + x);
    }
  }

  @Test
  void itStandsEverywhereButInSqueezeAndExcitation() {
    Architecture architecture =
        new ArchitectureSampler(Digits.SPACE).sample(new SplittableRandom(4));
    Map<String, Float> original = minima(Digits.NETWORK, architecture);
    Map<String, Float> mish = minima(NETWORK, architecture);
    assertEquals(original.keySet(), mish.keySet());
    // The least value that h-swish takes is -3/8, that of mish -0.3088.
    for (String layer : List.of("first_conv", "final_expand", "feature_mix")) {
      assertEquals(-0.375, original.get(layer), 0.005, layer);
      assertEquals(-0.3088, mish.get(layer), 0.001, layer);
    }
    assertNotEquals(original.get("block00"), mish.get("block00"));
  }

  @Test
  void gradientsOfAWholeNetworkAreFinite() {
    Architecture largest = new ArchitectureSampler(Digits.SPACE).largest();
    try (Supernet supernet =
        new Supernet(Digits.weights(), NETWORK, Digits.SPACE, PyTorch.device("cpu"))) {
      NDArray leaf = PyTorch.alias(supernet.parameters(), manager);
      leaf.setRequiresGradient(true);
      NDArray statistics = supernet.statistics().duplicate();
      statistics.attach(manager);
      NDArray images = manager.randomNormal(0, 30, new Shape(4, 3, 32, 32), leaf.getDataType());
      NDArray logits = supernet.forward(largest, images, BatchNorm.TRAINING, leaf, statistics);
      PyTorch.backward(logits, manager.ones(logits.getShape()));
      int moved = 0;
      for (float gradient : leaf.getGradient().toFloatArray()) {
        assertTrue(Float.isFinite(gradient));
        moved += gradient != 0 ? 1 : 0;
      }
      assertTrue(moved > 100_000, moved + " gradients");
    }
  }

  // The least output of each layer over some images.
  private Map<String, Float> minima(MobileNetV3 network, Architecture architecture) {
    Map<String, Float> minima = new TreeMap<>();
    try (Supernet supernet =
        new Supernet(Digits.weights(), network, Digits.SPACE, PyTorch.device("cpu"))) {
      int side = architecture.resolution();
      NDArray images = manager.create(Golden.noise(8 * 3 * side * side)).reshape(8, 3, side, side);
      supernet.forward(
          architecture,
          images,
          new Recalibration(),
          (name, output) -> minima.put(name, output.min().getFloat()));
    }
    return minima;
  }

  private static double softPlus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
