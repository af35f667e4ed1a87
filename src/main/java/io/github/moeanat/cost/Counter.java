package io.github.moeanat.cost;

import io.github.moeanat.space.Activation;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;

/** Adds up the parts of one network. */
final class Counter {

  private final Activation outer;
  private long convolutions;
  private long relu;
  private long hSwish;
  private long mish;
  private long squeezeRelu;
  private long gates;
  private long rescaled;
  private long means;
  private long params;
  private long peak;

  /** Creates a counter of a network whose stem and tail have an activation. */
  Counter(Activation outer) {
    this.outer = outer;
  }

  Operations operations() {
    return new Operations(convolutions, relu, hSwish, mish, squeezeRelu, gates, rescaled, means);
  }

  long params() {
    return params;
  }

  long activationBytes() {
    return Float.BYTES * peak;
  }

  void add(Part part) {
    if (part instanceof Part.Block block) {
      block(block.shape(), block.inSize(), block.outSize());
    } else if (part instanceof Part.Stem stem) {
      int in = MobileNetV3.IMAGE_CHANNELS;
      convolution(in, stem.channels(), 3, stem.outSize());
      activate(outer, elements(stem.channels(), stem.outSize()));
      live(elements(in, stem.inSize()) + elements(stem.channels(), stem.outSize()));
    } else if (part instanceof Part.FinalExpand expand) {
      convolution(expand.inChannels(), expand.outChannels(), 1, expand.size());
      long out = elements(expand.outChannels(), expand.size());
      activate(outer, out);
      live(elements(expand.inChannels(), expand.size()) + out);
    } else if (part instanceof Part.FeatureMix mix) {
      pooling(mix.inChannels(), mix.size());
      live(elements(mix.inChannels(), mix.size()) + mix.inChannels());
      dense(mix.inChannels(), mix.features(), false);
      activate(outer, mix.features());
      live(mix.inChannels() + mix.features());
    } else if (part instanceof Part.Classifier classifier) {
      dense(classifier.features(), classifier.classes(), true);
      live(classifier.features() + classifier.classes());
    }
  }

  private void block(BlockShape block, int inSize, int outSize) {
    int middle = block.middleChannels();
    long in = elements(block.inChannels(), inSize);
    long expanded = elements(middle, inSize);
    long filtered = elements(middle, outSize);
    long kept = block.shortcut() ? in : 0;
    if (block.expanded()) {
      convolution(block.inChannels(), middle, 1, inSize);
      activate(block.activation(), expanded);
      live(in + expanded);
      live(kept + expanded + filtered);
    } else {
      // The depthwise convolution's input is the block's, so a shortcut keeps nothing more.
      live(in + filtered);
    }
    convolution(1, middle, block.kernelSize(), outSize);
    activate(block.activation(), filtered);
    int squeeze = block.squeezeChannels();
    if (squeeze > 0) {
      pooling(middle, outSize);
      dense(middle, squeeze, true);
      dense(squeeze, middle, true);
      squeezeRelu += squeeze;
      gates += middle;
      rescaled += filtered;
      live(kept + filtered + middle + squeeze);
    }
    convolution(middle, block.outChannels(), 1, outSize);
    live(kept + filtered + elements(block.outChannels(), outSize));
  }

  private void activate(Activation activation, long elements) {
    switch (activation) {
      case RELU -> relu += elements;
      case H_SWISH -> hSwish += elements;
      case MISH -> mish += elements;
      default -> throw new IllegalArgumentException("no activation " + activation);
    }
  }

  /** A convolution without bias, followed by batch normalisation. */
  private void convolution(int inChannels, int outChannels, int kernelSize, int outSize) {
    long weights = (long) inChannels * outChannels * kernelSize * kernelSize;
    convolutions += weights * outSize * outSize;
    params += weights + 2L * outChannels;
  }

  private void dense(int in, int out, boolean bias) {
    convolutions += (long) in * out;
    params += (long) in * out + (bias ? out : 0);
  }

  // The mean of every row, then the mean of those.
  private void pooling(int channels, int size) {
    means += (long) channels * size + channels;
  }

  private void live(long elements) {
    peak = Math.max(peak, elements);
  }

  private static long elements(int channels, int size) {
    return (long) channels * size * size;
  }
}
