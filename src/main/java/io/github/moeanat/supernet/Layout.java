package io.github.moeanat.supernet;

import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.TensorShape.Role;
import java.util.ArrayList;
import java.util.List;

/** Names and shapes of all tensors of a network, in the order of OFA's state dict. */
final class Layout {

  private final List<TensorShape> tensors = new ArrayList<>();

  private Layout() {}

  /** Returns the tensors of a supernet, kernel transforms included. */
  static List<TensorShape> supernet(MobileNetV3 network, SearchSpace space) {
    return of(network, network.blocks(space), space.kernelSizes());
  }

  /** Returns the tensors of a network of fixed layers, under their names in the supernet. */
  static List<TensorShape> subnet(MobileNetV3 network, List<BlockShape> blocks) {
    return of(network, blocks, List.of());
  }

  private static List<TensorShape> of(
      MobileNetV3 network, List<BlockShape> blocks, List<Integer> kernelSizes) {
    Layout layout = new Layout();
    int stem = network.stemChannels();
    layout.filters(Names.STEM + ".conv.weight", stem, MobileNetV3.IMAGE_CHANNELS, 3);
    layout.norm(Names.STEM + ".bn", stem);
    for (BlockShape block : blocks) {
      layout.block(block, block.expanded() ? kernelSizes : List.of());
    }
    int expand = network.finalExpandChannels();
    layout.filters(Names.FINAL_EXPAND + ".conv.weight", expand, network.lastStageChannels(), 1);
    layout.norm(Names.FINAL_EXPAND + ".bn", expand);
    layout.add(Names.FEATURE_MIX, Role.POOLED, network.featureChannels(), expand, 1, 1);
    layout.add(
        Names.CLASSIFIER + ".weight", Role.LINEAR, network.classes(), network.featureChannels());
    layout.add(Names.CLASSIFIER + ".bias", Role.BIAS, network.classes());
    return List.copyOf(layout.tensors);
  }

  private void block(BlockShape block, List<Integer> kernelSizes) {
    int middle = block.middleChannels();
    if (block.expanded()) {
      filters(Names.filters(block, Names.EXPANSION), middle, block.inChannels(), 1);
      norm(Names.norm(block, Names.EXPANSION), middle);
    }
    for (int i = 0; i + 1 < kernelSizes.size(); i++) {
      int small = kernelSizes.get(i);
      String filters = Names.filters(block, Names.DEPTHWISE);
      String name = Names.transform(filters, kernelSizes.get(i + 1), small);
      add(name, Role.TRANSFORM, small * small, small * small);
    }
    filters(Names.filters(block, Names.DEPTHWISE), middle, 1, block.kernelSize());
    norm(Names.norm(block, Names.DEPTHWISE), middle);
    int squeeze = block.squeezeChannels();
    if (squeeze > 0) {
      add(Names.squeeze(block, "reduce.weight"), Role.POOLED, squeeze, middle, 1, 1);
      add(Names.squeeze(block, "reduce.bias"), Role.BIAS, squeeze);
      add(Names.squeeze(block, "expand.weight"), Role.POOLED, middle, squeeze, 1, 1);
      add(Names.squeeze(block, "expand.bias"), Role.BIAS, middle);
    }
    filters(Names.filters(block, Names.PROJECTION), block.outChannels(), middle, 1);
    norm(Names.norm(block, Names.PROJECTION), block.outChannels());
  }

  private void filters(String name, int out, int in, int side) {
    add(name, Role.FILTERS, out, in, side, side);
  }

  private void norm(String name, int channels) {
    add(name + ".weight", Role.SCALE, channels);
    add(name + ".bias", Role.BIAS, channels);
    add(name + ".running_mean", Role.MEAN, channels);
    add(name + ".running_var", Role.VARIANCE, channels);
    add(name + ".num_batches_tracked", Role.COUNTER);
  }

  private void add(String name, Role role, Integer... shape) {
    tensors.add(new TensorShape(name, role, List.of(shape)));
  }
}
