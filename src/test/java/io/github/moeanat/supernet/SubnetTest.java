package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.cost.Part;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

  private final Architecture architecture =
      new ArchitectureSampler(Digits.SPACE).sample(new SplittableRandom(4));
  private NDManager manager;
  private Supernet supernet;
  private NDArray images;

  @BeforeEach
  void open() {
    manager = PyTorch.newManager(PyTorch.device("cpu"));
    supernet = Digits.supernet();
    images = manager.create(Digits.TRANSFORM.apply(digits(), new int[] {0, 1, 2, 3}, 24));
    images = images.reshape(4, 3, 24, 24);
  }

  @AfterEach
  void close() {
    supernet.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22212", "12212", "11122"})
  void itsPartsOneAfterTheOtherAreTheWholeAndAsTheCostsDescribeThem(String digits) {
    Architecture at24 = new Architecture(24, 0.25, architecture.stages());
    List<Integer> strides = digits.chars().map(c -> c - '0').boxed().toList();
    MobileNetV3 network = new MobileNetV3(0.25, 2, strides, 10, MobileNetV3.Activations.DEFAULT);
    try (Supernet other =
            new Supernet(Digits.weights(), network, Digits.SPACE, PyTorch.device("cpu"));
        Subnet subnet = other.extract(at24);
        SubnetParts parts = subnet.parts()) {
      List<Part> described = Part.of(at24, network);
      assertEquals(described.size(), parts.size());
      NDArray x = images;
      for (int i = 0; i < parts.size(); i++) {
        Shape in = x.getShape();
        x = parts.run(i, x);
        if (described.get(i) instanceof Part.Block block) {
          int before = block.inSize();
          int behind = block.outSize();
          assertEquals(new Shape(4, block.shape().inChannels(), before, before), in);
          assertEquals(new Shape(4, block.shape().outChannels(), behind, behind), x.getShape());
        }
      }
      NDArray whole = subnet.forward(images, BatchNorm.RUNNING);
      assertEquals(whole, x);
      assertEquals(new Shape(4, 3, 24, 24), images.getShape(), "the input is left as it is");
    }
  }

  @Test
  void subnetOutlivesItsSupernet() {
    NDArray expected = supernet.forward(architecture, images, BatchNorm.RUNNING);
    try (Subnet subnet = supernet.extract(architecture)) {
      supernet.parameters().muli(Float.NaN);
      supernet.close();
      NDArray logits = subnet.forward(images, BatchNorm.RUNNING);
      assertTrue(Golden.difference(expected.toFloatArray(), logits.toFloatArray()) < 1e-5);
    }
  }

  @Test
  void recalibratingASubnetLeavesTheSupernet() {
    String before = supernet.toWeights().hash();
    try (Subnet subnet = supernet.extract(architecture)) {
      subnet.recalibrate(List.of(images));
      subnet.forward(images, BatchNorm.TRAINING);
    }
    assertEquals(before, supernet.toWeights().hash());
  }

  @Test
  void aSubnetIsMadeAgainFromItsWeights() {
    Weights weights;
    float[] expected;
    try (Subnet subnet = supernet.extract(architecture)) {
      subnet.recalibrate(List.of(images));
      weights = subnet.toWeights();
      expected = subnet.forward(images, BatchNorm.RUNNING).toFloatArray();
    }
    try (Subnet again = Subnet.of(architecture, Digits.NETWORK, weights, supernet.device())) {
      assertEquals(weights.hash(), again.toWeights().hash());
      assertArrayEquals(expected, again.forward(images, BatchNorm.RUNNING).toFloatArray());
    }
    Architecture other = new ArchitectureSampler(Digits.SPACE).largest();
    assertMisfit("blocks.", () -> Subnet.of(other, Digits.NETWORK, weights, supernet.device()));
    MobileNetV3 classes = new MobileNetV3(0.25, 2, 11);
    assertMisfit(
        "tensor classifier.linear.weight has shape [10, 320], expected [11, 320]",
        () -> Subnet.of(architecture, classes, weights, supernet.device()));
  }

  private static void assertMisfit(String part, Executable making) {
    var error = assertThrows(IllegalArgumentException.class, making);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  @Test
  void passesOnOwnWeightsBuildNoGraph() {
    PyTorch.enterThread(true);
    NDArray sum = supernet.forward(architecture, images, BatchNorm.RUNNING).sum();
    NDArray one = manager.ones(new Shape());
    assertThrows(EngineException.class, () -> PyTorch.backward(sum, one));
  }

  @Test
  void usedRunsCoverWhatGetsAGradient() {
    PyTorch.enterThread(true);
    NDArray leaf = PyTorch.alias(supernet.parameters(), manager);
    leaf.setRequiresGradient(true);
    NDArray statistics = PyTorch.alias(supernet.statistics(), manager);
    NDArray logits =
        supernet.forward(architecture, images, BatchNorm.RUNNING, leaf, statistics).square().sum();
    PyTorch.backward(logits, manager.ones(new Shape()));
    float[] gradient = leaf.getGradient().toFloatArray();
    boolean[] used = new boolean[gradient.length];
    for (Supernet.Span span : supernet.spans(List.of(architecture))) {
      Arrays.fill(used, (int) span.from(), (int) span.to(), true);
    }
    int moved = 0;
    for (int i = 0; i < gradient.length; i++) {
      assertTrue(used[i] || gradient[i] == 0, "element " + i);
      moved += gradient[i] != 0 ? 1 : 0;
    }
    assertTrue(moved > 50_000, moved + " gradients");
  }

  @Test
  void architecturesOutsideTheSupernetAreRefused() {
    Layer wide = new Layer(3, 8);
    for (Architecture outside :
        List.of(
            new Architecture(24, 0.5, architecture.stages()),
            new Architecture(24, 0.25, Collections.nCopies(5, List.of(wide, wide))),
            new Architecture(24, 0.25, Collections.nCopies(4, List.of(new Layer(3, 3)))))) {
      assertThrows(IllegalArgumentException.class, () -> supernet.extract(outside));
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledOnOs(OS.LINUX)
  void residentMemoryIsFlat(Engine.Kind engine, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        Jvm.start(
            Jvm.classPathWithout(),
            output,
            List.of("-Xmx128m"),
            "standalone.RecalibrateOften",
            engine.id());
    String text = Jvm.await(process) + " " + Files.readString(output);
    assertTrue(text.startsWith("0 "), text);
    long grown = Long.parseLong(text.replaceAll("(?s).*grown (-?\\d+).*", "$1"));
    // One subnet's weights and activations are 5 MB: three hundred of them would be 1.5 GB.
    assertTrue(grown < 100_000, grown + " kB more");
  }

  private static ImageSet digits() {
    try {
      return Digits.data().search().train();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
