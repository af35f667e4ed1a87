package io.github.moeanat.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTensors;
import io.github.moeanat.data.ImageTransform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Images in native memory. The batches of a resolution are made once and kept as long as there is
 * room for all of them; those of further resolutions are made one at a time, anew for every use.
 */
final class ImageBatches {

  /** Bytes that the batches of all resolutions may take together. */
  static final long ROOM = 256L << 20;

  private final NDManager manager;
  private final ImageSet images;
  private final ImageTransform transform;
  private final int batchSize;
  private final Map<Integer, List<NDArray>> kept = new HashMap<>();
  private long room;

  ImageBatches(
      NDManager manager, ImageSet images, ImageTransform transform, int batchSize, long room) {
    this.manager = manager;
    this.images = images;
    this.transform = transform;
    this.batchSize = batchSize;
    this.room = room;
  }

  ImageSet images() {
    return images;
  }

  /**
   * Returns batches {@code [N, 3, resolution, resolution]} of all images in order. A batch is good
   * until the next one is asked for.
   *
   * @param scope owns the batches that are not kept
   */
  Iterable<NDArray> at(int resolution, NDManager scope) {
    List<NDArray> batches = kept(resolution);
    return batches.isEmpty()
        ? () -> ImageTensors.batches(images, batchSize, transform, resolution, scope)
        : batches;
  }

  private synchronized List<NDArray> kept(int resolution) {
    List<NDArray> batches = kept.get(resolution);
    if (batches == null) {
      batches = new ArrayList<>();
      long bytes = 4L * ImageTransform.CHANNELS * resolution * resolution * images.size();
      if (bytes <= room) {
        room -= bytes;
        for (int from = 0; from < images.size(); from += batchSize) {
          int to = Math.min(images.size(), from + batchSize);
          batches.add(ImageTensors.of(images, from, to, transform, resolution, manager));
        }
      }
      kept.put(resolution, batches);
    }
    return batches;
  }
}
