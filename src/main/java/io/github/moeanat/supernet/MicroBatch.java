package io.github.moeanat.supernet;

import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;

/** How many images the fused engine runs through a network together. */
public final class MicroBatch {

  // Maps of one layer and of the next have to stay in the last cache together.
  private static final long BYTES = 16L << 20;

  private MicroBatch() {}

  /**
   * Returns the number of images whose largest map stays in the cache, at least 1.
   *
   * @param blocks of the network
   * @param resolution side of the images in pixels
   */
  public static int of(MobileNetV3 network, List<BlockShape> blocks, int resolution) {
    long side = resolution;
    long largest = MobileNetV3.IMAGE_CHANNELS * side * side;
    side = (side + network.stemStride() - 1) / network.stemStride();
    for (BlockShape block : blocks) {
      largest = Math.max(largest, block.middleChannels() * side * side);
      side = (side + block.stride() - 1) / block.stride();
    }
    return Math.toIntExact(Math.max(1, BYTES / (Float.BYTES * largest)));
  }
}
