package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The forward pass of OFA's MobileNetV3, the same for a supernet and an extracted subnet: only
 * where the tensors come from and how batches are normalised differ.
 */
final class Walk {

  private static final Shape ONE = new Shape(1, 1);

  private final Tensors tensors;
  private final NDManager scope;
  private final BatchNorm norm;
  private final BiConsumer<String, NDArray> tap;
  private final NDArray three;
  private final NDArray six;
  private final NDArray sixth;

  /**
   * Creates a pass.
   *
   * @param scope owns the result; what lies between is freed layer by layer
   * @param tap is shown the output of every layer by name, before the next one consumes it
   */
  Walk(Tensors tensors, BatchNorm norm, NDManager scope, BiConsumer<String, NDArray> tap) {
    this.tensors = tensors;
    this.scope = scope;
    this.norm = norm;
    this.tap = tap;
    // Java numbers, also those given to clip, become tensors that borrow the memory of a buffer.
    // Autograd keeps the tensor, the garbage collector may take the buffer before the backward
    // pass. These own their memory.
    three = scope.full(new Shape(), 3, DataType.FLOAT32);
    six = scope.full(new Shape(), 6, DataType.FLOAT32);
    sixth = scope.full(new Shape(), 1 / 6f, DataType.FLOAT32);
  }

  /**
   * Runs the network.
   *
   * @param images {@code [N, 3, r, r]}, left as they are
   * @return logits {@code [N, classes]}
   */
  NDArray run(MobileNetV3 network, List<BlockShape> blocks, NDArray images) {
    NDArray x = PyTorch.alias(images, scope);
    for (int part = 0; part < parts(blocks); part++) {
      x = part(network, blocks, part, x);
    }
    return x;
  }

  /** Number of parts: the blocks, the stem before them, and three layers behind them. */
  static int parts(List<BlockShape> blocks) {
    return blocks.size() + 4;
  }

  /**
   * Runs one part of the network.
   *
   * @param part its number in order, from 0
   * @param x its input, which is consumed
   * @return its output, owned by the manager that owned the input
   */
  NDArray part(MobileNetV3 network, List<BlockShape> blocks, int part, NDArray x) {
    if (part == 0) {
      return step(Names.STEM, x, in -> stem(in, network));
    }
    if (part <= blocks.size()) {
      BlockShape block = blocks.get(part - 1);
      return step("block%02d".formatted(part - 1), x, in -> block(in, block));
    }
    return switch (part - blocks.size()) {
      case 1 -> step("final_expand", x, in -> finalExpand(in, network));
      case 2 -> step("feature_mix", x, in -> featureMix(in, network));
      default -> step("logits", x, in -> classify(in, network));
    };
  }

  // The layer owns its input: what autograd does not hold is freed before the next layer runs.
  private NDArray step(String name, NDArray input, UnaryOperator<NDArray> layer) {
    NDManager outer = input.getManager();
    try (NDManager inner = outer.newSubManager()) {
      input.attach(inner);
      NDArray output = layer.apply(input);
      output.attach(outer);
      tap.accept(name, output);
      return output;
    }
  }

  private NDArray stem(NDArray x, MobileNetV3 network) {
    int channels = network.stemChannels();
    NDArray filters =
        tensors.get(Names.STEM + ".conv.weight", channels, MobileNetV3.IMAGE_CHANNELS, 3, 3);
    NDArray maps = convolve(x, filters, network.stemStride(), 1, 1);
    return activate(normalise(maps, Names.STEM + ".bn"), network.outerActivation());
  }

  private NDArray block(NDArray input, BlockShape block) {
    NDArray x = input;
    int middle = block.middleChannels();
    if (block.expanded()) {
      x = pointwise(x, Names.filters(block, Names.EXPANSION), middle, block.inChannels());
      x = activate(normalise(x, Names.norm(block, Names.EXPANSION)), block.activation());
    }
    x = normalise(depthwise(x, block), Names.norm(block, Names.DEPTHWISE));
    x = activate(x, block.activation());
    if (block.squeezeChannels() > 0) {
      x = x.mul(gate(x, block));
    }
    x = pointwise(x, Names.filters(block, Names.PROJECTION), block.outChannels(), middle);
    x = normalise(x, Names.norm(block, Names.PROJECTION));
    return block.shortcut() ? x.add(input) : x;
  }

  private NDArray depthwise(NDArray x, BlockShape block) {
    int channels = block.middleChannels();
    int side = block.kernelSize();
    NDArray filters = tensors.get(Names.filters(block, Names.DEPTHWISE), channels, 1, side, side);
    // Taps further out than the map is wide only ever meet padding; PyTorch is slow on them.
    int reach = Math.toIntExact(2 * Math.max(x.getShape().get(2), x.getShape().get(3)) - 1);
    if (side > reach) {
      int cut = (side - reach) / 2;
      filters =
          PyTorch.slice(
              filters,
              new long[] {0, 0, cut, cut},
              new long[] {channels, 1, side - cut, side - cut},
              // A subnet's tensors outlive the pass.
              x.getManager());
      side = reach;
    }
    if (reach == 1) {
      // PyTorch has no fast convolution for maps of one pixel.
      return x.mul(filters.reshape(1, channels, 1, 1));
    }
    return convolve(x, filters, block.stride(), side / 2, channels);
  }

  /** Squeeze-and-excitation: one factor in [0, 1] for every image and channel. */
  private NDArray gate(NDArray x, BlockShape block) {
    int channels = block.middleChannels();
    int squeeze = block.squeezeChannels();
    NDArray pooled = x.getNDArrayInternal().globalAvgPool();
    NDArray reduced =
        linear(
            pooled,
            tensors.get(Names.squeeze(block, "reduce.weight"), squeeze, channels),
            tensors.get(Names.squeeze(block, "reduce.bias"), squeeze));
    NDArray expanded =
        linear(
            reduced.getNDArrayInternal().relu(),
            tensors.get(Names.squeeze(block, "expand.weight"), channels, squeeze),
            tensors.get(Names.squeeze(block, "expand.bias"), channels));
    return hSigmoid(expanded).reshape(x.getShape().get(0), channels, 1, 1);
  }

  private NDArray finalExpand(NDArray x, MobileNetV3 network) {
    String name = Names.FINAL_EXPAND;
    int out = network.finalExpandChannels();
    NDArray expanded = pointwise(x, name + ".conv.weight", out, network.lastStageChannels());
    return activate(normalise(expanded, name + ".bn"), network.outerActivation());
  }

  private NDArray featureMix(NDArray x, MobileNetV3 network) {
    NDArray weight =
        tensors.get(Names.FEATURE_MIX, network.featureChannels(), network.finalExpandChannels());
    NDArray mixed = linear(x.getNDArrayInternal().globalAvgPool(), weight, null);
    return activate(mixed, network.outerActivation());
  }

  private NDArray classify(NDArray x, MobileNetV3 network) {
    return linear(
        x,
        tensors.get(Names.CLASSIFIER + ".weight", network.classes(), network.featureChannels()),
        tensors.get(Names.CLASSIFIER + ".bias", network.classes()));
  }

  private NDArray pointwise(NDArray x, String name, int out, int in) {
    return convolve(x, tensors.get(name, out, in, 1, 1), 1, 0, 1);
  }

  private NDArray normalise(NDArray x, String name) {
    return norm.apply(x, tensors, name);
  }

  private static NDArray convolve(NDArray x, NDArray filters, int stride, int padding, int groups) {
    return x.getNDArrayInternal()
        .convolution(
            x, filters, null, new Shape(stride, stride), new Shape(padding, padding), ONE, groups)
        .get(0);
  }

  private static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return x.getNDArrayInternal().linear(x, weight, bias).get(0);
  }

  private NDArray activate(NDArray x, Activation activation) {
    return switch (activation) {
      case RELU -> x.getNDArrayInternal().relu();
      case H_SWISH -> x.mul(hSigmoid(x));
      case MISH -> mish(x);
    };
  }

  // DJL's own mish takes the logarithm to base 2, and of an exponential that overflows from 89 on.
  static NDArray mish(NDArray x) {
    return x.mul(x.getNDArrayInternal().softPlus().tanh());
  }

  private NDArray hSigmoid(NDArray x) {
    return x.add(three).getNDArrayInternal().relu().minimum(six).mul(sixth);
  }
}
