package io.github.moeanat.training;

import static io.github.moeanat.data.ImageTransform.Resize.NEAREST;
import static io.github.moeanat.testing.Golden.difference;
import static io.github.moeanat.testing.Golden.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Steps of PyTorch's optimiser on OFA's random supernet. */
class SgdParityTest {

  private static final int IMAGES = 32;
  private static final double[] LOSSES = {2.3672916889190674, 2.2487173080444336, 2.28501582};

  private final List<Double> losses = new ArrayList<>();

  @Test
  void gradientsOfTheFirstStepAreThoseOfPyTorch() throws IOException {
    Path folder = Shared.path("golden/w0.25");
    Weights start = Golden.weights(folder.resolve("supernet.npz"));
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      Map<String, NDArray> expected = Golden.npz(manager, folder.resolve("train_s04_grads.npz"));
      assertEquals(198, expected.size());
      // Biases that a later normalisation takes out again have gradient zero but for rounding.
      double least =
          1e-3
              * expected.values().stream()
                  .mapToDouble(g -> g.abs().max().getFloat())
                  .max()
                  .orElse(0);
      Weights momentum = trained(start, 1, true);
      expected.forEach(
          (name, array) -> {
            float[] gradient = values(momentum, name);
            float[] parameter = values(start, name);
            for (int i = 0; i < gradient.length; i++) {
              // The first momentum is the gradient with its weight decay.
              gradient[i] -= 4e-5f * parameter[i];
            }
            double difference = difference(array.toFloatArray(), gradient, least);
            assertTrue(difference <= 1e-4, () -> name + " differs by " + difference);
          });
    }
  }

  /**
   * Three steps magnify rounding: starting weights that differ in the last bit end up per cents
   * apart in filters that are small against their gradients. So every tensor is held to what such a
   * change makes of it, and tensors that PyTorch leaves alone to the bit.
   */
  @Test
  void threeStepsAreThoseOfPyTorch() throws IOException {
    Path folder = Shared.path("golden/w0.25");
    Weights start = Golden.weights(folder.resolve("supernet.npz"));
    Weights expected = Golden.weights(folder.resolve("train_s04_after3.npz"));
    Weights jittered = trained(jittered(start), 3, false);
    losses.clear();
    Weights reached = trained(start, 3, false);
    for (int step = 0; step < LOSSES.length; step++) {
      assertEquals(LOSSES[step], losses.get(step), 1e-4);
    }
    int untouched = 0;
    for (String name : expected.names()) {
      if (expected.isCounter(name)) {
        assertEquals(expected.counter(name), reached.counter(name), name);
      } else if (Arrays.equals(values(start, name), values(expected, name))) {
        assertArrayEquals(values(start, name), values(reached, name), name);
        untouched++;
      } else {
        double bound = 1e-4 + 4 * difference(values(reached, name), values(jittered, name), 0);
        double difference = difference(values(expected, name), values(reached, name));
        assertTrue(difference <= bound, () -> name + " differs by " + difference);
      }
    }
    assertTrue(untouched >= 85, untouched + " tensors untouched");
  }

  private Weights trained(Weights start, int steps, boolean momentum) throws IOException {
    ImageSet image = new ImageSet(1, 1, 1, new byte[1], new int[1]);
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        Supernet supernet =
            new Supernet(
                start,
                new MobileNetV3(0.25, 2, 10),
                SearchSpace.nat(List.of(32), List.of(0.25)),
                PyTorch.device("cpu"));
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet,
                new SearchData(10, image, image),
                ImageTransform.of(NEAREST, 0, 1),
                TrainingSettings.nat(IMAGES).withShards(1),
                1)) {
      Batch batch =
          new Fixed(Golden.npy(manager, Shared.path("golden/w0.25/cal_0.npy")).toFloatArray());
      var architecture = Golden.subnets(Golden.randomSet(), 32).get(4);
      for (int step = 0; step < steps; step++) {
        losses.add(trainer.step(batch, List.of(architecture), 0.01));
      }
      return momentum ? trainer.momentum() : supernet.toWeights();
    }
  }

  private static Weights jittered(Weights start) {
    SplittableRandom random = new SplittableRandom(1);
    Weights.Builder builder = new Weights.Builder();
    for (String name : start.names()) {
      if (start.isCounter(name)) {
        builder.putCounter(name, start.counter(name));
      } else {
        float[] values = values(start, name);
        for (int i = 0; i < values.length; i++) {
          values[i] *= (float) (1 + 1e-7 * random.nextGaussian());
        }
        builder.put(name, start.shape(name), values);
      }
    }
    return builder.build();
  }

  /** Normalised pixels instead of images. */
  private static final class Fixed implements Batch {
    private final float[] pixels;

    Fixed(float... pixels) {
      this.pixels = pixels;
    }

    @Override
    public int size() {
      return IMAGES;
    }

    @Override
    public Batch shard(int shard, int shards) {
      return this;
    }

    @Override
    public float[] pixels(int resolution) {
      return pixels;
    }

    @Override
    public float[] targets(int classes, double smoothing) {
      float[] targets = new float[IMAGES * classes];
      for (int i = 0; i < IMAGES; i++) {
        targets[i * classes + i % classes] = 1;
      }
      return targets;
    }
  }
}
