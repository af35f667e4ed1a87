package io.github.moeanat.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Images in native memory, made once for each resolution. */
final class ImageBatches {

  private final NDManager manager;
  private final ImageSet images;
  private final ImageTransform transform;
  private final int batchSize;
  private final Map<Integer, List<NDArray>> batches = new HashMap<>();

  ImageBatches(NDManager manager, ImageSet images, ImageTransform transform, int batchSize) {
    this.manager = manager;
    this.images = images;
    this.transform = transform;
    this.batchSize = batchSize;
  }

  ImageSet images() {
    return images;
  }

  /** Returns batches {@code [N, 3, resolution, resolution]} of all images in order. */
  synchronized List<NDArray> at(int resolution) {
    return batches.computeIfAbsent(resolution, this::make);
  }

  private List<NDArray> make(int resolution) {
    List<NDArray> made = new ArrayList<>();
    for (int from = 0; from < images.size(); from += batchSize) {
      int to = Math.min(images.size(), from + batchSize);
      float[] pixels = transform.apply(images, IntStream.range(from, to).toArray(), resolution);
      made.add(
          manager
              .create(pixels)
              .reshape(to - from, ImageTransform.CHANNELS, resolution, resolution));
    }
    return made;
  }
}
