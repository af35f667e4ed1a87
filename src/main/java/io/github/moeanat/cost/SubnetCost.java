package io.github.moeanat.cost;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;

/**
 * Multiply-adds and parameters of a subnet of OFA's MobileNetV3, exactly and without building it.
 *
 * @param madds multiply-adds of convolutions and linear layers for one image; batch normalisation,
 *     activations and pooling count nothing, as in OFA's counter
 * @param params trainable parameters of the extracted subnet: no running statistics, no kernel
 *     transform matrices
 */
public record SubnetCost(long madds, long params) {

  /**
   * Counts a subnet.
   *
   * @param stemStride stride of the first convolution
   * @param classes number of classes
   */
  public static SubnetCost of(Architecture architecture, int stemStride, int classes) {
    MobileNetV3 network = new MobileNetV3(architecture.width(), stemStride, classes);
    int size = strided(architecture.resolution(), stemStride);
    Counter counter = new Counter();
    counter.convolution(MobileNetV3.IMAGE_CHANNELS, network.stemChannels(), 3, size);
    for (BlockShape block : network.blocks(architecture.stages())) {
      size = counter.block(block, size);
    }
    counter.convolution(network.lastStageChannels(), network.finalExpandChannels(), 1, size);
    counter.dense(network.finalExpandChannels(), network.featureChannels(), false);
    counter.dense(network.featureChannels(), classes, true);
    return new SubnetCost(counter.madds, counter.params);
  }

  private static int strided(int size, int stride) {
    return (size + stride - 1) / stride;
  }

  private static final class Counter {
    private long madds;
    private long params;

    int block(BlockShape block, int size) {
      if (block.expanded()) {
        convolution(block.inChannels(), block.middleChannels(), 1, size);
      }
      int out = strided(size, block.stride());
      convolution(1, block.middleChannels(), block.kernelSize(), out);
      if (block.squeezeChannels() > 0) {
        dense(block.middleChannels(), block.squeezeChannels(), true);
        dense(block.squeezeChannels(), block.middleChannels(), true);
      }
      convolution(block.middleChannels(), block.outChannels(), 1, out);
      return out;
    }

    /** A convolution without bias, followed by batch normalisation. */
    void convolution(int inChannels, int outChannels, int kernelSize, int outSize) {
      long weights = (long) inChannels * outChannels * kernelSize * kernelSize;
      madds += weights * outSize * outSize;
      params += weights + 2L * outChannels;
    }

    void dense(int in, int out, boolean bias) {
      madds += (long) in * out;
      params += (long) in * out + (bias ? out : 0);
    }
  }
}
