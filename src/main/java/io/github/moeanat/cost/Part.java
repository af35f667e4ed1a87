package io.github.moeanat.cost;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A part of a network that is counted and timed as one. The parts of a network in order are its
 * first convolution, its blocks, the expansion behind them, the feature mixing behind the global
 * pooling, and the classifier.
 */
public sealed interface Part {

  /**
   * The name in a latency table, for example {@code
   * MBConv-input:112x112x16-output:56x56x24-expand:3-kernel:5-stride:2-idskip:0-se:0}.
   *
   * <p>Activations are not in it: a table belongs to networks of one kind of them. At widths up to
   * 0.11, where stages have equally many channels, blocks with ReLU and with h-swish share a name.
   */
  String key();

  /**
   * The first convolution.
   *
   * @param inSize side of the image
   * @param outSize side of the output
   * @param channels output channels
   */
  record Stem(int inSize, int outSize, int channels) implements Part {
    @Override
    public String key() {
      return "first_conv" + mapping(inSize, MobileNetV3.IMAGE_CHANNELS, outSize, channels);
    }
  }

  /**
   * An inverted residual block.
   *
   * @param shape its channels, filter and stride
   * @param inSize side of the input
   * @param outSize side of the output
   */
  record Block(BlockShape shape, int inSize, int outSize) implements Part {
    @Override
    public String key() {
      return "MBConv"
          + mapping(inSize, shape.inChannels(), outSize, shape.outChannels())
          + "-expand:"
          + shape.middleChannels() / shape.inChannels()
          + "-kernel:"
          + shape.kernelSize()
          + "-stride:"
          + shape.stride()
          + (shape.shortcut() ? "-idskip:1" : "-idskip:0")
          + (shape.squeezeChannels() > 0 ? "-se:1" : "-se:0");
    }
  }

  /**
   * The 1x1 convolution behind the last stage.
   *
   * @param size side of input and output
   * @param inChannels input channels
   * @param outChannels output channels
   */
  record FinalExpand(int size, int inChannels, int outChannels) implements Part {
    @Override
    public String key() {
      return "final_expand_layer" + mapping(size, inChannels, size, outChannels);
    }
  }

  /**
   * The mixing of the pooled channels. Latency tables leave the pooling itself out.
   *
   * @param size side of the map that is pooled
   * @param inChannels channels of that map
   * @param features output features
   */
  record FeatureMix(int size, int inChannels, int features) implements Part {
    @Override
    public String key() {
      return "feature_mix_layer" + mapping(1, inChannels, 1, features);
    }
  }

  /**
   * The last linear layer.
   *
   * @param features input features
   * @param classes number of classes
   */
  record Classifier(int features, int classes) implements Part {
    @Override
    public String key() {
      return "classifier-input:" + features + "-output:" + classes;
    }
  }

  /** Returns the parts of a subnet, of a network of its width, in order. */
  static List<Part> of(Architecture architecture, MobileNetV3 network) {
    int stemStride = network.stemStride();
    List<BlockShape> blocks = network.blocks(architecture.stages());
    List<Part> parts = new ArrayList<>(blocks.size() + 4);
    int size = strided(architecture.resolution(), stemStride);
    parts.add(new Stem(architecture.resolution(), size, network.stemChannels()));
    for (BlockShape block : blocks) {
      int out = strided(size, block.stride());
      parts.add(new Block(block, size, out));
      size = out;
    }
    int expanded = network.finalExpandChannels();
    parts.add(new FinalExpand(size, network.lastStageChannels(), expanded));
    parts.add(new FeatureMix(size, expanded, network.featureChannels()));
    parts.add(new Classifier(network.featureChannels(), network.classes()));
    return parts;
  }

  /**
   * Returns architectures that have every part of a space among them: at each width and resolution,
   * the deepest with the same layer everywhere.
   */
  static List<Architecture> covering(SearchSpace space) {
    List<Architecture> covering = new ArrayList<>();
    for (double width : space.widths()) {
      for (int resolution : space.resolutions()) {
        for (int kernel : space.kernelSizes()) {
          for (int expand : space.expandRatios()) {
            List<Layer> stage = Collections.nCopies(space.maxDepth(), new Layer(kernel, expand));
            covering.add(
                new Architecture(
                    resolution, width, Collections.nCopies(SearchSpace.STAGES, stage)));
          }
        }
      }
    }
    return covering;
  }

  private static int strided(int size, int stride) {
    return (size + stride - 1) / stride;
  }

  // A search space has thousands of parts: this is much faster than a format.
  private static String mapping(int inSize, int inChannels, int outSize, int outChannels) {
    return "-input:" + map(inSize, inChannels) + "-output:" + map(outSize, outChannels);
  }

  private static String map(int size, int channels) {
    return size + "x" + size + "x" + channels;
  }
}
