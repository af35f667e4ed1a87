package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.cli.NatTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

  @TempDir private static Path runs;
  @TempDir private Path folder;

  @BeforeAll
  static void search() {
    Outcome outcome =
        NatTest.run(
            "search", "tiny", "--quiet", "--seed", "4", "--output", run(), "-X", "iterations=1");
    assertEquals(0, outcome.code(), outcome.err());
  }

  @Test
  void fourAccuraciesStandSideBySide() throws IOException {
    String front = Files.readAllLines(Path.of(run(), "front.csv")).get(1);
    double validation = Double.parseDouble(front.substring(0, front.indexOf(',')));
    String predicted = front.substring(front.lastIndexOf(',') + 1);
    for (String format : new String[] {"onnx", "safetensors", "json"}) {
      Path file = folder.resolve("a." + format);
      Outcome outcome = export("--subnet", "1", "--format", format, "--output", file.toString());
      assertEquals(0, outcome.code(), outcome.err());
      List<String> lines = outcome.out().lines().toList();
      assertEquals("validation accuracy %", lines.get(1));
      assertEquals("predicted  inherited  recalibrated  reloaded", lines.get(2));
      String[] numbers = lines.get(3).strip().split(" +");
      assertEquals(percent(validation), numbers[2]);
      assertEquals(percent(validation), numbers[3]);
      assertEquals(predicted.isEmpty() ? "-" : percent(Double.parseDouble(predicted)), numbers[0]);
      assertTrue(lines.get(4).endsWith(": " + file), lines.get(4));
      Outcome json =
          export(
              "--subnet",
              "1",
              "--format",
              format,
              "--json",
              "--overwrite",
              "--output",
              file.toString());
      JsonObject report = JsonParser.parseString(json.out()).getAsJsonObject();
      assertEquals(validation, report.get("front_accuracy").getAsDouble());
      assertEquals(validation, report.get("recalibrated_accuracy").getAsDouble());
      assertEquals(validation, report.get("reloaded_accuracy").getAsDouble());
      assertEquals(300, report.get("images").getAsInt());
    }
  }

  @Test
  void anExportedDescriptionIsASubnetForEvaluate() throws IOException {
    Path file = folder.resolve("a.json");
    export("--subnet", "1", "--format", "json", "--output", file.toString());
    assertEquals(Files.readString(Path.of(run(), "subnets/01.json")), Files.readString(file));
    Outcome outcome =
        NatTest.run(
            "evaluate",
            "tiny",
            "--subnet",
            file.toString(),
            "--weights",
            Path.of(run(), "supernet.safetensors").toString());
    assertEquals(0, outcome.code(), outcome.err());
  }

  @Test
  void wrongInputIsNamedInOneLine() throws IOException {
    refused("missing RUN");
    refused("missing --subnet N", run());
    refused("missing --format NAME", run(), "--subnet", "1");
    refused("no format 'onx'; did you mean onnx?", run(), "--subnet", "1", "--format", "onx");
    refused("-X: a run keeps", run(), "--subnet", "1", "--format", "json", "-X", "width=1");
    refused("subnet is 0, expected 1 to", run(), "--subnet", "0", "--format", "json");
    refused("subnet is 999, expected 1 to", run(), "--subnet", "999", "--format", "json");
    refused("can't read x.json", run(), "--subnet", "x.json", "--format", "json");
    refused("no folder nosuch", "nosuch", "--subnet", "1", "--format", "json");
    refused(
        "folder %s holds no run".formatted(folder),
        folder + "",
        "--subnet",
        "1",
        "--format",
        "json");
    Path file = Files.writeString(folder.resolve("mine.onnx"), "mine");
    refused(
        file + " is there already: use --overwrite to replace it",
        run(),
        "--subnet",
        "1",
        "--format",
        "onnx",
        "--output",
        file.toString());
    assertEquals("mine", Files.readString(file));
    Path supernet = Path.of(run(), "supernet.safetensors");
    refused(
        supernet + " is a file of the run",
        run(),
        "--subnet",
        "1",
        "--format",
        "safetensors",
        "--overwrite",
        "--output",
        supernet.toString());
    Path deep = folder.resolve("none/a.onnx");
    refused(
        "can't write %s: folder %s is missing".formatted(deep, deep.getParent()),
        run(),
        "--subnet",
        "1",
        "--format",
        "onnx",
        "--output",
        deep.toString());
    refused(
        folder + " is a folder, expected a file",
        run(),
        "--subnet",
        "1",
        "--format",
        "onnx",
        "--overwrite",
        "--output",
        folder.toString());
  }

  @Test
  void aWishToStopLeavesNoFile() throws IOException {
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    Path file = folder.resolve("a.onnx");
    Outcome outcome =
        NatTest.run(
            cancellation,
            "export",
            run(),
            "--subnet",
            "1",
            "--format",
            "onnx",
            "--output",
            file.toString());
    assertEquals(130, outcome.code(), outcome.err());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  private static String run() {
    return runs.resolve("run").toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static Outcome export(String... arguments) {
    List<String> all = new ArrayList<>(List.of("export", run()));
    all.addAll(List.of(arguments));
    return NatTest.run(all.toArray(new String[0]));
  }

  private static void refused(String message, String... arguments) {
    List<String> all = new ArrayList<>(List.of("export"));
    all.addAll(List.of(arguments));
    Outcome outcome = NatTest.run(all.toArray(new String[0]));
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("error: " + message), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertEquals("", outcome.out());
  }
}
