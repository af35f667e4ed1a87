package io.github.moeanat.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.BatchNorm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A network as OFA and NAT publish it in {@code net.config}: layer by layer. What such a file says
 * of training ({@code dropout_rate}, the momentum of batch normalisation) and of the origin of its
 * weights is passed over; all else must be what a {@link MobileNetV3} has there.
 *
 * @param architecture what is built
 * @param network its sizes
 */
public record NetConfig(Architecture architecture, MobileNetV3 network) {

  /** Side of the images where the file is silent, as in OFA's own code. */
  private static final int DEFAULT_SIDE = 224;

  private static final int CHANNEL_STEP = 8;
  private static final String FIRST_CONV = "first_conv";
  private static final String FINAL_EXPAND = "final_expand_layer";
  private static final String FEATURE_MIX = "feature_mix_layer";
  private static final String CLASSIFIER = "classifier";
  private static final List<String> FILE_KEYS =
      List.of(
          "name",
          "url",
          "img_size",
          "bn",
          FIRST_CONV,
          "blocks",
          FINAL_EXPAND,
          FEATURE_MIX,
          CLASSIFIER);
  private static final List<String> BLOCK_KEYS =
      List.of("name", "mobile_inverted_conv", "conv", "shortcut");
  private static final List<String> INVERTED_KEYS =
      List.of(
          "name",
          "in_channels",
          "out_channels",
          "kernel_size",
          "stride",
          "expand_ratio",
          "mid_channels",
          "act_func",
          "use_se",
          "groups");
  private static final List<String> SHORTCUT_KEYS =
      List.of(
          "name", "in_channels", "out_channels", "use_bn", "act_func", "dropout_rate", "ops_order");
  private static final List<String> CONVOLUTION_KEYS =
      List.of(
          "name",
          "kernel_size",
          "stride",
          "dilation",
          "groups",
          "bias",
          "has_shuffle",
          "use_se",
          "in_channels",
          "out_channels",
          "use_bn",
          "act_func",
          "dropout_rate",
          "ops_order");
  private static final List<String> CLASSIFIER_KEYS =
      List.of(
          "name",
          "in_features",
          "out_features",
          "bias",
          "use_bn",
          "act_func",
          "dropout_rate",
          "ops_order");
  private static final Gson GSON = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if the file can't be read or says anything that our networks
   *     can't be; the message names file, key, value and what is expected
   */
  public static NetConfig read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + file + ": " + IoReason.of(file, e), e);
    }
  }

  /**
   * Reads a text.
   *
   * @param source where the text stands, for messages
   * @throws IllegalArgumentException as for {@link #read}
   */
  public static NetConfig parse(String source, String text) {
    JsonElement json;
    try {
      json = GSON.fromJson(text, JsonElement.class);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(source + ": not JSON, expected a net.config", e);
    }
    if (json == null || !json.isJsonObject()) {
      throw new IllegalArgumentException(source + ": not a JSON object, expected a net.config");
    }
    return new Reader(source).config(new JsonPart(source, "", json.getAsJsonObject()));
  }

  /** Reads what decides the network, then requires all else to be what that network has. */
  private record Reader(String source) {

    NetConfig config(JsonPart file) {
      file.requireKeys(FILE_KEYS);
      JsonPart stem = file.part(FIRST_CONV);
      List<JsonPart> blocks = file.parts("blocks");
      List<List<JsonPart>> grouped = stages(blocks);
      if (grouped.size() != SearchSpace.STAGES) {
        throw new IllegalArgumentException(
            "%s: blocks: the architecture has %d stages, expected %d"
                .formatted(source, grouped.size(), SearchSpace.STAGES));
      }
      MobileNetV3 network =
          new MobileNetV3(
              width(file),
              stem.integer("stride", 1, 2),
              grouped.stream().map(stage -> stage.get(0).integer("stride", 1, 2)).toList(),
              file.part(CLASSIFIER).integer("out_features", 2, Integer.MAX_VALUE),
              stem.text("act_func").equals(name(Activation.MISH))
                  ? MobileNetV3.Activations.MISH
                  : MobileNetV3.Activations.DEFAULT);
      List<List<Layer>> stages =
          grouped.stream().map(stage -> stage.stream().map(Reader::layer).toList()).toList();
      List<BlockShape> shapes;
      try {
        shapes = network.blocks(stages);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(source + ": blocks: " + e.getMessage(), e);
      }
      for (int i = 0; i < shapes.size(); i++) {
        requireBlock(blocks.get(i), shapes.get(i));
      }
      requireOuterLayers(file, network);
      int side = file.has("img_size") ? file.integer("img_size", 1, 100_000) : DEFAULT_SIDE;
      return new NetConfig(new Architecture(side, network.width(), stages), network);
    }

    // The file has channels only. As they are rounded to multiples of 8, at most one width of two
    // decimals has those of the widest layer; their quotient is a width that has them in any case.
    private static double width(JsonPart file) {
      JsonPart classifier = file.part(CLASSIFIER);
      int features = classifier.integer("in_features", 1, 1_000_000);
      if (features % CHANNEL_STEP != 0) {
        throw classifier.refusal("in_features", "a multiple of " + CHANNEL_STEP);
      }
      double width = features / (double) new MobileNetV3(1, 1, 2).featureChannels();
      double rounded = Math.rint(width * 100) / 100;
      return rounded > 0 && new MobileNetV3(rounded, 1, 2).featureChannels() == features
          ? rounded
          : width;
    }

    // A stage begins where maps are halved, or where its squeezing or its number of channels is
    // another than before. Whatever its stride, one of the two is; only below width 0.17 the fifth
    // stage may have no more channels than the fourth.
    private static List<List<JsonPart>> stages(List<JsonPart> blocks) {
      List<List<JsonPart>> stages = new ArrayList<>();
      boolean squeezed = false;
      int channels = 0;
      for (int i = 1; i < blocks.size(); i++) {
        JsonPart convolution = convolution(blocks.get(i));
        boolean squeezes = convolution.flag("use_se");
        int out = convolution.integer("out_channels", 1, 1_000_000);
        if (stages.isEmpty()
            || convolution.integer("stride", 1, 2) == 2
            || squeezes != squeezed
            || out != channels) {
          stages.add(new ArrayList<>());
        }
        squeezed = squeezes;
        channels = out;
        stages.get(stages.size() - 1).add(convolution);
      }
      return stages;
    }

    private static Layer layer(JsonPart convolution) {
      int kernelSize = convolution.integer("kernel_size", 1, 99);
      if (kernelSize % 2 == 0) {
        throw convolution.refusal("kernel_size", "an odd number");
      }
      return new Layer(kernelSize, convolution.integer("expand_ratio", 2, 99));
    }

    private static JsonPart convolution(JsonPart block) {
      return block.part(block.has("conv") ? "conv" : "mobile_inverted_conv");
    }

    private static void requireBlock(JsonPart block, BlockShape shape) {
      block.requireKeys(BLOCK_KEYS);
      JsonPart convolution = convolution(block);
      convolution.requireKeys(INVERTED_KEYS);
      convolution.require("in_channels", shape.inChannels());
      convolution.require("out_channels", shape.outChannels());
      convolution.require("kernel_size", shape.kernelSize());
      convolution.require("stride", shape.stride());
      if (!shape.expanded()) {
        convolution.require("expand_ratio", 1);
      }
      // Without a number OFA multiplies and does not round.
      if (convolution.isNull("mid_channels")) {
        int ratio = convolution.integer("expand_ratio", 1, 99);
        if (ratio * shape.inChannels() != shape.middleChannels()) {
          throw convolution.refusal("mid_channels", String.valueOf(shape.middleChannels()));
        }
      } else {
        convolution.require("mid_channels", shape.middleChannels());
      }
      convolution.require("act_func", name(shape.activation()));
      convolution.require("use_se", shape.squeezeChannels() > 0);
      convolution.requireIfThere("groups", shape.middleChannels());
      requireShortcut(block, shape);
    }

    private static void requireShortcut(JsonPart block, BlockShape shape) {
      boolean there =
          !block.isNull("shortcut") && !block.part("shortcut").text("name").equals("ZeroLayer");
      if (there != shape.shortcut()) {
        throw block.refusal("shortcut", shape.shortcut() ? "an IdentityLayer" : "null");
      }
      if (there) {
        JsonPart shortcut = block.part("shortcut");
        shortcut.requireKeys(SHORTCUT_KEYS);
        shortcut.require("name", "IdentityLayer");
        shortcut.require("use_bn", false);
        shortcut.requireIfThere("act_func", "none");
      }
    }

    private static void requireOuterLayers(JsonPart file, MobileNetV3 network) {
      if (file.has("bn")) {
        JsonPart norm = file.part("bn");
        norm.requireKeys(List.of("momentum", "eps"));
        // As it is written: the nearest float is another number.
        norm.require("eps", Double.parseDouble(Float.toString(BatchNorm.EPSILON)));
      }
      JsonPart stem = file.part(FIRST_CONV);
      requireConvolution(stem, MobileNetV3.IMAGE_CHANNELS, network.stemChannels(), 3, true);
      stem.require("act_func", name(network.outerActivation()));
      JsonPart expand = file.part(FINAL_EXPAND);
      int expanded = network.finalExpandChannels();
      requireConvolution(expand, network.lastStageChannels(), expanded, 1, true);
      expand.require("stride", 1);
      expand.require("act_func", name(network.outerActivation()));
      JsonPart mix = file.part(FEATURE_MIX);
      requireConvolution(mix, expanded, network.featureChannels(), 1, false);
      mix.require("stride", 1);
      mix.require("act_func", name(network.outerActivation()));
      JsonPart classifier = file.part(CLASSIFIER);
      classifier.requireKeys(CLASSIFIER_KEYS);
      classifier.require("bias", true);
      classifier.require("use_bn", false);
      classifier.requireIfThere("act_func", "none");
    }

    private static void requireConvolution(
        JsonPart layer, int in, int out, int side, boolean norm) {
      layer.requireKeys(CONVOLUTION_KEYS);
      layer.require("in_channels", in);
      layer.require("out_channels", out);
      layer.require("kernel_size", side);
      layer.require("use_bn", norm);
      layer.requireIfThere("dilation", 1);
      layer.requireIfThere("groups", 1);
      layer.requireIfThere("bias", false);
      layer.requireIfThere("has_shuffle", false);
      layer.requireIfThere("use_se", false);
      layer.requireIfThere("ops_order", "weight_bn_act");
    }

    private static String name(Activation activation) {
      return activation.name().toLowerCase(Locale.ROOT);
    }
  }
}
