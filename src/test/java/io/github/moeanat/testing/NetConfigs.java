package io.github.moeanat.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;
import java.util.Locale;

/** Networks written as OFA's {@code net.config} of 2020, which NAT's subnets have. */
public final class NetConfigs {

  private NetConfigs() {}

  /** Returns the file of a network. */
  public static JsonObject of(Architecture architecture, MobileNetV3 network) {
    JsonObject file = new JsonObject();
    file.addProperty("name", "NATNet");
    file.addProperty("img_size", architecture.resolution());
    JsonObject norm = new JsonObject();
    norm.addProperty("momentum", 0.1);
    norm.addProperty("eps", 1e-5);
    file.add("bn", norm);
    Activation outer = network.outerActivation();
    int stem = network.stemChannels();
    file.add("first_conv", convolution(3, stem, 3, network.stemStride(), true, outer));
    JsonArray blocks = new JsonArray();
    List<List<Layer>> stages = architecture.stages();
    int block = 0;
    List<BlockShape> shapes = network.blocks(stages);
    blocks.add(block(shapes.get(block++), 1));
    for (var stage : stages) {
      for (var layer : stage) {
        blocks.add(block(shapes.get(block++), layer.expandRatio()));
      }
    }
    file.add("blocks", blocks);
    int expand = network.finalExpandChannels();
    file.add(
        "final_expand_layer", convolution(network.lastStageChannels(), expand, 1, 1, true, outer));
    file.add(
        "feature_mix_layer", convolution(expand, network.featureChannels(), 1, 1, false, outer));
    JsonObject classifier = new JsonObject();
    classifier.addProperty("name", "LinearLayer");
    classifier.addProperty("in_features", network.featureChannels());
    classifier.addProperty("out_features", network.classes());
    classifier.addProperty("bias", true);
    classifier.addProperty("use_bn", false);
    classifier.add("act_func", JsonNull.INSTANCE);
    classifier.addProperty("dropout_rate", 0.2);
    classifier.addProperty("ops_order", "weight_bn_act");
    file.add("classifier", classifier);
    return file;
  }

  private static JsonObject block(BlockShape shape, int ratio) {
    JsonObject convolution = new JsonObject();
    convolution.addProperty("name", "MBInvertedConvLayer");
    convolution.addProperty("in_channels", shape.inChannels());
    convolution.addProperty("out_channels", shape.outChannels());
    convolution.addProperty("kernel_size", shape.kernelSize());
    convolution.addProperty("stride", shape.stride());
    convolution.addProperty("expand_ratio", ratio);
    if (shape.expanded()) {
      convolution.addProperty("mid_channels", shape.middleChannels());
    } else {
      convolution.add("mid_channels", JsonNull.INSTANCE);
    }
    convolution.addProperty("act_func", name(shape.activation()));
    convolution.addProperty("use_se", shape.squeezeChannels() > 0);
    JsonObject block = new JsonObject();
    block.addProperty("name", "MobileInvertedResidualBlock");
    block.add("mobile_inverted_conv", convolution);
    block.add("shortcut", JsonNull.INSTANCE);
    if (shape.shortcut()) {
      JsonObject shortcut = new JsonObject();
      shortcut.addProperty("name", "IdentityLayer");
      shortcut.addProperty("use_bn", false);
      shortcut.add("act_func", JsonNull.INSTANCE);
      block.add("shortcut", shortcut);
    }
    return block;
  }

  private static JsonObject convolution(
      int in, int out, int side, int stride, boolean norm, Activation activation) {
    JsonObject layer = new JsonObject();
    layer.addProperty("name", "ConvLayer");
    layer.addProperty("kernel_size", side);
    layer.addProperty("stride", stride);
    layer.addProperty("dilation", 1);
    layer.addProperty("groups", 1);
    layer.addProperty("bias", false);
    layer.addProperty("has_shuffle", false);
    layer.addProperty("in_channels", in);
    layer.addProperty("out_channels", out);
    layer.addProperty("use_bn", norm);
    layer.addProperty("act_func", name(activation));
    layer.addProperty("dropout_rate", 0);
    layer.addProperty("ops_order", "weight_bn_act");
    return layer;
  }

  private static String name(Activation activation) {
    return activation.name().toLowerCase(Locale.ROOT);
  }
}
