package io.github.moeanat.space;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The sizes of OFA's MobileNetV3 (mit-han-lab/once-for-all): which channels, strides and
 * activations an architecture stands for. Stem and tail are fixed, five stages are elastic.
 *
 * @param width width multiplier
 * @param stemStride stride of the first convolution: 2 as published, 1 for small images
 * @param strides stride of the first layer of each stage, 1 or 2; the other layers have 1
 * @param classes number of classes
 * @param activations which non-linearities it has
 */
public record MobileNetV3(
    double width, int stemStride, List<Integer> strides, int classes, Activations activations)
    implements Serializable {

  /** OFA's strides of the stages. */
  public static final List<Integer> STRIDES = List.of(2, 2, 2, 1, 2);

  /** Colour channels of the input. */
  public static final int IMAGE_CHANNELS = 3;

  /** Layer slots of a stage in OFA's supernet. */
  public static final int MAX_DEPTH = 4;

  private static final int STEM_CHANNELS = 16;
  private static final int FINAL_EXPAND_CHANNELS = 960;
  private static final int FEATURE_CHANNELS = 1280;
  private static final List<Stage> STAGES =
      List.of(
          new Stage(24, Activation.RELU, false),
          new Stage(40, Activation.RELU, true),
          new Stage(80, Activation.H_SWISH, false),
          new Stage(112, Activation.H_SWISH, true),
          new Stage(160, Activation.H_SWISH, true));

  /** Which non-linearities a network has outside squeeze-and-excitation, where they are fixed. */
  public enum Activations {
    /** OFA's: ReLU in the first block and the first two stages, h-swish elsewhere. */
    DEFAULT,
    /** Mish everywhere, as in NAT-M1 to NAT-M4. */
    MISH;

    private Activation of(Activation original) {
      return this == MISH ? Activation.MISH : original;
    }
  }

  private record Stage(int channels, Activation activation, boolean squeeze) {}

  /** Copies the list and checks the numbers. */
  public MobileNetV3 {
    Requires.positive("width", width);
    Requires.inRange("stem stride", stemStride, 1, 2);
    strides = List.copyOf(strides);
    Requires.inRange("number of strides", strides.size(), STAGES.size(), STAGES.size());
    strides.forEach(stride -> Requires.inRange("stride of a stage", stride, 1, 2));
    Requires.atLeast("classes", classes, 2);
  }

  /** Creates a network with OFA's strides of the stages. */
  public MobileNetV3(double width, int stemStride, int classes, Activations activations) {
    this(width, stemStride, STRIDES, classes, activations);
  }

  /** Creates a network with OFA's strides of the stages and OFA's non-linearities. */
  public MobileNetV3(double width, int stemStride, int classes) {
    this(width, stemStride, classes, Activations.DEFAULT);
  }

  // Keys of warm-ups and measured latencies are made of this, and outlive a component at its
  // default.
  @Override
  public String toString() {
    // Put together, for a format would write other digits in other languages.
    String other = strides.equals(STRIDES) ? "" : "strides=" + strides + ", ";
    return ("MobileNetV3[width=" + width + ", stemStride=" + stemStride + ", " + other)
        + ("classes=" + classes + ", activations=" + activations + "]");
  }

  /** Non-linearity of the first convolution, the final expansion and the feature mix. */
  public Activation outerActivation() {
    return activations.of(Activation.H_SWISH);
  }

  /** Output channels of the first convolution and of the first, fixed block. */
  public int stemChannels() {
    return scaled(STEM_CHANNELS);
  }

  /** Output channels of the 1x1 convolution behind the last stage. */
  public int finalExpandChannels() {
    return scaled(FINAL_EXPAND_CHANNELS);
  }

  /** Features that the classifier sees. */
  public int featureChannels() {
    return scaled(FEATURE_CHANNELS);
  }

  /**
   * Returns the blocks that an architecture uses, the fixed first block included.
   *
   * <p>Blocks of absent layers are passed over, the others keep their numbers in the supernet.
   */
  public List<BlockShape> blocks(List<List<Layer>> stages) {
    if (stages.size() != STAGES.size()) {
      throw new IllegalArgumentException(
          "the architecture has " + stages.size() + " stages, expected " + STAGES.size());
    }
    int in = stemChannels();
    List<BlockShape> blocks = new ArrayList<>();
    blocks.add(
        new BlockShape(0, in, in, in, 3, 1, activations.of(Activation.RELU), 0, false, true));
    for (int s = 0; s < STAGES.size(); s++) {
      Stage stage = STAGES.get(s);
      int out = scaled(stage.channels());
      List<Layer> layers = stages.get(s);
      Requires.inRange("depth of stage " + (s + 1), layers.size(), 1, MAX_DEPTH);
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        int stride = i == 0 ? strides.get(s) : 1;
        int middle = divisible(in * layer.expandRatio());
        int quarter = middle / 4;
        blocks.add(
            new BlockShape(
                1 + s * MAX_DEPTH + i,
                in,
                middle,
                out,
                layer.kernelSize(),
                stride,
                activations.of(stage.activation()),
                stage.squeeze() ? divisible(quarter) : 0,
                true,
                stride == 1 && in == out));
        in = out;
      }
    }
    return blocks;
  }

  /** Returns the blocks of the largest architecture of a space: the shapes of all weights. */
  public List<BlockShape> blocks(SearchSpace space) {
    Layer largest =
        new Layer(Collections.max(space.kernelSizes()), Collections.max(space.expandRatios()));
    List<Layer> stage = Collections.nCopies(space.maxDepth(), largest);
    return blocks(Collections.nCopies(SearchSpace.STAGES, stage));
  }

  /** Output channels of the last stage. */
  public int lastStageChannels() {
    return scaled(STAGES.get(STAGES.size() - 1).channels());
  }

  private int scaled(int channels) {
    return divisible(channels * width);
  }

  // OFA's make_divisible: the nearest multiple of 8, never below 8 nor below 90 % of the value.
  private static int divisible(double channels) {
    int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
    return rounded < 0.9 * channels ? rounded + 8 : rounded;
  }
}
