package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.PickleBytes;
import io.github.moeanat.testing.Shared;
import io.github.moeanat.testing.TorchSave;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {

  private static final String MATRIX = "_matrix";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"supernet_pub_zip.pth", "supernet_pub_legacy.pth"})
  void filesOfPyTorchAreReadToTheBit(String name) throws IOException {
    Path golden = Shared.path("golden/w0.25");
    Weights expected = Golden.weights(golden.resolve("supernet.npz"));
    TorchCheckpoint read = TorchCheckpoint.read(golden.resolve(name));
    assertEquals(expected.names(), read.weights().names());
    assertEquals(expected.hash(), read.weights().hash());
    assertEquals(new MobileNetV3(0.25, 2, 10), read.network());
    assertEquals(475, read.entries());
    assertTrue(read.published());
    assertTrue(read.transforms());
    assertEquals(Set.of("float32", "int64"), read.types());
  }

  @ParameterizedTest
  @ValueSource(strings = {"FloatStorage", "DoubleStorage"})
  void everyFormGivesTheSameWeights(String storageClass) throws IOException {
    Weights weights = Digits.weights();
    for (boolean wrapped : new boolean[] {true, false}) {
      TorchSave save =
          new TorchSave(weights, n -> true, UnaryOperator.identity(), storageClass, wrapped);
      for (boolean legacy : new boolean[] {true, false}) {
        TorchCheckpoint read = read(save, legacy);
        assertEquals(weights.hash(), read.weights().hash());
        assertFalse(read.published());
      }
    }
  }

  @Test
  void namesOfEveryGenerationAreUnderstood() throws IOException {
    List<UnaryOperator<String>> generations =
        List.of(
            TorchSave::publishedName,
            name -> "module." + name,
            name -> "module." + TorchSave.publishedName(name),
            name -> name.replace(".conv.conv.", ".conv.").replace(".bn.bn.", ".bn."),
            name -> name.replace("classifier.linear.", "classifier.linear.linear."));
    for (UnaryOperator<String> names : generations) {
      TorchSave save = new TorchSave(Digits.weights(), n -> true, names, "FloatStorage", true);
      assertEquals(Digits.weights().hash(), read(save, false).weights().hash());
    }
  }

  @Test
  void absentKernelTransformsAreTheIdentity() throws IOException {
    TorchCheckpoint read = read(only(name -> !name.endsWith(MATRIX)), true);
    assertEquals(435, read.entries());
    assertFalse(read.transforms());
    Weights weights = read.weights();
    assertEquals(475, weights.names().size());
    for (String name : weights.names()) {
      if (name.endsWith(MATRIX)) {
        int side = weights.shape(name).get(0);
        float[] values = Golden.values(weights, name);
        for (int i = 0; i < values.length; i++) {
          assertEquals(i % (side + 1) == 0 ? 1 : 0, values[i], name);
        }
      }
    }
  }

  @Test
  void absentCountersAreZero() throws IOException {
    Weights weights = read(only(name -> !name.endsWith("num_batches_tracked")), false).weights();
    assertEquals(Digits.weights().names(), weights.names());
    assertEquals(0, weights.counter("first_conv.bn.num_batches_tracked"));
  }

  @ParameterizedTest
  @CsvSource({"HalfStorage, 11", "BFloat16Storage, 8"})
  void shorterNumbersAreWidened(String storageClass, int bits) throws IOException {
    Weights weights = Weights.initial(Digits.NETWORK, Digits.SPACE, 1);
    TorchCheckpoint read =
        read(new TorchSave(weights, n -> true, n -> n, storageClass, true), false);
    int inexact = 0;
    for (String name : weights.names()) {
      if (!weights.isCounter(name)) {
        float[] expected = Golden.values(weights, name);
        float[] actual = Golden.values(read.weights(), name);
        for (int i = 0; i < expected.length; i++) {
          // BFloat16 is cut off by the test's writer, half precision below 2^-14 has fewer bits.
          double error = Math.scalb(Math.max(Math.abs(expected[i]), Math.scalb(1, -14)), 1 - bits);
          assertEquals(expected[i], actual[i], error, name);
          inexact += expected[i] == actual[i] ? 0 : 1;
        }
      }
    }
    assertTrue(inexact > 1000);
  }

  @Test
  void halfPrecisionIsThatOfIeee() {
    int[] halves = {0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x3555};
    float[] expected = {0f, -0f, 0x1p-24f, 0x3ffp-24f, 0x1p-14f, 1f, -2f, 65504f, 0x555p-12f};
    ByteBuffer buffer = ByteBuffer.allocate(2 * halves.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : halves) {
      buffer.putShort((short) half);
    }
    for (int i = 0; i < halves.length; i++) {
      assertEquals(expected[i], TorchType.FLOAT16.floatAt(buffer, 2 * i));
    }
  }

  @Test
  void valuesInAnotherOrderAreBroughtIntoRows() {
    TorchStorage storage = new TorchStorage("0", TorchType.FLOAT32, 9);
    ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      bytes.putFloat(i);
    }
    assertArrayEquals(
        new float[] {0, 2, 4, 1, 3, 5},
        new TorchTensor(storage, 1, List.of(2, 3), List.of(1L, 2L)).floats(bytes.array()));
    assertArrayEquals(
        new float[] {0, 1, 4, 5, 2, 3, 6, 7},
        new TorchTensor(storage, 0, List.of(2, 2, 2), List.of(2L, 4L, 1L)).floats(bytes.array()));
    assertArrayEquals(
        new float[] {0, 0, 0},
        new TorchTensor(storage, 8, List.of(3), List.of(0L)).floats(bytes.array()));
  }

  @Test
  void widthsAreToldByTheChannels() throws IOException {
    for (double width : new double[] {0.25, 0.5, 0.75, 1.0, 1.2, 1.35}) {
      MobileNetV3 network = new MobileNetV3(width, 2, 3);
      Weights weights = Weights.initial(network, Digits.SPACE, 1);
      MobileNetV3 read = read(TorchSave.published(weights), false).network();
      assertEquals(3, read.classes());
      assertEquals(network.blocks(Digits.SPACE), read.blocks(Digits.SPACE));
      assertEquals(width, read.width());
    }
  }

  @Test
  void anotherNumberOfClassesGetsAFreshClassifier() throws IOException {
    TorchCheckpoint read = read(TorchSave.published(Digits.weights()), false);
    Weights fresh = read.weightsFor(7, 3);
    fresh.requireShapes(new MobileNetV3(0.25, 2, 7), Digits.SPACE);
    assertEquals(fresh.hash(), read.weightsFor(7, 3).hash());
    assertFalse(fresh.hash().equals(read.weightsFor(7, 4).hash()));
    for (String name : fresh.names()) {
      if (!name.startsWith("classifier") && !fresh.isCounter(name)) {
        assertArrayEquals(Golden.values(Digits.weights(), name), Golden.values(fresh, name), name);
      }
    }
    assertEquals(Digits.weights().hash(), read.weightsFor(10, 3).hash());
  }

  @Test
  void whatIsNoSupernetIsNamed() throws IOException {
    requireMisfit(only(name -> !name.equals("blocks.7.conv.depth_conv.bn.bn.weight")), "blocks.7");
    requireMisfit(only(name -> !name.endsWith("5to3_matrix")), "5to3_matrix");
    requireMisfit(only(name -> !name.startsWith("classifier")), "classifier.linear.weight");
    Weights weights = Digits.weights();
    UnaryOperator<String> misnamed = n -> n.replace("blocks.20.", "blocks.21.");
    requireMisfit(new TorchSave(weights, n -> true, misnamed, "FloatStorage", true), "blocks.21");
    Weights.Builder reshaped = new Weights.Builder();
    for (String name : weights.names()) {
      if (weights.isCounter(name)) {
        reshaped.putCounter(name, 1);
      } else {
        List<Integer> shape = weights.shape(name);
        boolean stem = name.equals("first_conv.conv.weight");
        reshaped.put(name, stem ? List.of(27, 8) : shape, Golden.values(weights, name));
      }
    }
    requireMisfit(
        TorchSave.published(reshaped.build()), "first_conv.conv.weight", "[27, 8]", "[8, 3, 3, 3]");
  }

  @Test
  void twoNamesForOneTensorAreRefused() throws IOException {
    Path file = folder.resolve("twice.pth");
    byte[] pickle =
        new PickleBytes()
            .orderedDict()
            .ops("(")
            .text("classifier.linear.bias")
            .tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1})
            .text("module.classifier.linear.bias")
            .tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1})
            .ops("u")
            .end();
    TorchSave.zip(file, pickle, Map.of());
    var e = assertThrows(IllegalArgumentException.class, () -> TorchCheckpoint.read(file));
    assertTrue(e.getMessage().contains("under two names"), e::getMessage);
  }

  private void requireMisfit(TorchSave save, String... parts) throws IOException {
    Path file = folder.resolve("misfit.pth");
    save.zip(file);
    var e = assertThrows(IllegalArgumentException.class, () -> TorchCheckpoint.read(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e::getMessage);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e::getMessage);
    }
  }

  private static TorchSave only(Predicate<String> kept) {
    return new TorchSave(Digits.weights(), kept, TorchSave::publishedName, "FloatStorage", true);
  }

  private TorchCheckpoint read(TorchSave save, boolean legacy) throws IOException {
    Path file = folder.resolve("supernet.pth");
    if (legacy) {
      save.legacy(file);
    } else {
      save.zip(file);
    }
    return TorchCheckpoint.read(file);
  }
}
