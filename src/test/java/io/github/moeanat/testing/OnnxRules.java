package io.github.moeanat.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of ONNX's checker with full shape inference, for the operators that we write: versions,
 * names assigned once and before they are used, attributes of the right name and type, values that
 * fill their shapes, and for every node the shape that its operator gives. Stricter in one thing:
 * nothing may be left over.
 */
public final class OnnxRules {

  // Last operator set before 15 in which the operator changed, its number of inputs, its
  // attributes.
  private static final Map<String, Operator> OPERATORS =
      Map.of(
          "Conv",
          new Operator(
              11,
              3,
              Map.of(
                  "dilations", AttributeProto.AttributeType.INTS,
                  "group", AttributeProto.AttributeType.INT,
                  "kernel_shape", AttributeProto.AttributeType.INTS,
                  "pads", AttributeProto.AttributeType.INTS,
                  "strides", AttributeProto.AttributeType.INTS)),
          "Relu",
          new Operator(14, 1, Map.of()),
          "HardSwish",
          new Operator(14, 1, Map.of()),
          "HardSigmoid",
          new Operator(
              6,
              1,
              Map.of(
                  "alpha", AttributeProto.AttributeType.FLOAT,
                  "beta", AttributeProto.AttributeType.FLOAT)),
          "Softplus",
          new Operator(1, 1, Map.of()),
          "Tanh",
          new Operator(13, 1, Map.of()),
          "GlobalAveragePool",
          new Operator(1, 1, Map.of()),
          "Mul",
          new Operator(14, 2, Map.of()),
          "Add",
          new Operator(14, 2, Map.of()),
          "Gemm",
          new Operator(13, 3, Map.of("transB", AttributeProto.AttributeType.INT)));

  private static final Operator FLATTEN =
      new Operator(13, 1, Map.of("axis", AttributeProto.AttributeType.INT));

  private record Operator(
      int since, int inputs, Map<String, AttributeProto.AttributeType> attributes) {}

  private final GraphProto graph;
  private final Map<String, List<String>> shapes = new HashMap<>();
  private final Map<String, List<String>> described = new TreeMap<>();
  private final Set<String> used = new HashSet<>();

  private OnnxRules(GraphProto graph) {
    this.graph = graph;
  }

  /** Fails if a model breaks a rule. */
  public static void require(ModelProto model) {
    // IR versions and the operator sets that came with them: 7 with 12 to 14, 8 with 15 to 18.
    assertEquals(7, model.getIrVersion());
    assertEquals(1, model.getOpsetImportCount());
    assertEquals("", model.getOpsetImport(0).getDomain());
    assertEquals(14, model.getOpsetImport(0).getVersion());
    assertFalse(model.getProducerName().isEmpty());
    Set<String> keys = new HashSet<>();
    model.getMetadataPropsList().forEach(p -> assertTrue(keys.add(p.getKey()), p.getKey()));
    new OnnxRules(model.getGraph()).check();
  }

  private void check() {
    assertFalse(graph.getName().isEmpty());
    assertEquals(1, graph.getInputCount());
    assertEquals(1, graph.getOutputCount());
    define(graph.getInput(0).getName(), shape(graph.getInput(0)));
    for (TensorProto tensor : graph.getInitializerList()) {
      assertEquals(TensorProto.DataType.FLOAT.getNumber(), tensor.getDataType(), tensor.getName());
      long size = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
      assertEquals(size * Float.BYTES, tensor.getRawData().size(), tensor.getName());
      assertEquals(0, tensor.getFloatDataCount(), tensor.getName());
      define(tensor.getName(), tensor.getDimsList().stream().map(String::valueOf).toList());
    }
    for (ValueInfoProto value : graph.getValueInfoList()) {
      assertTrue(described.put(value.getName(), shape(value)) == null, value.getName());
    }
    String output = graph.getOutput(0).getName();
    assertFalse(described.containsKey(output), "an output is described as output only");
    described.put(output, shape(graph.getOutput(0)));
    Set<String> nodes = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      assertTrue(nodes.add(node.getName()), node.getName());
      check(node);
    }
    used.add(output);
    assertEquals(shapes.keySet(), used, "nothing is defined and not used");
    assertEquals(nodes.size(), described.size(), "every value of a node is described");
  }

  private void check(NodeProto node) {
    String type = node.getOpType();
    Operator operator = type.equals("Flatten") ? FLATTEN : OPERATORS.get(type);
    assertTrue(operator != null && operator.since() <= 14, type);
    assertEquals("", node.getDomain());
    assertEquals(operator.inputs(), node.getInputCount(), node.getName());
    assertEquals(1, node.getOutputCount(), node.getName());
    Map<String, AttributeProto> attributes = new HashMap<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      assertEquals(operator.attributes().get(attribute.getName()), attribute.getType(), type);
      assertTrue(attributes.put(attribute.getName(), attribute) == null, attribute.getName());
    }
    List<List<String>> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      assertTrue(shapes.containsKey(input), node.getName() + " uses " + input + " too early");
      used.add(input);
      inputs.add(shapes.get(input));
    }
    List<String> result =
        switch (type) {
          case "Conv" -> convolution(inputs, attributes);
          case "GlobalAveragePool" -> List.of(inputs.get(0).get(0), inputs.get(0).get(1), "1", "1");
          case "Flatten" -> flat(inputs.get(0), attributes.get("axis").getI());
          case "Gemm" -> linear(inputs, attributes.get("transB").getI());
          case "Mul", "Add" -> broadcast(inputs.get(0), inputs.get(1));
          default -> inputs.get(0);
        };
    String name = node.getOutput(0);
    assertEquals(result, described.get(name), name);
    define(name, result);
  }

  private static List<String> convolution(
      List<List<String>> inputs, Map<String, AttributeProto> attributes) {
    List<String> x = inputs.get(0);
    List<String> filters = inputs.get(1);
    int groups = (int) attributes.get("group").getI();
    assertEquals(4, x.size());
    assertEquals(4, filters.size());
    assertEquals(number(x.get(1)), number(filters.get(1)) * groups, "input channels");
    assertEquals(0, number(filters.get(0)) % groups, "output channels");
    assertEquals(List.of(filters.get(0)), inputs.get(2), "bias");
    assertEquals(List.of(1L, 1L), attributes.get("dilations").getIntsList());
    List<String> result = new ArrayList<>(List.of(x.get(0), filters.get(0)));
    for (int axis = 0; axis < 2; axis++) {
      long kernel = attributes.get("kernel_shape").getInts(axis);
      assertEquals(kernel, number(filters.get(2 + axis)));
      List<Long> pads = attributes.get("pads").getIntsList();
      long padded = number(x.get(2 + axis)) + pads.get(axis) + pads.get(axis + 2);
      result.add(String.valueOf((padded - kernel) / attributes.get("strides").getInts(axis) + 1));
    }
    return result;
  }

  private static List<String> flat(List<String> x, long axis) {
    assertEquals(1, axis);
    int features = x.stream().skip(1).mapToInt(OnnxRules::number).reduce(1, Math::multiplyExact);
    return List.of(x.get(0), String.valueOf(features));
  }

  private static List<String> linear(List<List<String>> inputs, long transposed) {
    assertEquals(1, transposed);
    assertEquals(2, inputs.get(0).size());
    assertEquals(inputs.get(0).get(1), inputs.get(1).get(1), "input features");
    assertEquals(List.of(inputs.get(1).get(0)), inputs.get(2), "bias");
    return List.of(inputs.get(0).get(0), inputs.get(1).get(0));
  }

  private static List<String> broadcast(List<String> x, List<String> y) {
    assertEquals(x.size(), y.size());
    for (int i = 0; i < x.size(); i++) {
      assertTrue(y.get(i).equals(x.get(i)) || y.get(i).equals("1"), x + " and " + y);
    }
    return x;
  }

  private void define(String name, List<String> shape) {
    assertFalse(name.isEmpty());
    assertTrue(shapes.put(name, shape) == null, name + " is assigned twice");
  }

  private static List<String> shape(ValueInfoProto value) {
    assertTrue(value.getType().hasTensorType(), value.getName());
    assertEquals(
        TensorProto.DataType.FLOAT.getNumber(), value.getType().getTensorType().getElemType());
    List<String> shape = new ArrayList<>();
    for (TensorShapeProto.Dimension axis :
        value.getType().getTensorType().getShape().getDimList()) {
      shape.add(axis.hasDimParam() ? axis.getDimParam() : String.valueOf(axis.getDimValue()));
    }
    assertEquals("batch", shape.get(0), value.getName());
    return shape;
  }

  private static int number(String axis) {
    return Integer.parseInt(axis);
  }
}
