package io.github.moeanat.supernet;

import static io.github.moeanat.testing.Golden.difference;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.OnnxRules;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {

  private static final double TOLERANCE = 1e-4;
  private static final MobileNetV3 MISH =
      new MobileNetV3(0.25, 2, 10, MobileNetV3.Activations.MISH);

  @TempDir private Path folder;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = PyTorch.newManager(PyTorch.device("cpu"));
    PyTorch.enterThread(false);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void logitsOfTrainedSubnetsAreThoseOfOfa() throws IOException {
    SearchData data = Digits.data().search();
    Map<String, NDArray> golden = Golden.npz(manager, Digits.file("logits.npz"));
    List<Architecture> subnets = new ArrayList<>(Digits.subnets().values());
    try (Supernet supernet = Digits.supernet()) {
      for (int i = 0; i < subnets.size(); i++) {
        int r = subnets.get(i).resolution();
        try (Subnet subnet = supernet.extract(subnets.get(i))) {
          subnet.recalibrate(
              List.of(
                  images(Digits.TRANSFORM.apply(data.train(), range(0, 100), r), r),
                  images(Digits.TRANSFORM.apply(data.train(), range(100, 200), r), r)));
          NDArray images = images(Digits.TRANSFORM.apply(data.validation(), range(0, 16), r), r);
          requireEqual(subnet, images, golden.get("s%02d_bncal".formatted(i)));
        }
      }
    }
  }

  @Test
  void logitsOfRandomSubnetsAreThoseOfOfa() throws IOException {
    Path set = Shared.path("golden/w0.25");
    MobileNetV3 network = new MobileNetV3(0.25, 2, 10);
    SearchSpace space = SearchSpace.nat(List.of(32, 64), List.of(0.25));
    Map<String, NDArray> golden = Golden.npz(manager, set.resolve("logits.npz"));
    List<NDArray> calibration =
        List.of(
            Golden.npy(manager, set.resolve("cal_0.npy")),
            Golden.npy(manager, set.resolve("cal_1.npy")));
    Weights weights = Golden.weights(set.resolve("supernet.npz"));
    int compared = 0;
    try (Supernet supernet = new Supernet(weights, network, space, PyTorch.device("cpu"))) {
      for (int r : new int[] {32, 64}) {
        NDArray images = Golden.npy(manager, set.resolve("x_" + r + ".npy"));
        List<Architecture> subnets = Golden.subnets(Golden.randomSet(), r);
        for (int i = 0; i < subnets.size(); i++) {
          NDArray expected = golden.get("s%02d_r%d_bncal".formatted(i, r));
          if (expected != null) {
            try (Subnet subnet = supernet.extract(subnets.get(i))) {
              subnet.recalibrate(calibration);
              requireEqual(subnet, images, expected);
              compared++;
            }
          }
        }
      }
    }
    assertTrue(compared >= 20, compared + " subnets");
  }

  @Test
  void logitsWithMishAreThoseOfTheEngine() throws IOException {
    ArchitectureSampler sampler = new ArchitectureSampler(Digits.SPACE);
    List<Architecture> some = new ArrayList<>(List.of(sampler.smallest(), sampler.largest()));
    for (int seed = 0; seed < 6; seed++) {
      some.add(sampler.sample(new SplittableRandom(seed)));
    }
    try (Supernet supernet =
        new Supernet(Digits.weights(), MISH, Digits.SPACE, PyTorch.device("cpu"))) {
      for (Architecture architecture : some) {
        try (Subnet subnet = recalibrated(supernet, architecture)) {
          NDArray images = noise(5, architecture.resolution());
          ModelProto model =
              requireEqual(subnet, images, subnet.forward(images, BatchNorm.RUNNING));
          // ReLU and h-sigmoid stay in squeeze-and-excitation, which has no h-swish.
          Set<String> operators =
              model.getGraph().getNodeList().stream()
                  .map(NodeProto::getOpType)
                  .collect(Collectors.toSet());
          assertTrue(operators.containsAll(Set.of("Softplus", "Tanh", "Relu", "HardSigmoid")));
          assertTrue(!operators.contains("HardSwish"));
        }
      }
    }
  }

  @Test
  void aWideNetworkOfManyClassesIsEqualToo() throws IOException {
    MobileNetV3 network = new MobileNetV3(1.2, 2, 1000);
    SearchSpace space = SearchSpace.nat(List.of(96), List.of(1.2));
    Weights weights = Weights.initial(network, space, 3);
    try (Supernet supernet = new Supernet(weights, network, space, PyTorch.device("cpu"));
        Subnet subnet = recalibrated(supernet, new ArchitectureSampler(space).largest())) {
      NDArray images = noise(2, 96);
      requireEqual(subnet, images, subnet.forward(images, BatchNorm.RUNNING));
    }
  }

  @Test
  void aNetworkOfOtherStridesIsEqualAndCostsWhatItsGraphDoes() throws IOException {
    ArchitectureSampler sampler = new ArchitectureSampler(Digits.SPACE);
    Architecture random = sampler.sample(new SplittableRandom(9));
    for (List<Integer> strides :
        List.of(MobileNetV3.STRIDES, List.of(1, 2, 2, 1, 2), List.of(1, 1, 2, 2, 1))) {
      MobileNetV3 network = new MobileNetV3(0.25, 2, strides, 10, MobileNetV3.Activations.DEFAULT);
      try (Supernet supernet =
          new Supernet(Digits.weights(), network, Digits.SPACE, PyTorch.device("cpu"))) {
        for (Architecture architecture : List.of(sampler.smallest(), sampler.largest(), random)) {
          try (Subnet subnet = recalibrated(supernet, architecture)) {
            NDArray images = noise(3, architecture.resolution());
            GraphProto graph =
                requireEqual(subnet, images, subnet.forward(images, BatchNorm.RUNNING)).getGraph();
            SubnetCost cost = SubnetCost.of(architecture, network);
            assertEquals(madds(graph), cost.madds(), strides.toString());
            assertEquals(params(subnet.toWeights()), cost.params(), strides.toString());
            assertEquals(
                network.blocks(architecture.stages()).stream().filter(BlockShape::shortcut).count(),
                graph.getNodeList().stream().filter(n -> n.getOpType().equals("Add")).count());
          }
        }
      }
    }
  }

  /** Multiply-adds of one image: the weights of each layer, once for each pixel that it writes. */
  private static long madds(GraphProto graph) {
    Map<String, Long> weights =
        graph.getInitializerList().stream()
            .collect(
                Collectors.toMap(
                    TensorProto::getName,
                    tensor -> tensor.getDimsList().stream().reduce(1L, Math::multiplyExact)));
    Map<String, Long> pixels =
        Stream.concat(graph.getValueInfoList().stream(), graph.getOutputList().stream())
            .collect(
                Collectors.toMap(
                    ValueInfoProto::getName,
                    value ->
                        value.getType().getTensorType().getShape().getDimList().stream()
                            .skip(2)
                            .map(TensorShapeProto.Dimension::getDimValue)
                            .reduce(1L, Math::multiplyExact)));
    return graph.getNodeList().stream()
        .filter(node -> Set.of("Conv", "Gemm").contains(node.getOpType()))
        .mapToLong(node -> weights.get(node.getInput(1)) * pixels.get(node.getOutput(0)))
        .sum();
  }

  private static long params(Weights weights) {
    return weights.names().stream()
        .filter(name -> !weights.isCounter(name) && !name.contains(".running_"))
        .mapToLong(name -> weights.values(name).remaining())
        .sum();
  }

  @Test
  void oneModelTakesBatchesOfAnySize() throws IOException {
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).largest();
    try (Supernet supernet = Digits.supernet();
        Subnet subnet = recalibrated(supernet, architecture);
        OnnxNetwork network = OnnxNetwork.read(write(subnet, Map.of()))) {
      NDArray images = noise(8, architecture.resolution());
      NDArray whole = network.forward(images);
      assertArrayEquals(new long[] {8, 10}, whole.getShape().getShape());
      NDArray one = network.forward(images.get("0:1"));
      assertArrayEquals(new long[] {1, 10}, one.getShape().getShape());
      assertTrue(difference(whole.get("0:1").toFloatArray(), one.toFloatArray()) < 1e-6);
      NDArray seven = network.forward(images.get("1:8"));
      assertArrayEquals(new long[] {7, 10}, seven.getShape().getShape());
      assertTrue(difference(whole.get("1:8").toFloatArray(), seven.toFloatArray()) < 1e-6);
      NDArray small = noise(2, 24);
      assertThrows(IllegalStateException.class, () -> network.forward(small));
    }
  }

  @Test
  void aFileIsTheSameEveryTimeAndSaysWhatItWasGiven() throws IOException {
    Map<String, String> metadata = Map.of("b", "2 \u00e9", "a", "{\"x\": 1}");
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).smallest();
    try (Supernet supernet = Digits.supernet();
        Subnet subnet = recalibrated(supernet, architecture)) {
      byte[] bytes = Files.readAllBytes(write(subnet, metadata));
      assertArrayEquals(bytes, Files.readAllBytes(write(subnet, metadata)));
      ModelProto model = ModelProto.parseFrom(bytes);
      assertEquals("moea-nat", model.getProducerName());
      assertEquals("images", model.getGraph().getInput(0).getName());
      assertEquals("logits", model.getGraph().getOutput(0).getName());
      // Nothing is left of batch normalisation: one bias for each of a block's convolutions.
      assertEquals(
          new TreeSet<>(
              Set.of(
                  "Conv",
                  "Relu",
                  "HardSwish",
                  "GlobalAveragePool",
                  "HardSigmoid",
                  "Mul",
                  "Add",
                  "Flatten",
                  "Gemm")),
          model.getGraph().getNodeList().stream()
              .map(NodeProto::getOpType)
              .collect(Collectors.toCollection(TreeSet::new)));
      try (OnnxNetwork network = OnnxNetwork.read(write(subnet, metadata))) {
        assertEquals(metadata, network.metadata());
      }
    }
  }

  @Test
  void filesThatAreNoModelsAreNamed() throws IOException {
    Path file = folder.resolve("a.onnx");
    for (byte[] bytes :
        new byte[][] {{}, {1, 2, 3}, "{\"ks\": []}".getBytes(StandardCharsets.UTF_8)}) {
      Files.write(file, bytes);
      var error = assertThrows(IOException.class, () -> OnnxNetwork.read(file));
      assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    }
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).smallest();
    try (Supernet supernet = Digits.supernet();
        Subnet subnet = supernet.extract(architecture)) {
      byte[] whole = Files.readAllBytes(write(subnet, Map.of()));
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      assertThrows(IOException.class, () -> OnnxNetwork.read(file));
    }
  }

  @Test
  void theRulesSeeFaults() throws IOException {
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).smallest();
    ModelProto model;
    try (Supernet supernet = Digits.supernet();
        Subnet subnet = supernet.extract(architecture)) {
      model = ModelProto.parseFrom(Files.readAllBytes(write(subnet, Map.of())));
    }
    OnnxRules.require(model);
    NodeProto first = model.getGraph().getNode(0);
    List<Consumer<ModelProto.Builder>> faults =
        List.of(
            m -> m.setIrVersion(0),
            m -> m.clearOpsetImport(),
            m -> m.getGraphBuilder().setNode(1, first).setNode(0, model.getGraph().getNode(1)),
            m -> m.getGraphBuilder().addNode(first),
            m -> m.getGraphBuilder().removeInitializer(0),
            m -> m.getGraphBuilder().getInitializerBuilder(0).setDims(0, 9),
            m -> m.getGraphBuilder().getNodeBuilder(0).getAttributeBuilder(0).setName("dilation"),
            m -> m.getGraphBuilder().getNodeBuilder(0).getAttributeBuilder(4).setInts(0, 3),
            m -> m.getGraphBuilder().getNodeBuilder(0).setOpType("Convolution"),
            m -> m.getGraphBuilder().removeValueInfo(3));
    for (int i = 0; i < faults.size(); i++) {
      ModelProto.Builder builder = model.toBuilder();
      faults.get(i).accept(builder);
      assertThrows(AssertionError.class, () -> OnnxRules.require(builder.build()), "fault " + i);
    }
  }

  /** Requires the engine and ONNX Runtime to give these logits, and the file to keep the rules. */
  private ModelProto requireEqual(Subnet subnet, NDArray images, NDArray expected)
      throws IOException {
    Path file = write(subnet, Map.of("name", "value"));
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    OnnxRules.require(model);
    try (OnnxNetwork network = OnnxNetwork.read(file)) {
      float[] logits = network.forward(images).toFloatArray();
      double toGolden = difference(expected.toFloatArray(), logits);
      float[] own = subnet.forward(images, BatchNorm.RUNNING).toFloatArray();
      double toEngine = difference(own, logits);
      assertTrue(
          toGolden <= TOLERANCE && toEngine <= TOLERANCE,
          () -> "%s: %s and %s".formatted(subnet.architecture(), toGolden, toEngine));
    }
    return model;
  }

  private Path write(Subnet subnet, Map<String, String> metadata) throws IOException {
    Path file = folder.resolve("subnet.onnx");
    try (OutputStream stream = Files.newOutputStream(file)) {
      OnnxExport.write(subnet, metadata, stream);
    }
    return file;
  }

  private Subnet recalibrated(Supernet supernet, Architecture architecture) {
    Subnet subnet = supernet.extract(architecture);
    subnet.recalibrate(List.of(noise(16, architecture.resolution())));
    return subnet;
  }

  private NDArray noise(int images, int side) {
    return images(Golden.noise(images * 3 * side * side), side);
  }

  private NDArray images(float[] pixels, int side) {
    return manager.create(pixels).reshape(-1, 3, side, side);
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
