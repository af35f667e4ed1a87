package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.evaluation.Logits;
import io.github.moeanat.evaluation.ValidationPass;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.NetConfigs;
import io.github.moeanat.testing.OnnxRules;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetExportTest {

  private static final Execution EXECUTION =
      new Execution(2, "cpu", Path.of(System.getProperty("moeanat.cache")));

  private static final Map<String, String> OTHERS =
      Map.of("activation", "mish", "strides", "1,2,2,1,2");

  @TempDir private static Path runs;
  @TempDir private Path folder;
  private Path run;
  private final List<String> warnings = new ArrayList<>();

  @BeforeAll
  static void search() throws IOException {
    RunPlan plan =
        new RunPlan(
            "tiny",
            ProblemDefinition.FILES.load("tiny", OTHERS),
            "tiny",
            NatAlgorithms.FILES.load("tiny", Map.of("iterations", "2")),
            4);
    RunListener silent =
        new RunListener() {
          @Override
          public void iteration(
              IterationRecord iteration, Duration elapsed, Optional<Duration> remaining) {}

          @Override
          public void warning(String message) {}
        };
    try (RunFolder run = RunFolder.create(runs.resolve("original"))) {
      new SearchRun(plan, run, EXECUTION, Progress.NONE, silent, InstantSource.system()).run();
    }
  }

  @BeforeEach
  void copy() throws IOException {
    run = folder.resolve("run");
    try (Stream<Path> files = Files.walk(runs.resolve("original"))) {
      for (Path file : files.toList()) {
        Files.copy(file, run.resolve(runs.resolve("original").relativize(file)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "safetensors", "json"})
  void everyFormatIsReadAgainAndMeasuredTheSame(String format) throws IOException {
    List<ArchiveTable.FrontRow> front = front();
    for (int number : new int[] {1, front.size()}) {
      Path file = folder.resolve(number + "." + format);
      ExportReport report = export(String.valueOf(number)).write(format, file);
      ArchiveTable.FrontRow row = front.get(number - 1);
      assertEquals(row.architecture(), report.architecture());
      assertEquals(row.predictedAccuracy(), report.predicted());
      assertEquals(row.validationAccuracy(), report.recalibrated().share());
      assertEquals(report.recalibrated(), report.reloaded());
      assertTrue(report.difference() <= (format.equals("onnx") ? 1e-4 : 0));
      assertTrue(!report.inherited().equals(report.recalibrated()));
      assertTrue(Files.size(file) > 0);
    }
    assertEquals(List.of(), warnings);
    assertEquals(List.of("1." + format, front.size() + "." + format), files());
  }

  @Test
  void aFileSaysWhatAUserOfItMustKnow() throws IOException {
    Path onnx = folder.resolve("a.onnx");
    Path tensors = folder.resolve("a.safetensors");
    ExportReport report = export("1").write("onnx", onnx);
    export("1").write("safetensors", tensors);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(onnx));
    OnnxRules.require(model);
    Map<String, String> metadata =
        model.getMetadataPropsList().stream()
            .collect(Collectors.toMap(p -> p.getKey(), p -> p.getValue()));
    assertEquals(metadata, Safetensors.metadata(tensors));
    JsonObject architecture =
        JsonParser.parseString(metadata.get("architecture")).getAsJsonObject();
    assertEquals(report.architecture().resolution(), architecture.get("r").getAsInt());
    assertEquals("10", metadata.get("classes"));
    assertEquals("mish", metadata.get("activation"));
    assertEquals("1", metadata.get("stem_stride"));
    assertEquals("1,2,2,1,2", metadata.get("strides"));
    assertEquals("nearest", metadata.get("image_resize"));
    assertEquals("8.0", metadata.get("image_mean"));
    assertEquals("8.0", metadata.get("image_scale"));
    assertEquals(
        report.recalibrated().share(), Double.parseDouble(metadata.get("validation_accuracy")));
    assertTrue(
        Files.readString(run.resolve("run.properties")).contains(metadata.get("supernet_sha256")));
  }

  @Test
  void anySubnetOfTheSupernetIsTakenFromAFile() throws IOException {
    ProblemDefinition definition =
        ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", OTHERS));
    Architecture smallest = new ArchitectureSampler(definition.space()).smallest();
    Path json = folder.resolve("smallest.json");
    new SubnetJson(definition.space()).write(json, smallest);
    Path config = folder.resolve("net.config");
    Files.writeString(config, NetConfigs.of(smallest, definition.network(0.25)).toString());
    Path file = folder.resolve("a.onnx");
    ExportReport first = export(json.toString()).write("onnx", file);
    ExportReport second = export(config.toString()).write("onnx", file);
    assertEquals(smallest, first.architecture());
    assertEquals(first, second);
    assertTrue(first.predicted().isEmpty() && first.reported().isEmpty());
  }

  // ---- faults ----

  @Test
  void foldersAndNumbersThatAreNotThereAreNamed() throws IOException {
    int size = front().size();
    for (String number : List.of("0", "-1", String.valueOf(size + 1))) {
      refused(
          "subnet is %s, expected 1 to %d, a row of %s"
              .formatted(number, size, run.resolve("front.csv")),
          () -> export(number));
    }
    refused("can't read none.json: the file is missing", () -> export("none.json"));
    refused("no format 'onx'; did you mean onnx?", () -> export("1").write("onx", null));
    Path none = folder.resolve("none");
    refused("no folder " + none, () -> new FinishedRun(none, Map.of(), EXECUTION));
    Files.createDirectory(none);
    refused(
        "folder " + none + " holds no run: run.properties is missing",
        () -> new FinishedRun(none, Map.of(), EXECUTION));
    Files.delete(run.resolve("front.csv"));
    refused(
        "folder %s holds a run that has not finished: front.csv is missing".formatted(run),
        () -> export("1"));
  }

  @Test
  void aRunWhoseFilesDoNotFitTogetherIsRefused() throws IOException {
    Path properties = run.resolve("run.properties");
    Path supernet = run.resolve("supernet.safetensors");
    String text = Files.readString(properties);
    Files.writeString(properties, text.replaceAll("(?m)^sha256.adaptedWeights.*$", ""));
    refused(properties + ": key 'sha256.adaptedWeights' is missing", () -> exportTo("a.onnx"));
    Files.writeString(
        properties, text.replaceAll("(?m)^(sha256.adaptedWeights = ).*$", "$1" + "0".repeat(64)));
    refused(supernet + " does not hold the weights of the run", () -> exportTo("a.onnx"));
    Files.writeString(properties, text);

    byte[] bytes = Files.readAllBytes(supernet);
    Files.write(supernet, Arrays.copyOf(bytes, bytes.length - 1));
    refused(supernet + " is damaged", () -> exportTo("a.onnx"));
    bytes[bytes.length - 3] ^= 1;
    Files.write(supernet, bytes);
    refused(supernet + " does not hold the weights of the run", () -> exportTo("a.onnx"));
    Files.delete(supernet);
    refused("no weights file " + supernet, () -> exportTo("a.onnx"));

    Files.copy(
        run.resolve("subnets/02.json"),
        run.resolve("subnets/01.json"),
        StandardCopyOption.REPLACE_EXISTING);
    refused(run.resolve("subnets/01.json") + " holds another subnet than row 1", () -> export("1"));
    assertEquals(List.of(), files());
  }

  @Test
  void anAccuracyThatIsNotTheFrontsFailsOrWarns() throws IOException {
    Path front = run.resolve("front.csv");
    String text = Files.readString(front);
    List<String> lines = text.lines().toList();
    String[] cells = lines.get(1).split(",", -1);
    double accuracy = Double.parseDouble(cells[0]);
    // One image of three hundred: another machine may judge it differently.
    cells[0] = String.valueOf(accuracy + 1 / 300.0);
    Files.writeString(front, text.replace(lines.get(1), String.join(",", cells)));
    exportTo("a.safetensors");
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("the run's front says"), warnings.get(0));
    cells[0] = String.valueOf(accuracy + 0.05);
    Files.writeString(front, text.replace(lines.get(1), String.join(",", cells)));
    var error = assertThrows(IOException.class, () -> exportTo("b.safetensors"));
    assertTrue(error.getMessage().endsWith("nothing was written"), error.getMessage());
    assertEquals(List.of("a.safetensors"), files());
  }

  @Test
  void aFrontWithCellsMissingIsNamed() throws IOException {
    Path front = run.resolve("front.csv");
    Files.writeString(front, Files.readAllLines(front).get(0) + "\nx\n");
    var error = assertThrows(IOException.class, () -> export("1"));
    assertTrue(
        error.getMessage().startsWith(front + " is damaged: row 1 has 1 cells, expected "),
        error.getMessage());
  }

  @Test
  void otherDataAreToldOf() throws IOException {
    Path properties = run.resolve("run.properties");
    String text = Files.readString(properties);
    Files.writeString(properties, text.replaceAll("(?m)^(sha256.data = ).*$", "$1" + "0"));
    exportTo("a.json");
    assertEquals(List.of("the data set digits is not the one that the run had"), warnings);
  }

  @Test
  void frontsOfBeforeThePredictionsHadAColumnAreRead() throws IOException {
    Path front = run.resolve("front.csv");
    List<String> older = new ArrayList<>();
    for (String line : Files.readAllLines(front)) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      cells.remove(cells.size() - 1);
      older.add(String.join(",", cells));
    }
    Files.write(front, older);
    assertTrue(exportTo("a.json").predicted().isEmpty());
  }

  @Test
  void whatIsStoppedLeavesNothing() throws IOException {
    Progress stopping =
        (name, steps) ->
            () -> {
              if (name.equals("measuring what was written")) {
                throw new CancellationException("enough");
              }
            };
    SubnetExport export = new SubnetExport(run, Map.of(), "1", EXECUTION, stopping, warnings::add);
    assertThrows(CancellationException.class, () -> export.write("onnx", folder.resolve("a.onnx")));
    assertEquals(List.of(), files());
  }

  @Test
  void placesThatCannotBeWrittenAreNamedAndLeftAsTheyAre() throws IOException {
    Path file = folder.resolve("none/a.json");
    var error = assertThrows(IOException.class, () -> export("1").write("json", file));
    assertEquals(
        "can't write %s: folder %s is missing".formatted(file, folder.resolve("none")),
        error.getMessage());
    assertEquals(List.of(), files());
  }

  /** A format that goes wrong in some way: writes one byte, reads some function of the subnet. */
  private record Faulty(IOException onWriting, IOException onReading, UnaryOperator<NDArray> fault)
      implements ExportFormat {

    @Override
    public void write(Subnet subnet, OutputStream stream) throws IOException {
      stream.write(1);
      if (onWriting != null) {
        throw onWriting;
      }
    }

    @Override
    public Network read(Path file, Subnet original) throws IOException {
      assertEquals(1, Files.size(file));
      if (onReading != null) {
        throw onReading;
      }
      return new Network() {
        @Override
        public NDArray forward(NDArray images) {
          return fault.apply(original.forward(images, BatchNorm.RUNNING));
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void afterAFaultNothingNewIsThereAndTheOldFileStays() throws IOException {
    UnaryOperator<NDArray> none = logits -> logits;
    Map<Faulty, String> faults =
        Map.of(
            new Faulty(new IOException("No space left on device"), null, none),
            "can't write FILE: no space left on the device",
            new Faulty(null, new IOException("its metadata are odd"), none),
            "FILE was not written: the file fails on reading: its metadata are odd",
            new Faulty(null, null, logits -> logits.mul(1.001f)),
            "FILE was not written: the network read from it is another one, its logits differ by"
                + " 1.00e-03",
            new Faulty(null, null, logits -> logits.get(":, 1:")),
            "FILE was not written: the network read from it is another one",
            new Faulty(null, null, logits -> logits.mul(Float.NaN)),
            "FILE was not written: the file fails on reading: a logit is NaN");
    Weights weights = Digits.weights();
    Architecture architecture = Digits.subnets().values().iterator().next();
    try (Supernet supernet =
            new Supernet(weights, Digits.NETWORK, Digits.SPACE, PyTorch.device("cpu"));
        ValidationPass pass =
            new ValidationPass(
                supernet.device(),
                Digits.data().search(),
                Digits.TRANSFORM,
                ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", Map.of()))
                    .training()
                    .evaluation(),
                1);
        Subnet subnet = supernet.extract(architecture)) {
      Logits expected =
          pass.run(
              architecture.resolution(),
              images -> subnet.forward(images, BatchNorm.RUNNING),
              Progress.NONE);
      Path file = folder.resolve("a.onnx");
      for (boolean old : new boolean[] {false, true}) {
        if (old) {
          Files.writeString(file, "old");
        }
        for (var fault : faults.entrySet()) {
          var error =
              assertThrows(
                  IOException.class,
                  () -> export("1").write(fault.getKey(), subnet, expected, file, pass));
          String message = error.getMessage().replace(file.toString(), "FILE");
          assertTrue(message.startsWith(fault.getValue()), message);
          assertEquals(old ? List.of("a.onnx") : List.of(), files());
        }
      }
      assertEquals("old", Files.readString(file));
      export("1").write(new Faulty(null, null, none), subnet, expected, file, pass);
      assertEquals(1, Files.size(file));
    }
  }

  private SubnetExport export(String subnet) throws IOException {
    return new SubnetExport(run, Map.of(), subnet, EXECUTION, Progress.NONE, warnings::add);
  }

  private ExportReport exportTo(String name) throws IOException {
    return export("1").write(name.replaceAll(".*\\.", ""), folder.resolve(name));
  }

  private List<ArchiveTable.FrontRow> front() throws IOException {
    try (var problem =
        RunPlan.read(run.resolve("run.properties"), Map.of()).newProblem(EXECUTION)) {
      return new ArchiveTable(problem).readFront(run.resolve("front.csv"));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.equals(run))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void refused(String message, Executable executable) {
    var error = assertThrows(IllegalArgumentException.class, executable);
    assertTrue(error.getMessage().startsWith(message), error.getMessage());
  }
}
