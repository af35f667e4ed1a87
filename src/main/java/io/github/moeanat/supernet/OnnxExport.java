package io.github.moeanat.supernet;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes subnets as ONNX models: input {@code images} {@code [batch, 3, r, r]}, normalised as in
 * training, output {@code logits} {@code [batch, classes]}. Batch normalisation is folded into the
 * convolutions, with the running statistics that the subnet has, so a subnet should be recalibrated
 * first.
 */
public final class OnnxExport {

  /** Name of the model's input. */
  public static final String INPUT = "images";

  /** Name of the model's output. */
  public static final String OUTPUT = "logits";

  // The first set of operators with HardSwish, and the version of the format that came with it:
  // both are read by every runtime since 2021.
  static final int OPERATOR_SET = 14;
  static final int FORMAT_VERSION = 7;

  private static final String PRODUCER = "moea-nat";
  private static final String DOMAIN = "io.github.moeanat";

  private final Subnet subnet;
  private final OnnxGraph graph = new OnnxGraph();

  private OnnxExport(Subnet subnet) {
    this.subnet = subnet;
  }

  /**
   * Writes a model.
   *
   * @param subnet on any device
   * @param metadata what the file says of itself beside the network, by key
   */
  public static void write(Subnet subnet, Map<String, String> metadata, OutputStream stream)
      throws IOException {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName(PRODUCER)
            .setProducerVersion(version())
            .setDomain(DOMAIN)
            .setModelVersion(1)
            .setGraph(new OnnxExport(subnet).network());
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    model.build().writeTo(stream);
  }

  private static String version() {
    String version = OnnxExport.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private GraphProto network() {
    MobileNetV3 network = subnet.network();
    int side = subnet.architecture().resolution();
    OnnxGraph.Value x = graph.input(INPUT, MobileNetV3.IMAGE_CHANNELS, side);
    String filters = Names.STEM + ".conv.weight";
    OnnxGraph.Window window = new OnnxGraph.Window(3, network.stemStride(), 1);
    x = normalised("stem", x, filters, Names.STEM + ".bn", window);
    x = graph.activate(x, network.outerActivation());
    for (int i = 0; i < subnet.blocks().size(); i++) {
      x = block("block%02d".formatted(i), x, subnet.blocks().get(i));
    }
    String expand = Names.FINAL_EXPAND;
    x =
        normalised(
            "final_expand", x, expand + ".conv.weight", expand + ".bn", OnnxGraph.Window.POINT);
    x = graph.pool(graph.activate(x, network.outerActivation()));
    float[] none = new float[network.featureChannels()];
    float[] mix = subnet.values(Names.FEATURE_MIX);
    x = graph.convolve("feature_mix", x, OnnxGraph.Window.POINT, mix, none);
    x = graph.flatten(graph.activate(x, network.outerActivation()));
    x =
        graph.linear(
            OUTPUT,
            x,
            subnet.values(Names.CLASSIFIER + ".weight"),
            subnet.values(Names.CLASSIFIER + ".bias"));
    return graph.build("subnet", "MobileNetV3 subnet, " + network, x);
  }

  private OnnxGraph.Value block(String name, OnnxGraph.Value input, BlockShape block) {
    OnnxGraph.Value x = input;
    if (block.expanded()) {
      x = normalised(name + ".expand", x, block, Names.EXPANSION, OnnxGraph.Window.POINT);
      x = graph.activate(x, block.activation());
    }
    OnnxGraph.Window window =
        new OnnxGraph.Window(block.kernelSize(), block.stride(), block.middleChannels());
    x = normalised(name + ".depthwise", x, block, Names.DEPTHWISE, window);
    x = graph.activate(x, block.activation());
    if (block.squeezeChannels() > 0) {
      OnnxGraph.Value gate = pointwise(name + ".squeeze", graph.pool(x), block, "reduce");
      gate = graph.activate(gate, Activation.RELU);
      gate = graph.hardSigmoid(pointwise(name + ".excite", gate, block, "expand"));
      x = graph.multiply(name + ".gated", x, gate);
    }
    x = normalised(name + ".project", x, block, Names.PROJECTION, OnnxGraph.Window.POINT);
    return block.shortcut() ? graph.sum(name + ".sum", x, input) : x;
  }

  private OnnxGraph.Value pointwise(String name, OnnxGraph.Value x, BlockShape block, String part) {
    float[] filters = subnet.values(Names.squeeze(block, part + ".weight"));
    float[] bias = subnet.values(Names.squeeze(block, part + ".bias"));
    return graph.convolve(name, x, OnnxGraph.Window.POINT, filters, bias);
  }

  private OnnxGraph.Value normalised(
      String name, OnnxGraph.Value x, BlockShape block, String layer, OnnxGraph.Window window) {
    String filters = Names.filters(block, layer);
    return normalised(name, x, filters, Names.norm(block, layer), window);
  }

  /** Adds a convolution and the batch normalisation behind it as one convolution with bias. */
  private OnnxGraph.Value normalised(
      String name, OnnxGraph.Value x, String filters, String norm, OnnxGraph.Window window) {
    float[] folded = subnet.values(filters);
    float[] scale = subnet.values(norm + ".weight");
    float[] bias = subnet.values(norm + ".bias");
    float[] mean = subnet.values(norm + ".running_mean");
    float[] variance = subnet.values(norm + ".running_var");
    int size = folded.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      double factor = scale[channel] / Math.sqrt((double) variance[channel] + BatchNorm.EPSILON);
      for (int i = channel * size; i < (channel + 1) * size; i++) {
        folded[i] = (float) (folded[i] * factor);
      }
      bias[channel] = (float) (bias[channel] - mean[channel] * factor);
    }
    return graph.convolve(name, x, window, folded, bias);
  }
}
