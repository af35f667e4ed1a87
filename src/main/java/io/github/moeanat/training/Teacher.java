package io.github.moeanat.training;

import ai.djl.ndarray.NDArray;

/** A network that others learn from. */
@FunctionalInterface
public interface Teacher {

  /**
   * Judges the images of a shard. Shards may be judged at the same time, the images of one are not.
   *
   * @param shard number of the shard in its batch
   * @param images {@code [N, 3, r, r]}
   * @return logits {@code [N, classes]}, owned by the images' manager
   */
  NDArray logits(int shard, NDArray images);
}
