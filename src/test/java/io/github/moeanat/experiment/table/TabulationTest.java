package io.github.moeanat.experiment.table;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.MeasurementException;
import io.github.moeanat.experiment.SubnetMeter;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TabularProblem;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.WeightsFile;
import io.github.moeanat.testing.Stopping;
import io.github.moeanat.testing.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabulationTest {

  private static final Map<String, String> REDUCED =
      Map.of(
          "kernelSizes", "5",
          "expandRatios", "3,6",
          "depths", "2",
          "layers", "alike",
          "resolutions", "8");

  @TempDir private Path folder;

  @Test
  void halfOfTheSamplesAreUniformOverMultiplyAdds() {
    ProblemDefinition definition = definition(file(Map.of()));
    TableSample sample = TableSample.of(definition, 1000, 1);
    assertEquals(1000, sample.architectures().size());
    Map<TableSample.Drawn, Long> halves =
        sample.drawn().values().stream()
            .collect(Collectors.groupingBy(drawn -> drawn, Collectors.counting()));
    assertEquals(Map.of(TableSample.Drawn.GENES, 500L, TableSample.Drawn.MADDS, 500L), halves);
    long[] madds =
        sample.drawn().entrySet().stream()
            .filter(entry -> entry.getValue() == TableSample.Drawn.MADDS)
            .mapToLong(entry -> definition.cost(entry.getKey()).madds())
            .sorted()
            .toArray();
    int[] tenths = new int[10];
    for (long value : madds) {
      tenths[(int) ((value - madds[0]) * 10 / (madds[499] - madds[0] + 1))]++;
    }
    for (int count : tenths) {
      assertEquals(50, count, 2, () -> Arrays.toString(tenths));
    }
    assertEquals(sample.drawn(), TableSample.of(definition, 1000, 1).drawn());
    assertNotEquals(sample.drawn(), TableSample.of(definition, 1000, 2).drawn());
  }

  @Test
  void tooManyArchitecturesAreRefused() {
    ProblemDefinition whole = definition(file(Map.of()));
    ProblemDefinition reduced = definition(file(REDUCED));
    assertEquals(32, TableSample.all(reduced).architectures().size());
    assertEquals(16, TableSample.of(reduced, 16, 1).architectures().size());
    String message =
        assertThrows(IllegalArgumentException.class, () -> TableSample.all(whole)).getMessage();
    assertTrue(message.contains("expected at most 50000 to measure all of them"), message);
    message =
        assertThrows(IllegalArgumentException.class, () -> TableSample.of(reduced, 17, 1))
            .getMessage();
    assertEquals(
        "--samples is 17 of the 32 architectures of NAT-packed, expected at most half; --all takes"
            + " all",
        message);
  }

  @Test
  void aTableOfAllIsWhatTheProblemMeasures() throws IOException {
    Path table = folder.resolve("all.csv.gz");
    Tabulation.Result result =
        tabulation(file(REDUCED), 2, new TabulationSettings(true, 2))
            .write(
                TableSample.all(definition(file(REDUCED))),
                table,
                List.of("command: x"),
                Progress.NONE);
    assertEquals(32, result.rows());
    assertFalse(Files.exists(Tabulation.unfinished(table)));
    TabularProblem problem = problem(keys(table.toString()));
    assertEquals(result.comments(), problem.comments());
    assertTrue(problem.comments().contains("command: x"));
    assertTrue(
        problem.comments().get(problem.comments().size() - 1).startsWith("noise: the error"));
    try (NatProblem supernet = new NatProblem(definition(file(REDUCED)), execution(1))) {
      var solutions = problem.measured();
      for (int i = 0; i < solutions.size(); i += 9) {
        var measured = supernet.newSolution();
        for (int gene = 0; gene < measured.getNumberOfVariables(); gene++) {
          measured.setVariable(gene, solutions.get(i).getVariable(gene).copy());
        }
        supernet.evaluate(measured);
        assertEquals(measured.getObjectiveValue(0), solutions.get(i).getObjectiveValue(0));
        assertEquals(measured.getObjectiveValue(1), solutions.get(i).getObjectiveValue(1), 1e-12);
      }
    }
  }

  @Test
  void workersDoNotMatterAndStoppedWorkGoesOn() throws IOException {
    TabulationSettings settings = new TabulationSettings(false, 0);
    PropertyFile file = file(Map.of());
    TableSample sample = TableSample.of(definition(file), 24, 3);
    Path one = folder.resolve("one.csv");
    Path two = folder.resolve("two.csv");
    tabulation(file, 1, settings).write(sample, one, List.of(), Progress.NONE);
    assertThrows(
        CancellationException.class,
        () ->
            tabulation(file, 2, settings)
                .write(sample, two, List.of(), Stopping.after(19, "measuring subnets"::equals)));
    Path part = Tabulation.unfinished(two);
    assertEquals(16, rows(part).size(), "a chunk of eight for each worker");
    // What a kill leaves: a row without its end.
    Files.writeString(part, rows(one).get(16).substring(0, 30), StandardOpenOption.APPEND);
    tabulation(file, 1, settings).write(sample, two, List.of(), Progress.NONE);
    assertEquals(-1, Files.mismatch(one, two));
    assertFalse(Files.exists(part));
  }

  @Test
  void anUnfinishedTableOfSomethingElseIsRefused() throws IOException {
    TabulationSettings settings = new TabulationSettings(false, 0);
    PropertyFile file = file(Map.of());
    TableSample sample = TableSample.of(definition(file), 12, 3);
    Path table = folder.resolve("table.csv");
    Path part = Tabulation.unfinished(table);
    assertThrows(
        CancellationException.class,
        () ->
            tabulation(file, 1, settings)
                .write(
                    sample,
                    table,
                    List.of("by a"),
                    Stopping.after(10, "measuring subnets"::equals)));
    assertRefused("line 4 is '# by a', now '# by b'", file, settings, table, "by b");
    try (UnfinishedTable held = UnfinishedTable.open(part)) {
      assertRefused("is being written by another process", file, settings, table, "by a");
    }
    String whole = Files.readString(part);
    String row = rows(part).get(7);
    Files.writeString(part, whole.replace(row, row.replaceAll("[^,]*$", "1.5")));
    assertRefused("is not the row that was written", file, settings, table, "by a");
    Files.writeString(part, whole.replace(row + "\n", row + "\n" + row + "\n"));
    assertRefused("is not the row that was written", file, settings, table, "by a");
    Files.writeString(part, whole);
    assertEquals(
        12,
        tabulation(file, 1, settings).write(sample, table, List.of("by a"), Progress.NONE).rows());
    Tabulation same = tabulation(file, 1, settings);
    assertDoesNotThrow(() -> same.requireSame(sample, table, List.of("by a"), Progress.NONE));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> same.requireSame(sample, table, List.of("by b"), Progress.NONE))
            .getMessage();
    assertTrue(message.startsWith(table + ": line 4 is 'by a', now 'by b'"), message);
  }

  @Test
  void workIsUnfinishedFromItsBeginning() throws IOException {
    TabulationSettings settings = new TabulationSettings(true, 0);
    PropertyFile file = file(Map.of());
    TableSample sample = TableSample.of(definition(file), 6, 3);
    Path table = folder.resolve("early.csv");
    Path part = Tabulation.unfinished(table);
    Files.createFile(part);
    // Killed while the head was written, then asked to stop within the second chunk's test images.
    tabulation(file, 1, settings).write(sample, table, List.of(), Progress.NONE);
    String whole = Files.readString(table);
    Files.delete(table);
    Files.writeString(part, whole.substring(0, 70));
    assertThrows(
        CancellationException.class,
        () ->
            tabulation(file, 1, settings)
                .write(sample, table, List.of(), Stopping.after(9, "measuring subnets"::equals)));
    assertTrue(Files.exists(part));
    tabulation(file, 1, settings).write(sample, table, List.of(), Progress.NONE);
    assertEquals(whole, Files.readString(table));
  }

  @Test
  void whatCouldNotBeMeasuredIsLeftOutAndSaid() throws IOException {
    // The third layer of the last stage overflows.
    PropertyFile file = overflowing("blocks.19.conv.point_linear.bn.bn.weight");
    ProblemDefinition definition = definition(file);
    TableSample sample = TableSample.of(definition, 12, 3);
    long failing =
        sample.architectures().stream().filter(a -> a.stages().get(4).size() > 2).count();
    Path table = folder.resolve("sample.csv");
    List<String> warnings = new ArrayList<>();
    Tabulation.Result result =
        tabulation(file, 1, new TabulationSettings(false, 2))
            .write(sample, table, List.of(), Warnings.into(warnings));
    assertEquals(12 - failing, result.rows());
    assertEquals(12 - failing, rows(table).size());
    String said = "%d of 12 architectures could not be measured".formatted(failing);
    assertTrue(result.comments().stream().anyMatch(line -> line.startsWith("left out: " + said)));
    assertTrue(warnings.stream().anyMatch(text -> text.startsWith(said)));
    assertTrue(warnings.stream().anyMatch(text -> text.contains("a logit is")));
    Tabulation tabulation = tabulation(file, 1, new TabulationSettings(false, 2));
    assertDoesNotThrow(() -> tabulation.requireSame(sample, table, List.of(), Progress.NONE));

    Path all = folder.resolve("all.csv");
    String message =
        assertThrows(
                IOException.class,
                () -> tabulation.write(TableSample.all(definition), all, List.of(), Progress.NONE))
            .getMessage();
    assertTrue(message.startsWith("16 of 32 architectures could not be measured"), message);
    assertEquals(32, rows(Tabulation.unfinished(all)).size());
  }

  @Test
  void whereNothingCanBeMeasuredTheReasonIsSaid() throws IOException {
    PropertyFile file = overflowing("first_conv.bn.weight");
    TableSample sample = TableSample.of(definition(file), 12, 3);
    Tabulation tabulation = tabulation(file, 1, new TabulationSettings(false, 0));
    Path table = folder.resolve("none.csv");
    String message =
        assertThrows(
                MeasurementException.class,
                () -> tabulation.write(sample, table, List.of(), Progress.NONE))
            .getMessage();
    assertTrue(message.startsWith("8 of 8 subnets could not be measured, the first"), message);
    assertTrue(message.contains("a logit is"), message);
    assertEquals(List.of(), rows(Tabulation.unfinished(table)));
  }

  @Test
  void whatFailedForAReasonThatHasPassedIsTriedAgain() throws IOException {
    TabulationSettings settings = new TabulationSettings(true, 2);
    PropertyFile file = file(REDUCED);
    TableSample sample = TableSample.all(definition(file));
    Path whole = folder.resolve("whole.csv");
    tabulation(file, 1, settings).write(sample, whole, List.of(), Progress.NONE);
    Path table = folder.resolve("mended.csv");
    Path part = Tabulation.unfinished(table);
    assertThrows(
        CancellationException.class,
        () ->
            tabulation(file, 1, settings)
                .write(sample, table, List.of(), Stopping.after(19, "measuring subnets"::equals)));
    String row = rows(part).get(3);
    Files.writeString(
        part, Files.readString(part).replace(row, row.replaceAll(",[^,]*,[^,]*$", ",NaN,NaN")));
    tabulation(file, 1, settings).write(sample, table, List.of(), Progress.NONE);
    assertEquals(-1, Files.mismatch(whole, table));
  }

  private PropertyFile overflowing(String scale) throws IOException {
    Weights weights = WeightsFile.read(Path.of("supernets/w0.05.safetensors")).weights();
    Weights.Builder builder = new Weights.Builder();
    for (String name : weights.names()) {
      if (weights.isCounter(name)) {
        builder.putCounter(name, weights.counter(name));
      } else {
        float[] values = new float[weights.values(name).remaining()];
        weights.values(name).get(values);
        if (name.equals(scale)) {
          Arrays.fill(values, Float.MAX_VALUE);
        }
        builder.put(name, weights.shape(name), values);
      }
    }
    Path file = folder.resolve("overflowing.safetensors");
    Safetensors.write(builder.build(), Map.of(), file);
    Map<String, String> keys = new HashMap<>(REDUCED);
    keys.putAll(Map.of("expandRatios", "6", "depths", "2,3", "supernet.weights", file.toString()));
    return file(keys);
  }

  @Test
  void theArchitecturesOfAnotherTableAreMeasuredAndJoined() throws IOException {
    Path first = folder.resolve("first.csv");
    Path second = folder.resolve("second.csv.gz");
    Map<String, String> two = new HashMap<>(REDUCED);
    two.put("resolutions", "8,12");
    PropertyFile file = file(two);
    ProblemDefinition definition = definition(file);
    TabulationSettings settings = new TabulationSettings(false, 0);
    TableSample sample = TableSample.of(definition, 24, 4);
    tabulation(file, 1, settings).write(sample, first, List.of(), Progress.NONE);
    TableSample like = TableSample.like(definition, first);
    assertEquals(sample.architectures(), like.architectures());
    Map<String, String> other = new HashMap<>(two);
    other.put("evaluation.recalibrationSeed", "7");
    tabulation(file(other), 1, settings).write(like, second, List.of(), Progress.NONE);
    Tabulation finished = tabulation(file(other), 1, settings);
    assertEquals(24, finished.requireSame(like, second, List.of(), Progress.NONE).rows());
    tabulation(file, 1, settings)
        .write(TableSample.of(definition, 24, 5), first, List.of(), Progress.NONE);
    TableSample changed = TableSample.like(definition, first);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> finished.requireSame(changed, second, List.of(), Progress.NONE))
            .getMessage();
    assertTrue(message.contains("has other rows than the 24 architectures of"), message);
    tabulation(file, 1, settings).write(sample, first, List.of(), Progress.NONE);
    Map<String, String> keys = keys(first + "," + second);
    keys.putAll(two);
    keys.put("rows", "sample");
    keys.put("objectives", "error,error2");
    keys.put("column.error2", "2:error");
    TabularProblem problem = problem(keys);
    assertEquals(24, problem.rows());
    double[] errors = problem.cells(problem.definition().values().get("error"));
    double[] others = problem.cells(problem.definition().values().get("error2"));
    assertFalse(Arrays.equals(errors, others), "other recalibration images");
    assertTrue(problem.comments().contains("2: rows: the 24 architectures of first.csv"));
    List<String> lines = Files.readAllLines(first);
    Files.write(first, lines.subList(0, lines.size() - 1));
    assertEquals(23, problem(keys).rows(), "the first table says which rows there are");
    keys.put("table", second + "," + first);
    keys.put("objectives", "error");
    keys.remove("column.error2");
    message = assertThrows(IllegalArgumentException.class, () -> problem(keys).rows()).getMessage();
    assertTrue(message.startsWith(first + " has no row for the architecture of " + second));
  }

  @Test
  void aSessionMeasuresWhatTheMeterMeasures() throws IOException {
    ProblemDefinition definition = definition(file(REDUCED));
    List<Architecture> some = TableSample.of(definition, 4, 1).architectures();
    SubnetMeter meter = new SubnetMeter(definition, execution(1));
    try (NatProblem problem = new NatProblem(definition, execution(1));
        SubnetMeter.Session session = meter.open(problem.startWeights(), 1, true, Progress.NONE)) {
      List<Accuracy> validation = session.onValidation(some, Progress.NONE);
      List<Accuracy> test = session.onTest(some, Progress.NONE);
      var together = meter.measure(problem.startWeights(), some, Progress.NONE);
      for (int i = 0; i < some.size(); i++) {
        assertEquals(together.get(i).validation(), validation.get(i));
        assertEquals(together.get(i).test(), test.get(i));
      }
    }
  }

  private static void assertRefused(
      String part, PropertyFile file, TabulationSettings settings, Path table, String origin) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    tabulation(file, 1, settings)
                        .write(
                            TableSample.of(definition(file), 12, 3),
                            table,
                            List.of(origin),
                            Progress.NONE))
            .getMessage();
    assertTrue(message.startsWith(Tabulation.unfinished(table).toString()), message);
    assertTrue(message.contains(part), message);
  }

  private static List<String> rows(Path table) throws IOException {
    return Files.readAllLines(table).stream()
        .filter(line -> Character.isDigit(line.charAt(0)))
        .toList();
  }

  private static Map<String, String> keys(String table) {
    Map<String, String> keys = new HashMap<>(REDUCED);
    keys.putAll(
        Map.of(
            "kind", "table",
            "table", table,
            "rows", "all",
            "space", "mobilenetv3",
            "width", "0.05",
            "stem.stride", "1",
            "classes", "10",
            "objectives", "error,madds"));
    return keys;
  }

  private static TabularProblem problem(Map<String, String> keys) {
    return new TabularProblem(
        TableDefinition.read("made", new PropertyFile("made.properties", keys, Map.of())));
  }

  private static PropertyFile file(Map<String, String> overrides) {
    return ProblemDefinition.FILES.load("packed", overrides);
  }

  private static ProblemDefinition definition(PropertyFile file) {
    return ProblemDefinition.read("packed", file);
  }

  private static Tabulation tabulation(
      PropertyFile file, int threads, TabulationSettings settings) {
    return new Tabulation(definition(file), file, execution(threads), settings);
  }

  private static Execution execution(int threads) {
    return new Execution(threads, "cpu", Path.of(System.getProperty("moeanat.cache")));
  }
}
