package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalkTest {

  private static final int IMAGES = 3;

  /** On a map of one pixel a depthwise convolution is a product, to the last bit. */
  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "5, 1", "7, 1", "7, 2"})
  void onePixelMeetsTheCentreOfAFilter(int kernelSize, int stride) {
    MobileNetV3 network = new MobileNetV3(0.25, 1, 10);
    int channels = 24;
    BlockShape block =
        new BlockShape(
            3, channels, channels, channels, kernelSize, stride, Activation.RELU, 0, false, false);
    try (NDManager scope = PyTorch.newManager(PyTorch.device("cpu"))) {
      Tensors tensors = (name, shape) -> values(scope, name, shape);
      NDArray images = values(scope, "images", IMAGES, channels, 1, 1);
      NDArray output =
          new Walk(tensors, BatchNorm.RUNNING, scope, (name, layer) -> {})
              .part(network, List.of(block), 1, PyTorch.alias(images, scope));

      long half = kernelSize / 2;
      NDArray filters =
          tensors.get(Names.filters(block, Names.DEPTHWISE), channels, 1, kernelSize, kernelSize);
      NDArray convolved =
          Conv2d.conv2d(
                  images,
                  filters,
                  null,
                  new Shape(stride, stride),
                  new Shape(half, half),
                  new Shape(1, 1),
                  channels)
              .singletonOrThrow();
      NDArray depthwise =
          BatchNorm.RUNNING
              .apply(convolved, tensors, Names.norm(block, Names.DEPTHWISE))
              .getNDArrayInternal()
              .relu();
      NDArray projection =
          tensors.get(Names.filters(block, Names.PROJECTION), channels, channels, 1, 1);
      NDArray expected =
          BatchNorm.RUNNING.apply(
              Conv2d.conv2d(depthwise, projection).singletonOrThrow(),
              tensors,
              Names.norm(block, Names.PROJECTION));
      assertArrayEquals(expected.toFloatArray(), output.toFloatArray());
    }
  }

  /** A subnet's tensors outlive the pass; views of them must not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aPassLeavesNothingWithItsTensors(int side) {
    int channels = 8;
    BlockShape block =
        new BlockShape(3, channels, channels, channels, 7, 1, Activation.H_SWISH, 8, true, true);
    try (NDManager owner = PyTorch.newManager(PyTorch.device("cpu"));
        NDManager scope = owner.newSubManager()) {
      Map<String, NDArray> known = new HashMap<>();
      Tensors tensors = (name, shape) -> known.computeIfAbsent(name, n -> values(owner, n, shape));
      Walk walk = new Walk(tensors, BatchNorm.RUNNING, scope, (name, layer) -> {});
      NDArray images = values(owner, "images", IMAGES, channels, side, side);
      int[] arrays = new int[2];
      for (int pass = 0; pass < arrays.length; pass++) {
        try (NDManager inner = scope.newSubManager()) {
          walk.part(new MobileNetV3(0.25, 1, 10), List.of(block), 1, PyTorch.alias(images, inner));
        }
        arrays[pass] = owner.getManagedArrays().size();
      }
      assertEquals(arrays[0], arrays[1]);
    }
  }

  /** The same values for a name; only images have negative ones, so that all serve as variances. */
  private static NDArray values(NDManager scope, String name, long... shape) {
    RandomGenerator random = new Seeds(1).generator(name);
    float[] values = new float[Math.toIntExact(new Shape(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() + (name.endsWith("images") ? -0.5f : 0.1f);
    }
    return scope.create(values, new Shape(shape));
  }
}
