package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Jvm;
import io.github.moeanat.testing.PickleBytes;
import io.github.moeanat.testing.TorchSave;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  private record Outcome(int code, String out, String err) {}

  @TempDir private Path folder;

  @Test
  void aPublishedFileIsFoundWithoutItsEndingAndSaidToBeWhatItIs() throws IOException {
    Path file = folder.resolve("ofa_mbv3_d234_e346_k357_w0.25.pth");
    new TorchSave(
            Digits.weights(),
            name -> !name.endsWith("_matrix"),
            TorchSave::publishedName,
            "HalfStorage",
            true)
        .legacy(file);
    Outcome outcome = run("import", file.toString().replace(".pth", ""));
    assertEquals(0, outcome.code(), outcome.err());
    Path written = folder.resolve("ofa_mbv3_d234_e346_k357_w0.25.safetensors");
    assertEquals(
        List.of(
            "read         " + file + ": 435 tensors of float16, int64",
            "block names  as published, blocks.N.mobile_inverted_conv",
            "kernels      without transforms: the identity stands in for them",
            "width        0.25",
            "classes      10",
            "written      " + written),
        outcome.out().lines().toList());
    assertEquals(475, Safetensors.read(written).names().size());
  }

  @Test
  void anotherNumberOfClassesIsSaid() throws IOException {
    Path file = folder.resolve("supernet.pth");
    TorchSave.published(Digits.weights()).zip(file);
    Path written = folder.resolve("seven.safetensors");
    String[] command = {
      "import", file.toString(), "--output", written.toString(), "--classes", "7", "--seed", "3"
    };
    Outcome outcome = run(command);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome
            .out()
            .contains("classes      10 in the file: a fresh classifier for 7, the rest is kept\n"),
        outcome.out());
    Weights weights = Safetensors.read(written);
    weights.requireShapes(new MobileNetV3(0.25, 2, 7), Digits.SPACE);
    assertEquals(
        Digits.weights().values("blocks.3.conv.depth_conv.bn.bn.running_var"),
        weights.values("blocks.3.conv.depth_conv.bn.bn.running_var"));
    byte[] first = Files.readAllBytes(written);
    Outcome refused = run(command);
    assertEquals(2, refused.code());
    assertTrue(refused.err().startsWith("error: " + written + " is there already"), refused.err());
    List<String> again = new ArrayList<>(List.of(command));
    again.add("--overwrite");
    assertEquals(0, run(again.toArray(new String[0])).code());
    assertEquals(
        new String(first, StandardCharsets.ISO_8859_1),
        Files.readString(written, StandardCharsets.ISO_8859_1));
  }

  @Test
  void halvesAreWrittenIfTheyAreWanted() throws IOException {
    Path file = folder.resolve("supernet.pth");
    TorchSave.published(Digits.weights()).zip(file);
    Path output = folder.resolve("half.safetensors");
    Outcome outcome = run("import", file.toString(), "--half", "--output", output.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().endsWith("written      " + output + ", in 16 bits\n"), outcome.out());
    Path expected = folder.resolve("expected.safetensors");
    Safetensors.writeHalf(Digits.weights(), Map.of(), expected);
    assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(output));
    Weights.Builder large = new Weights.Builder();
    for (String name : Digits.weights().names()) {
      if (Digits.weights().isCounter(name)) {
        large.putCounter(name, 0);
      } else {
        float[] values = Golden.values(Digits.weights(), name);
        values[0] = name.equals("classifier.linear.bias") ? 1e5f : values[0];
        large.put(name, Digits.weights().shape(name), values);
      }
    }
    Files.delete(output);
    TorchSave.published(large.build()).zip(file);
    refused(
        file + ": tensor classifier.linear.bias holds 100000.0, expected finite numbers",
        "import",
        file.toString(),
        "--half",
        "--output",
        output.toString());
    assertFalse(Files.exists(output));
  }

  @Test
  void resultAsJson() throws IOException {
    Path file = folder.resolve("supernet.pth");
    TorchSave.published(Digits.weights()).zip(file);
    JsonObject json =
        JsonParser.parseString(run("import", file.toString(), "--json").out()).getAsJsonObject();
    assertEquals(475, json.get("tensors").getAsInt());
    assertEquals(0.25, json.get("width").getAsDouble());
    assertTrue(json.get("kernel_transforms").getAsBoolean());
    assertFalse(json.get("fresh_classifier").getAsBoolean());
    assertEquals(
        Digits.weights().hash(),
        Safetensors.read(Path.of(json.get("output").getAsString())).hash());
  }

  @Test
  void wrongInputIsOneLine() throws IOException {
    Path hostile = folder.resolve("hostile.pth");
    byte[] pickle = new PickleBytes().global("posix", "system").ops("(").text("id").ops("tR").end();
    TorchSave.zip(hostile, pickle, Map.of());
    refused("missing FILE", "import");
    refused("neither a file nosuch nor a file nosuch.pth", "import", "nosuch");
    refused("no file nosuch.pth", "import", "nosuch.pth");
    refused("can't read " + folder + ": it is a folder", "import", folder.toString());
    refused(hostile + " is refused: it asks for class posix.system", "import", hostile.toString());
    refused("--classes is '1', expected", "import", hostile.toString(), "--classes", "1");
    refused("unknown option '-X'", "import", hostile.toString(), "-X", "width=1.2");
    refused("--output is " + hostile, "import", hostile.toString(), "--output", hostile.toString());
    refused("--output is '', expected a file", "import", hostile.toString(), "--output", "");
    Path below = hostile.resolve("x.safetensors");
    refused(
        "can't write %s: %s is not a folder".formatted(below, hostile),
        "import",
        hostile.toString(),
        "--output",
        below.toString());
    Path deep = folder.resolve("none/x.safetensors");
    refused(
        "can't write %s: folder %s is missing".formatted(deep, deep.getParent()),
        "import",
        hostile.toString(),
        "--output",
        deep.toString());
    if (Files.exists(Path.of("/dev/null"))) {
      refused(
          "/dev/null is a device or the like",
          "import",
          hostile.toString(),
          "--overwrite",
          "--output",
          "/dev/null");
    }
    Files.write(hostile, new byte[] {1, 2, 3});
    refused(hostile + " is not a PyTorch file", "import", hostile.toString());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(hostile), files.toList());
    }
  }

  @Test
  void aPublishedSizeNeedsNoMoreThanThreeTimesTheFile() throws IOException, InterruptedException {
    Path file = folder.resolve("w1.0.pth");
    TorchSave.published(Weights.initial(new MobileNetV3(1.0, 2, 1000), Digits.SPACE, 1)).zip(file);
    long size = Files.size(file);
    assertTrue(size > 30_000_000 && size < 33_000_000, "size " + size);
    Path output = folder.resolve("output.txt");
    Process process =
        Jvm.start(
            Jvm.classPathWithout(),
            output,
            List.of("-Xmx" + 3 * size / 1024 + "k", "-XX:MaxDirectMemorySize=1m"),
            "io.github.moeanat.cli.Nat",
            "import",
            file.toString(),
            "--output",
            folder.resolve("w1.0.safetensors").toString());
    assertEquals(0, Jvm.await(process), Files.readString(output));
    assertTrue(Files.readString(output).contains("width        1.0\nclasses      1000\n"));
    assertTrue(Files.size(folder.resolve("w1.0.safetensors")) > 30_000_000);
  }

  @Test
  void hostileFilesNeedLittleMemory() throws IOException, InterruptedException {
    PickleBytes dicts = new PickleBytes().ops("}\u0094".repeat(249_000)).ops("N");
    PickleBytes entries = new PickleBytes().ops("}K\u0001K\u0002s".repeat(124_000)).ops("N");
    PickleBytes tensors = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2");
    tensors.ops("q\u0000((").text("storage").global("torch", "FloatStorage").text("0");
    tensors.text("cpu").whole(1).ops("tQ").whole(0).tuple(0, 1, 2, 3, 4, 5, 6, 7);
    tensors.tuple(1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007).ops("tq\u0001");
    tensors.ops("h\u0000h\u0001R".repeat(160_000)).ops("N");
    PickleBytes text = new PickleBytes().text("\u00e4\u20ac".repeat(800_000));
    PickleBytes claim = new PickleBytes().raw(0x8d).int64(1L << 40);
    int number = 0;
    for (PickleBytes pickle : List.of(dicts, entries, tensors, text, claim)) {
      Path file = folder.resolve("hostile%d.pth".formatted(number++));
      TorchSave.zip(file, pickle.end(), Map.of());
      Path output = folder.resolve("output.txt");
      Process process =
          Jvm.start(
              Jvm.classPathWithout(),
              output,
              List.of("-Xmx128m", "-XX:MaxDirectMemorySize=1m"),
              "io.github.moeanat.cli.Nat",
              "import",
              file.toString());
      assertEquals(2, Jvm.await(process), Files.readString(output));
      assertTrue(Files.readString(output).startsWith("error: " + file), Files.readString(output));
    }
  }

  @Test
  void problemsReadPyTorchFilesAndFreshenTheClassifier() throws IOException {
    Path file = folder.resolve("supernet.pth");
    Path subnet = folder.resolve("subnet.json");
    Files.writeString(
        subnet,
        "{\"ks\":[3,3,3,3,3,3,3,3,3,3],\"e\":[3,3,3,3,3,3,3,3,3,3],"
            + "\"d\":[2,2,2,2,2],\"r\":8,\"w\":0.25}");
    String[] command = {
      "evaluate",
      "tiny",
      "--json",
      "-X",
      "warmUp.steps=0;warmUp.largestSteps=0",
      "--subnet",
      subnet.toString(),
      "--weights",
      file.toString()
    };
    TorchSave.published(Digits.weights()).zip(file);
    Outcome kept = run(command);
    assertEquals(0, kept.code(), kept.err());
    assertFalse(kept.err().contains("drawn anew"), kept.err());
    Weights other = Weights.initial(new MobileNetV3(0.25, 2, 7), Digits.SPACE, 1);
    TorchSave.published(other).zip(file);
    Outcome fresh = run(command);
    assertEquals(0, fresh.code(), fresh.err());
    assertEquals(
        "warning: " + file + " is for other classes: the classifier is drawn anew for 10",
        fresh.err().strip());
    // Published files have no ending: the content says what they are.
    Path published = Files.copy(file, folder.resolve("ofa_mbv3_d234_e346_k357_w0.25"));
    command[command.length - 1] = published.toString();
    assertEquals(fresh.out(), run(command).out());
    command[command.length - 1] = file.toString();
    assertEquals(fresh.out(), run(command).out());
    TorchSave.published(Weights.initial(new MobileNetV3(0.5, 2, 10), Digits.SPACE, 1)).zip(file);
    refused(file + ": tensor blocks.1.conv", command);
  }

  private static void refused(String message, String... command) {
    Outcome outcome = run(command);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("error: " + message), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertEquals("", outcome.out());
  }

  private static Outcome run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = Nat.run(arguments, new Cancellation());
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
