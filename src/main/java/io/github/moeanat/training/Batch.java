package io.github.moeanat.training;

/** The images of one step, at any resolution. */
interface Batch {

  /** Number of images. */
  int size();

  /** Returns one of {@code shards} consecutive parts of nearly one size. */
  Batch shard(int shard, int shards);

  /** Returns {@code [N, 3, resolution, resolution]}, row-major. */
  float[] pixels(int resolution);

  /** Returns the target distributions at a resolution, {@code [N, classes]}, row-major. */
  float[] targets(int resolution, int classes, double smoothing);
}
