package io.github.moeanat.experiment.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Images of noise. */
final class SyntheticImages {

  private static final Seeds SEEDS = new Seeds(1);

  private SyntheticImages() {}

  /** Images in native memory at every resolution that is asked for, made once. */
  static final class Resident {

    private final NDManager manager;
    private final int images;
    private final Map<Integer, NDArray> made = new HashMap<>();

    /**
     * Creates no images yet.
     *
     * @param manager owns them
     * @param images how many there are
     */
    Resident(NDManager manager, int images) {
      this.manager = manager;
      this.images = images;
    }

    int size() {
      return images;
    }

    /** Returns all images in batches {@code [N, 3, r, r]}, views of one array. */
    List<NDArray> batches(int resolution, int size) {
      NDArray all = made.computeIfAbsent(resolution, this::make);
      List<NDArray> batches = new ArrayList<>();
      for (int from = 0; from < images; from += size) {
        int to = Math.min(images, from + size);
        batches.add(all.get(new NDIndex("{}:{}", from, to)));
      }
      return batches;
    }

    private NDArray make(int resolution) {
      Shape shape = new Shape(images, ImageTransform.CHANNELS, resolution, resolution);
      float[] values = new float[Math.toIntExact(shape.size())];
      RandomGenerator random = SEEDS.generator("images", resolution);
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      // The engine borrows the memory of what it creates; a copy is its own.
      try (NDArray borrowed = manager.create(values, shape)) {
        return borrowed.duplicate();
      }
    }
  }

  /**
   * Returns a data set of random pixels and labels.
   *
   * @param side height and width in pixels
   */
  static SearchData dataSet(int classes, int channels, int side, int train, int validation) {
    return new SearchData(
        classes,
        set(classes, channels, side, train, "train"),
        set(classes, channels, side, validation, "validation"));
  }

  private static ImageSet set(int classes, int channels, int side, int size, String purpose) {
    SplittableRandom random = new SplittableRandom(SEEDS.derive(purpose));
    byte[] pixels = new byte[size * channels * side * side];
    random.nextBytes(pixels);
    int[] labels = random.ints(size, 0, classes).toArray();
    return new ImageSet(channels, side, side, pixels, labels);
  }
}
