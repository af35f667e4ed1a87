package io.github.moeanat.supernet;

import io.github.moeanat.space.BlockShape;

/** OFA's names. Elastic layers wrap the fixed ones, so their names repeat the last part. */
final class Names {

  static final String EXPANSION = "inverted_bottleneck";
  static final String DEPTHWISE = "depth_conv";
  static final String PROJECTION = "point_linear";
  static final String STEM = "first_conv";
  static final String FINAL_EXPAND = "final_expand_layer";
  static final String FEATURE_MIX = "feature_mix_layer.conv.weight";
  static final String CLASSIFIER = "classifier.linear";

  private Names() {}

  static String filters(BlockShape block, String layer) {
    return layer(block, layer) + (block.expanded() ? ".conv.conv.weight" : ".conv.weight");
  }

  /** The batch normalisation behind a layer, to which {@code .weight} and so on are appended. */
  static String norm(BlockShape block, String layer) {
    return layer(block, layer) + (block.expanded() ? ".bn.bn" : ".bn");
  }

  static String squeeze(BlockShape block, String part) {
    return layer(block, DEPTHWISE) + ".se.fc." + part;
  }

  /** The kernel transform that belongs to the depthwise filters of a name. */
  static String transform(String filters, int from, int to) {
    String prefix = filters.substring(0, filters.length() - "conv.weight".length());
    return prefix + from + "to" + to + "_matrix";
  }

  /** The name that the tensor has in a network of fixed layers. */
  static String fixed(String name) {
    return name.replace(".conv.conv.", ".conv.").replace(".bn.bn.", ".bn.");
  }

  private static String layer(BlockShape block, String layer) {
    return "blocks." + block.index() + ".conv." + layer;
  }
}
