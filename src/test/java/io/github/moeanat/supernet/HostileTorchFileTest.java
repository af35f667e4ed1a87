package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.PickleBytes;
import io.github.moeanat.testing.TorchSave;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that want more than to be read: each is one error that names the file. */
class HostileTorchFileTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "nt, system",
    "subprocess, Popen",
    "builtins, eval",
    "builtins, exec",
    "builtins, getattr",
    "__builtin__, eval",
    "builtins, ValueError",
    "exceptions, Exception",
    "builtins, bytearray",
    "builtins, set",
    "builtins, complex",
    "array, array",
    "datetime, datetime",
    "datetime, timedelta",
    "pytz, timezone",
    "dateutil.tz, tzfile",
    "dateutil.zoneinfo, gettz",
    "decimal, Decimal",
    "copy_reg, _reconstructor",
    "operator, attrgetter",
    "_codecs, encode",
    "numpy.core.multiarray, _reconstruct",
    "torch, IntStorage",
    "torch.nn.modules.container, Sequential",
    "torch._utils, _rebuild_sparse_tensor",
    "collections, defaultdict",
    "java.lang, Runtime"
  })
  void classesAreRefusedByName(String module, String name) throws IOException {
    String global = module + "." + name;
    refused(new PickleBytes().global(module, name).ops("(").text("id").ops("tR").end(), global);
    refused(new PickleBytes().global(module, name).end(), global);
    refused(new PickleBytes().text(module).text(name).raw(0x93).ops(")R").end(), global);
    refused(
        new PickleBytes().ops("(").text("id").ops("i" + module + "\n" + name + "\n").end(), global);
    refused(
        ("c" + module + "\n" + name + "\n(S'id'\ntR.").getBytes(StandardCharsets.UTF_8), global);
    refused(("(S'id'\ni" + module + "\n" + name + "\n.").getBytes(StandardCharsets.UTF_8), global);
    // Hidden among good things.
    byte[] hidden =
        new PickleBytes()
            .ops("}")
            .text("state_dict")
            .orderedDict()
            .ops("s")
            .text("optimizer")
            .global(module, name)
            .ops(")\u0081s")
            .end();
    refused(hidden, global);
  }

  @Test
  void namesOfClassesAreShownSafely() throws IOException {
    String name = "a\u001b[31m\r" + "b".repeat(10_000);
    String message = refused(new PickleBytes().global("os", name).end(), "os.a?[31m?b");
    assertTrue(message.length() < 500, message);
  }

  @Test
  void namesOfTensorsAndStoragesAreShownSafely() throws IOException {
    for (String name : new String[] {"a\u001b[31m\nb", "b".repeat(10_000), "../x", ""}) {
      long[] one = {1};
      PickleBytes key = new PickleBytes().ops("}").text("a");
      refused(key.tensor("FloatStorage", name, 1, 0, one, one).ops("s").end(), "a storage");
    }
    for (String name : new String[] {"a\u001b[31m\nb", "b".repeat(10_000)}) {
      long[] one = {1};
      PickleBytes tensor = new PickleBytes().ops("}").text(name);
      String message =
          refused(
              tensor.tensor("FloatStorage", "0", 0, 0, new long[] {0}, one).ops("s").end(), "'");
      assertTrue(message.length() < 500, message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        'o', 0x81, 0x92, 0x82, 0x83, 0x84, 'd', 'l', '0', '1', '2', 'P', 0x8f, 0x90, 0x91, 0x96,
        0x97, 0x98, 0x8b, 0x8e, 'B', 'I', 'L', 'F', 'g', 'p', 0xff, 0
      })
  void operationsThatPyTorchDoesNotWriteAreRefused(int operation) throws IOException {
    byte[] pickle =
        new PickleBytes()
            .ops("(")
            .global("collections", "OrderedDict")
            .ops(")")
            .raw(operation)
            .end();
    refused(pickle, "operation 0x%02x".formatted(operation));
  }

  @Test
  void oversizedTextsAreRefusedBeforeTheyAreAllocated() throws IOException {
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 30, 20}) {
      refused(new PickleBytes().ops("X").int32(length).end(), "text of");
      refused(new PickleBytes().ops("T").int32(length).end(), "text of");
      refused(new PickleBytes().raw(0x8d).int64(length).end(), "text of");
    }
    refused(new PickleBytes().raw(0x8d).int64(Long.MAX_VALUE).end(), "text of");
    refused(new PickleBytes().raw(0x8d).int64(Long.MIN_VALUE).end(), "text of");
    refused(new PickleBytes().raw(0x8b).int32(Integer.MAX_VALUE).end(), "0x8b");
  }

  @Test
  void nestingAndSharingNeitherRecurseNorMultiply() throws IOException {
    // A list of lists of lists: each level holds the one before ten times.
    PickleBytes laughs = new PickleBytes().ops("]q").raw(0);
    for (int level = 1; level < 200; level++) {
      laughs.ops("](");
      for (int i = 0; i < 10; i++) {
        laughs.ops("h").raw(level - 1);
      }
      laughs.ops("eq").raw(level);
    }
    refused(laughs.end(), "no state dict");
    refused(new PickleBytes().ops("}h").raw(0).end(), "makes no sense");
    PickleBytes key =
        new PickleBytes().ops("}").ops("]".repeat(1000)).ops("a".repeat(999)).ops("Ns");
    refused(key.end(), "neither a text nor a number");
    PickleBytes own =
        new PickleBytes().ops("]q").raw(0).ops("h").raw(0).ops("a}h").raw(0).ops("Ns");
    refused(own.end(), "neither a text nor a number");
    PickleBytes deep = new PickleBytes().ops("N").ops("\u0085".repeat(400_000));
    refused(deep.end(), "no state dict");
    PickleBytes open = new PickleBytes().ops("(".repeat(400_000)).ops("N");
    refused(open.end(), "no state dict");
    PickleBytes long1 = new PickleBytes().ops("N".repeat(500_001));
    refused(long1.end(), "more than 500000 pickle operations");
    PickleBytes appends = new PickleBytes().ops("]").ops("(Ne".repeat(150_000));
    refused(appends.end(), "no state dict");
  }

  @Test
  void aListThatIsHandedOverAgainAndAgainCountsEachTime() throws IOException {
    PickleBytes pickle = new PickleBytes();
    pickle.global("collections", "OrderedDict").raw('q', 0).ops("](");
    for (int i = 0; i < 10_000; i++) {
      pickle.ops("](").whole(i).ops("Ne");
    }
    pickle.raw('e', 'q', 1).ops("(");
    for (int i = 0; i < 1_000; i++) {
      pickle.raw('h', 0, 'h', 1, 0x85, 'R');
    }
    refused(pickle.ops("t").end(), "more than 500000 pickle operations");
  }

  @Test
  void tensorsOfManyAxesAreRefused() throws IOException {
    PickleBytes pickle = new PickleBytes().ops("}").text("classifier.linear.weight");
    long[] axes = new long[1_000];
    pickle.tensor("FloatStorage", "0", 4, 0, axes, axes);
    refused(pickle.ops("s").end(), "a tensor of 1000 axes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "R",
        "t",
        "s",
        "u",
        "a",
        "e",
        "b",
        "Q",
        "q\u0000",
        "\u0085",
        "\u0087",
        "NNR",
        "NNb",
        "N)R",
        "]Q",
        "(u",
        "(Nu",
        "(t.",
        "}NNu",
        "Kx)Q",
        "\u0093",
        "h\u0007",
        "Sx\n",
        "Vx",
        "X",
        "U\u00ff",
        "\u008a\u00ff",
        "G",
        "J",
        "c",
        "cos",
        "cos\n",
        "\u0080\u0009",
        "N",
        ""
      })
  void malformedPicklesAreRefused(String operations) throws IOException {
    refused(new PickleBytes().ops(operations).end(), "hostile.pth");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0, 5, 1",
    "4, 1, 4, 1",
    "4, -1, 1, 1",
    "4, 0, -1, 1",
    "4, 0, 2, -1",
    "4, 0, 2, 4",
    "4, 9223372036854775807, 1, 1",
    "4, 0, 9223372036854775807, 1",
    "4, 0, 2147483647, 9223372036854775807",
    "-1, 0, 1, 1",
    "9223372036854775807, 0, 1, 1",
    "2147483648, 0, 1, 1",
  })
  void tensorsBeyondTheirStoragesAreRefused(long storage, long offset, long side, long stride)
      throws IOException {
    PickleBytes pickle = new PickleBytes().ops("}").text("classifier.linear.weight");
    pickle.tensor("FloatStorage", "0", storage, offset, new long[] {side}, new long[] {stride});
    refused(pickle.ops("s").end(), "hostile.pth");
  }

  @Test
  void claimsBeyondTheFileAreRefused() throws IOException {
    // One element, said to be 400 million.
    requireRefused(claim(400_000_000, 200_000_000, 1), zeros(1), "claim");
    // Repeated by a stride of zero.
    requireRefused(claim(1, 400_000_000, 0), zeros(1), "claim more than");
    requireRefused(claim(1, 1_000_000, 0), zeros(1), "claim more than");
  }

  @Test
  void storagesOfAnotherSizeAreRefused() throws IOException {
    TorchSave save = TorchSave.published(Digits.weights());
    String first = "0";
    int size = Math.toIntExact(save.storages().get(first).size());
    for (int wrong : new int[] {size - 1, size + 1, 0}) {
      Map<String, TorchSave.Storage> storages = save.storages();
      storages.put(first, zeros(wrong).get("0"));
      requireRefused(save.pickle(), storages, "storage 0 has");
    }
    Map<String, TorchSave.Storage> storages = save.storages();
    storages.remove(first);
    requireRefused(save.pickle(), storages, "storage 0 is not there");
  }

  @Test
  void storagesOfTwoKindsUnderOneKeyAreRefused() throws IOException {
    PickleBytes pickle = new PickleBytes().ops("}").text("a");
    pickle.tensor("FloatStorage", "0", 8, 0, new long[] {1}, new long[] {1}).ops("s").text("b");
    pickle.tensor("HalfStorage", "0", 8, 0, new long[] {1}, new long[] {1}).ops("s");
    refused(pickle.end(), "storage 0 is said to have");
  }

  @Test
  void valuesThatAreNotFiniteAreNamed() throws IOException {
    Weights.Builder builder = new Weights.Builder();
    Weights weights = Digits.weights();
    for (String name : weights.names()) {
      if (weights.isCounter(name)) {
        builder.putCounter(name, 0);
      } else {
        float[] values = new float[weights.values(name).remaining()];
        Arrays.fill(values, name.equals("first_conv.bn.weight") ? Float.NaN : 1);
        builder.put(name, weights.shape(name), values);
      }
    }
    Path file = folder.resolve("nan.pth");
    TorchSave.published(builder.build()).zip(file);
    var e = assertThrows(IllegalArgumentException.class, () -> TorchCheckpoint.read(file));
    assertTrue(e.getMessage().contains("nan.pth: tensor first_conv.bn.weight"), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void truncatedFilesAreRefused(boolean legacy) throws IOException {
    byte[] whole = golden(legacy);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 40; i++) {
      int length = i < 20 ? i : random.nextInt(whole.length);
      requireRefused(Arrays.copyOf(whole, length), "");
    }
    requireRefused(Arrays.copyOf(whole, whole.length - 1), "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void damageIsRefusedOrHarmless(boolean legacy) throws IOException {
    byte[] whole = golden(legacy);
    SplittableRandom random = new SplittableRandom(2);
    Path file = folder.resolve("damaged.pth");
    for (int i = 0; i < 150; i++) {
      byte[] damaged = whole.clone();
      // The pickle is at the beginning, a zip's directory at the end.
      int at = i % 2 == 0 ? random.nextInt(100_000) : whole.length - 1 - random.nextInt(60_000);
      damaged[at] = (byte) random.nextInt();
      Files.write(file, damaged);
      try {
        TorchCheckpoint.read(file);
      } catch (IOException | IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("damaged.pth"), e::getMessage);
        assertEquals(1, e.getMessage().lines().count(), e::getMessage);
      }
    }
  }

  @Test
  void zipEntriesThatLieAboutTheirSizesAreRefused() throws IOException {
    byte[] whole = golden(false);
    // Both sizes of the last storage in the directory, then the size of the pickle.
    for (String entry : new String[] {"archive/data/474", "archive/data.pkl"}) {
      byte[] lying = whole.clone();
      int at = directoryEntry(lying, entry);
      ByteBuffer directory = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
      for (int size : new int[] {0x7fffffff, 0x7ffffffe, whole.length * 2, 0}) {
        directory.putInt(at + 20, size).putInt(at + 24, size);
        requireRefused(lying, "");
        directory.putInt(at + 20, 4).putInt(at + 24, size);
        requireRefused(lying, "");
      }
    }
  }

  @Test
  void changedBytesOfAnyEntryAreNamed() throws IOException {
    byte[] whole = golden(false);
    for (int at : new int[] {1_000, whole.length / 4, whole.length / 2}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      String message = requireRefused(damaged, "hostile.pth is damaged: ");
      assertTrue(at == 1_000 || message.contains("archive/data/"), message);
    }
    whole[directoryEntry(whole, "archive/data/0") + 16] ^= 1;
    requireRefused(whole, "archive/data/0 has checksum ");
  }

  @Test
  void filesWithoutChecksumsAreRead() throws IOException {
    byte[] zip = golden(false);
    ByteBuffer.wrap(zip)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(directoryEntry(zip, "archive/data/0") + 16, 0);
    Path file = Files.write(folder.resolve("none.pth"), zip);
    assertEquals(Digits.weights().hash(), TorchCheckpoint.read(file).weights().hash());
  }

  @Test
  void picklesOfOldProtocolsAreNotSaidToBeNone() throws IOException {
    byte[] old = "L119547037146038801333356L\n.".getBytes(StandardCharsets.US_ASCII);
    requireRefused(old, "nor a pickle of protocol 2 or later");
  }

  @Test
  void compressedEntriesAreRefused() throws IOException {
    Path file = folder.resolve("hostile.pth");
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("archive/data.pkl"));
      zip.write(new byte[50_000_000]);
    }
    requireRefused(Files.readAllBytes(file), "");
  }

  @Test
  void otherFilesAreNoneOfPyTorch() throws IOException {
    requireRefused(new byte[0], "not a PyTorch file");
    requireRefused("hello".getBytes(StandardCharsets.UTF_8), "not a PyTorch file");
    requireRefused(new PickleBytes().ops("}").end(), "none of PyTorch");
    requireRefused(Files.readAllBytes(Digits.file("supernet.safetensors")), "not a PyTorch file");
    TorchSave.zip(folder.resolve("x.pth"), new byte[0], Map.of());
    requireRefused(Files.readAllBytes(folder.resolve("x.pth")), "damaged");
    var e = assertThrows(IOException.class, () -> TorchCheckpoint.read(folder));
    assertTrue(e.getMessage().endsWith("it is a folder"), e::getMessage);
  }

  /** A pickle in both forms of files; returns the last message. */
  private String refused(byte[] pickle, String part) throws IOException {
    requireRefused(pickle, Map.of(), part);
    Path file = folder.resolve("hostile.pth");
    TorchSave.legacy(file, pickle, Map.of());
    return requireRefused(Files.readAllBytes(file), part);
  }

  private void requireRefused(byte[] pickle, Map<String, TorchSave.Storage> storages, String part)
      throws IOException {
    Path file = folder.resolve("hostile.pth");
    TorchSave.zip(file, pickle, storages);
    requireRefused(Files.readAllBytes(file), part);
    TorchSave.legacy(file, pickle, storages);
    requireRefused(Files.readAllBytes(file), part);
  }

  private String requireRefused(byte[] bytes, String part) throws IOException {
    Path file = folder.resolve("hostile.pth");
    Files.write(file, bytes);
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> TorchCheckpoint.read(file)));
    assertTrue(e.getMessage().contains(file.toString()), e::getMessage);
    assertTrue(e.getMessage().contains(part), e::getMessage);
    assertEquals(1, e.getMessage().lines().count(), e::getMessage);
    return e.getMessage();
  }

  private byte[] golden(boolean legacy) throws IOException {
    Path file = folder.resolve("whole.pth");
    TorchSave save = TorchSave.published(Digits.weights());
    if (legacy) {
      save.legacy(file);
    } else {
      save.zip(file);
    }
    return Files.readAllBytes(file);
  }

  private static byte[] claim(long storage, long side, long stride) {
    PickleBytes pickle = new PickleBytes().ops("}").text("classifier.linear.weight");
    pickle.tensor("FloatStorage", "0", storage, 0, new long[] {2, side}, new long[] {0, stride});
    return pickle.ops("s").end();
  }

  private static Map<String, TorchSave.Storage> zeros(int elements) {
    Map<String, TorchSave.Storage> storages = new LinkedHashMap<>();
    storages.put(
        "0",
        new TorchSave.Storage() {
          @Override
          public long size() {
            return elements;
          }

          @Override
          public byte[] bytes() {
            return new byte[4 * elements];
          }
        });
    return storages;
  }

  private static int directoryEntry(byte[] zip, String name) {
    byte[] sought = name.getBytes(StandardCharsets.US_ASCII);
    for (int at = zip.length - sought.length; at >= 46; at--) {
      if (Arrays.equals(zip, at, at + sought.length, sought, 0, sought.length)
          && zip[at - 46] == 'P'
          && zip[at - 45] == 'K'
          && zip[at - 44] == 1) {
        return at - 46;
      }
    }
    throw new IllegalArgumentException("no entry " + name);
  }
}
