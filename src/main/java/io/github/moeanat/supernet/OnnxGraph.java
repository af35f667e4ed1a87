package io.github.moeanat.supernet;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.moeanat.space.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An ONNX graph in the making: each method adds the nodes of one step behind those that are there,
 * so that they stand in the order of computation. All values are 32-bit floating point, their first
 * axis is the batch of any size.
 */
final class OnnxGraph {

  /** Name of the axis of images. */
  static final String BATCH = "batch";

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /**
   * A value of the graph.
   *
   * @param name its name, used once
   * @param channels its second axis
   * @param side height and width of its maps in pixels; 0 if it has no such axes
   */
  record Value(String name, int channels, int side) {

    /** Returns a value of the same shape. */
    Value named(String other) {
      return new Value(other, channels, side);
    }
  }

  /**
   * What a convolution on square maps does, padded so that stride 1 keeps their size.
   *
   * @param side of the filters
   * @param stride in pixels
   * @param groups of channels that don't see each other
   */
  record Window(int side, int stride, int groups) {

    /** One pixel, all channels. */
    static final Window POINT = new Window(1, 1, 1);
  }

  /** Adds the graph's input. */
  Value input(String name, int channels, int side) {
    Value value = new Value(name, channels, side);
    graph.addInput(info(value));
    return value;
  }

  /** Returns the graph with one of its values as output. */
  GraphProto build(String name, String description, Value output) {
    graph.setName(name).setDocString(description).addOutput(info(output));
    // What is an output is described there and nowhere else.
    for (int i = graph.getValueInfoCount() - 1; i >= 0; i--) {
      if (graph.getValueInfo(i).getName().equals(output.name())) {
        graph.removeValueInfo(i);
      }
    }
    return graph.build();
  }

  /**
   * Adds a convolution with bias.
   *
   * @param filters {@code [out, in / groups, side, side]}, row-major
   * @param bias one for each output channel
   */
  Value convolve(String name, Value x, Window window, float[] filters, float[] bias) {
    int side = window.side();
    int padding = side / 2;
    int stride = window.stride();
    int in = x.channels() / window.groups();
    return add(
        NodeProto.newBuilder()
            .setOpType("Conv")
            .addInput(x.name())
            .addInput(constant(name + ".weight", filters, bias.length, in, side, side))
            .addInput(constant(name + ".bias", bias, bias.length))
            .addAttribute(integers("dilations", 1, 1))
            .addAttribute(integer("group", window.groups()))
            .addAttribute(integers("kernel_shape", side, side))
            .addAttribute(integers("pads", padding, padding, padding, padding))
            .addAttribute(integers("strides", stride, stride)),
        new Value(name, bias.length, (x.side() + stride - 1) / stride));
  }

  /** Adds a non-linearity. Few programs know Mish itself, all know what it is made of. */
  Value activate(Value x, Activation activation) {
    return switch (activation) {
      case RELU -> unary("Relu", x.name() + ".relu", x);
      case H_SWISH -> unary("HardSwish", x.name() + ".hardswish", x);
      case MISH -> {
        Value soft = unary("Softplus", x.name() + ".softplus", x);
        Value gate = unary("Tanh", x.name() + ".tanh", soft);
        yield multiply(x.name() + ".mish", x, gate);
      }
    };
  }

  /** Adds {@code clip(x / 6 + 1 / 2, 0, 1)}. */
  Value hardSigmoid(Value x) {
    return add(
        NodeProto.newBuilder()
            .setOpType("HardSigmoid")
            .addInput(x.name())
            .addAttribute(real("alpha", 1 / 6f))
            .addAttribute(real("beta", 0.5f)),
        x.named(x.name() + ".hardsigmoid"));
  }

  /** Adds the mean over each map, which stays as a map of one pixel. */
  Value pool(Value x) {
    return add(
        NodeProto.newBuilder().setOpType("GlobalAveragePool").addInput(x.name()),
        new Value(x.name() + ".pool", x.channels(), 1));
  }

  /** Adds a product; the maps of {@code y} may have one pixel. */
  Value multiply(String name, Value x, Value y) {
    return binary("Mul", name, x, y);
  }

  Value sum(String name, Value x, Value y) {
    return binary("Add", name, x, y);
  }

  /** Makes features of maps of one pixel. */
  Value flatten(Value x) {
    return add(
        NodeProto.newBuilder()
            .setOpType("Flatten")
            .addInput(x.name())
            .addAttribute(integer("axis", 1)),
        new Value(x.name() + ".flat", x.channels(), 0));
  }

  /**
   * Adds a linear layer.
   *
   * @param weight {@code [out, in]}, row-major
   */
  Value linear(String name, Value x, float[] weight, float[] bias) {
    return add(
        NodeProto.newBuilder()
            .setOpType("Gemm")
            .addInput(x.name())
            .addInput(constant(name + ".weight", weight, bias.length, x.channels()))
            .addInput(constant(name + ".bias", bias, bias.length))
            .addAttribute(integer("transB", 1)),
        new Value(name, bias.length, 0));
  }

  private Value unary(String operator, String name, Value x) {
    return add(NodeProto.newBuilder().setOpType(operator).addInput(x.name()), x.named(name));
  }

  private Value binary(String operator, String name, Value x, Value y) {
    return add(
        NodeProto.newBuilder().setOpType(operator).addInput(x.name()).addInput(y.name()),
        x.named(name));
  }

  private Value add(NodeProto.Builder node, Value result) {
    graph.addNode(node.setName("node " + result.name()).addOutput(result.name()));
    graph.addValueInfo(info(result));
    return result;
  }

  private String constant(String name, float[] values, int... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .setRawData(ByteString.copyFrom(bytes));
    Arrays.stream(shape).forEach(tensor::addDims);
    graph.addInitializer(tensor);
    return name;
  }

  private static ValueInfoProto info(Value value) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH))
            .addDim(size(value.channels()));
    if (value.side() > 0) {
      shape.addDim(size(value.side())).addDim(size(value.side()));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(value.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorShapeProto.Dimension.Builder size(int size) {
    return TensorShapeProto.Dimension.newBuilder().setDimValue(size);
  }

  private static AttributeProto.Builder integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute;
  }

  private static AttributeProto.Builder integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value);
  }

  private static AttributeProto.Builder real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value);
  }
}
