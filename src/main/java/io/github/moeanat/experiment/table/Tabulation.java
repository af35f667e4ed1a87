package io.github.moeanat.experiment.table;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.evaluation.MeasurementException;
import io.github.moeanat.experiment.SubnetMeter;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableArchitectures;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.FamilyWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * Measures architectures of a supernet problem with fixed weights into a table. Rows are appended
 * to a file beside the table until that is complete, so work that was stopped or killed at any
 * instant goes on. The table does not depend on the number of workers.
 */
public final class Tabulation {

  /** How lines of the head begin that have a key of the problem. */
  static final String KEY = "key: ";

  // Each worker has a few subnets before rows are written and all wait for the last one.
  private static final int SUBNETS_PER_WORKER = 8;
  private static final int REPEATED = 20;
  private static final String GZIP = ".gz";

  private final ProblemDefinition definition;
  // These decide no measurement; where files lie matters as little, their content has a hash.
  private static final Pattern NO_MEASUREMENT =
      Pattern.compile(
          "name|description|kind|algorithm|objectives|constraints|data\\.path|latency\\.table"
              + "|supernet\\.weights"
              + "|(epsilon|referencePoint|scale|adaptation|measuredLatency)\\..+");

  private final Map<String, String> keys;
  private final Execution execution;
  private final TabulationSettings settings;
  private final ArchitectureCodec codec;

  /**
   * Creates the tabulation of a problem.
   *
   * @param file the very one that the definition was read from, for the table's head
   */
  public Tabulation(
      ProblemDefinition definition,
      PropertyFile file,
      Execution execution,
      TabulationSettings settings) {
    this.definition = definition;
    this.execution = execution;
    this.settings = settings;
    keys = new TreeMap<>(file.resolved());
    keys.keySet().removeIf(key -> NO_MEASUREMENT.matcher(key).matches());
    codec = new ArchitectureCodec(definition.searched());
  }

  /**
   * What was made.
   *
   * @param rows of the table
   * @param comments its head
   */
  public record Result(int rows, List<String> comments) {}

  /** Returns the file that keeps what is measured until the table is complete. */
  public static Path unfinished(Path table) {
    return table.resolveSibling(table.getFileName() + ".part");
  }

  /**
   * Measures what is not measured yet and writes the table.
   *
   * @param sample which architectures are measured
   * @param table compressed by gzip if its name ends in .gz
   * @param origin lines for its head: by which command and program it is made
   * @throws IllegalArgumentException if an unfinished table was made otherwise, is damaged or is
   *     being written by another process
   * @throws CancellationException if {@code progress} asked to stop; what was measured is kept
   * @throws MeasurementException if several architectures in a row could not be measured and none
   *     between them; the others are kept
   * @throws IOException if a file can't be read or written, if no architecture could be measured,
   *     or if the table was to have all and some could not; the others are kept
   */
  public Result write(TableSample sample, Path table, List<String> origin, Progress progress)
      throws IOException {
    List<String> head;
    List<String> lines;
    try (UnfinishedTable rows = UnfinishedTable.open(unfinished(table))) {
      Start start = start(sample, origin, progress);
      List<String> known = known(sample);
      rows.begin(start.comments(), header(), known);
      measure(start.weights(), sample, known, rows, progress);
      head = new ArrayList<>(start.comments());
      List<String> all = retried(start.weights(), sample, known, rows.rows(), progress);
      lines = withoutFailures(sample, table, all, head, progress);
      if (settings.repeats() > 0) {
        head.add(noise(start.weights(), sample, all, progress));
      }
      write(table, head, lines);
      rows.delete();
    }
    AtomicFile.removeLeftovers(table);
    return new Result(lines.size(), head);
  }

  /**
   * Forgets what was measured of a table that is not finished.
   *
   * @throws IllegalArgumentException if another process is measuring it
   * @throws IOException if the file can't be written
   */
  public static void forget(Path table) throws IOException {
    try (UnfinishedTable rows = UnfinishedTable.open(unfinished(table))) {
      rows.clear();
      rows.delete();
    }
  }

  /**
   * Checks that a finished table is the one that would be written.
   *
   * @return what it holds
   * @throws IllegalArgumentException if it was made otherwise; the message names the first line
   * @throws IOException if a file can't be read
   */
  public Result requireSame(TableSample sample, Path table, List<String> origin, Progress progress)
      throws IOException {
    List<String> expected = start(sample, origin, progress).comments();
    List<String> found = TableArchitectures.comments(table);
    if (!found.subList(0, Math.min(found.size(), expected.size())).equals(expected)) {
      throw UnfinishedTable.otherwise(table, found, expected);
    }
    List<Architecture> held = TableArchitectures.read(table, definition.searched());
    List<Architecture> named = new ArrayList<>(sample.architectures());
    // What could not be measured is left out.
    named.retainAll(new HashSet<>(held));
    if (!named.equals(held)) {
      throw new IllegalArgumentException(
          "%s has other rows than %s; remove it to begin anew"
              .formatted(table, sample.description()));
    }
    return new Result(held.size(), found);
  }

  /**
   * What is known when measuring begins.
   *
   * @param weights that all are measured with
   * @param comments the table's head
   */
  private record Start(FamilyWeights weights, List<String> comments) {}

  private Start start(TableSample sample, List<String> origin, Progress progress) {
    try (NatProblem problem = new NatProblem(definition, execution)) {
      problem.reportTo(progress);
      FamilyWeights weights = problem.startWeights();
      List<String> data =
          List.of("data: SHA-256 " + problem.dataHash(), "images: " + problem.dataSummary());
      return new Start(weights, comments(sample, weights, data, origin));
    }
  }

  private List<String> withoutFailures(
      TableSample sample, Path table, List<String> rows, List<String> head, Progress progress)
      throws IOException {
    List<String> lines = rows.stream().filter(row -> !isFailed(row)).toList();
    int failures = rows.size() - lines.size();
    if (lines.isEmpty()) {
      throw new IOException(
          "none of %d architectures could be measured; there is no table".formatted(failures));
    }
    if (failures > 0) {
      String said =
          "%d of %d architectures could not be measured, the first is %s"
              .formatted(
                  failures,
                  rows.size(),
                  sample
                      .architectures()
                      .get(
                          rows.indexOf(
                              rows.stream().filter(Tabulation::isFailed).findFirst().get())));
      if (sample.isOfAll()) {
        throw new IOException(
            "%s: the table can't be complete; the others are in %s"
                .formatted(said, unfinished(table)));
      }
      progress.warning(said);
      head.add("left out: " + said);
    }
    return lines;
  }

  private static boolean isFailed(String row) {
    return row.endsWith("," + UnfinishedTable.FAILED);
  }

  private void measure(
      FamilyWeights weights,
      TableSample sample,
      List<String> known,
      UnfinishedTable rows,
      Progress progress)
      throws IOException {
    List<Architecture> architectures = sample.architectures();
    int done = rows.rows().size();
    if (done == architectures.size()) {
      return;
    }
    int chunk = SUBNETS_PER_WORKER * execution.threads();
    try (SubnetMeter.Session session = session(weights, progress);
        Progress.Phase phase =
            progress.begin(
                "measuring subnets",
                (settings.withTest() ? 2L : 1L) * (architectures.size() - done),
                "subnets")) {
      Progress counted = (name, steps) -> () -> phase.step();
      for (int from = done; from < architectures.size(); from += chunk) {
        int to = Math.min(architectures.size(), from + chunk);
        rows.append(
            lines(
                architectures.subList(from, to),
                known.subList(from, to),
                session,
                counted,
                progress));
      }
    }
  }

  // What failed for a reason that has passed would else keep a table of all from its end for ever.
  private List<String> retried(
      FamilyWeights weights,
      TableSample sample,
      List<String> known,
      List<String> rows,
      Progress progress)
      throws IOException {
    List<Integer> failed =
        IntStream.range(0, rows.size()).filter(i -> isFailed(rows.get(i))).boxed().toList();
    if (failed.isEmpty()) {
      return rows;
    }
    List<String> all = new ArrayList<>(rows);
    try (SubnetMeter.Session session = session(weights, progress);
        Progress.Phase phase = progress.begin("trying failures again", failed.size(), "subnets")) {
      for (int i : failed) {
        Architecture architecture = sample.architectures().get(i);
        all.set(
            i,
            lines(List.of(architecture), List.of(known.get(i)), session, Progress.NONE, progress)
                .get(0));
        phase.step();
      }
    }
    return all;
  }

  private List<String> lines(
      List<Architecture> part,
      List<String> known,
      SubnetMeter.Session session,
      Progress counted,
      Progress progress) {
    Map<Architecture, Accuracy> validation =
        measured(part, () -> session.onValidation(part, counted), progress);
    Map<Architecture, Accuracy> test =
        settings.withTest()
            ? measured(part, () -> session.onTest(part, counted), progress)
            : Map.of();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < part.size(); i++) {
      String cells = cell(validation.get(part.get(i)));
      if (settings.withTest()) {
        cells += "," + cell(test.get(part.get(i)));
      }
      boolean failed = cells.contains(UnfinishedTable.FAILED);
      lines.add(
          known.get(i) + (failed ? cells.replaceAll("[^,]+", UnfinishedTable.FAILED) : cells));
    }
    return lines;
  }

  // What fails twice is left out and the others are not lost with it; if all do, something else is
  // wrong than an architecture.
  private static Map<Architecture, Accuracy> measured(
      List<Architecture> part, Supplier<List<Accuracy>> measuring, Progress progress) {
    try {
      List<Accuracy> all = measuring.get();
      Map<Architecture, Accuracy> measured = new HashMap<>();
      for (int i = 0; i < part.size(); i++) {
        measured.put(part.get(i), all.get(i));
      }
      return measured;
    } catch (MeasurementException e) {
      if (part.size() > 1 && e.measured().isEmpty()) {
        throw e;
      }
      progress.warning(e.getMessage());
      return e.measured();
    }
  }

  private static String cell(Accuracy accuracy) {
    return accuracy == null ? UnfinishedTable.FAILED : String.valueOf(accuracy.error());
  }

  private SubnetMeter.Session session(FamilyWeights weights, Progress progress) throws IOException {
    long seed = definition.training().recalibrationSeed();
    return meter().open(weights, seed, settings.withTest(), progress);
  }

  private SubnetMeter meter() {
    return new SubnetMeter(definition, execution);
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(codec.geneNames());
    header.add("drawn");
    Metric.of(definition.cost(new ArchitectureSampler(definition.searched()).smallest()))
        .forEach(metric -> header.add(metric.column()));
    header.add(Metric.ERROR.column());
    if (settings.withTest()) {
      header.add("test_error");
    }
    return header;
  }

  /** What is known of each row before it is measured, up to the comma before the error. */
  private List<String> known(TableSample sample) {
    List<String> known = new ArrayList<>();
    sample
        .drawn()
        .forEach(
            (architecture, drawn) -> {
              List<Object> cells = new ArrayList<>();
              Arrays.stream(codec.encode(architecture)).forEach(cells::add);
              cells.add(drawn.name().toLowerCase(Locale.ROOT));
              SubnetCost cost = definition.cost(architecture);
              Metric.of(cost).forEach(metric -> cells.add(metric.raw(cost)));
              known.add(
                  cells.stream().map(String::valueOf).collect(Collectors.joining(",", "", ",")));
            });
    return known;
  }

  // No date: the same command on the same machine has to find its unfinished work again.
  private List<String> comments(
      TableSample sample, FamilyWeights weights, List<String> data, List<String> origin) {
    List<String> comments = new ArrayList<>();
    comments.add(
        "Architectures of %s, measured with fixed weights after BN recalibration."
            .formatted(definition.name()));
    comments.add(
        "error: share of validation images classified wrongly"
            + (settings.withTest() ? "; test_error: of test images, for no search to see" : ""));
    comments.add("rows: " + sample.description());
    comments.addAll(origin);
    comments.addAll(data);
    weights
        .members()
        .forEach(
            (width, member) ->
                comments.add("weights of width %s: SHA-256 %s".formatted(width, member.hash())));
    definition
        .latencyTable()
        .ifPresent(table -> comments.add("latency table: SHA-256 " + table.hash()));
    Machine machine = Machine.here();
    comments.add("machine: " + machine.hardware());
    comments.add("software: " + machine.software());
    keys.forEach((key, value) -> comments.add(KEY + key + " = " + value));
    return comments;
  }

  /** Measures some architectures again and says in one line how far apart the results are. */
  private String noise(
      FamilyWeights weights, TableSample sample, List<String> rows, Progress progress)
      throws IOException {
    List<Architecture> all = sample.architectures();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!isFailed(rows.get(i))) {
        order.add(i);
      }
    }
    order.sort(Comparator.comparingLong(i -> definition.cost(all.get(i)).madds()));
    int count = Math.min(REPEATED, order.size());
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(order.get((int) ((long) i * (order.size() - 1) / Math.max(1, count - 1))));
    }
    List<Architecture> again = chosen.stream().map(all::get).toList();
    int column = header().indexOf(Metric.ERROR.column());
    List<List<Double>> errors = new ArrayList<>();
    for (int i : chosen) {
      errors.add(new ArrayList<>(List.of(Double.parseDouble(rows.get(i).split(",", -1)[column]))));
    }
    try (Progress.Phase phase =
        progress.begin("measuring again", (long) count * settings.repeats(), "subnets")) {
      for (int repeat = 1; repeat <= settings.repeats(); repeat++) {
        long seed = definition.training().recalibrationSeed() + (long) repeat;
        try (SubnetMeter.Session session = meter().open(weights, seed, false, progress)) {
          Map<Architecture, Accuracy> measured =
              measured(
                  again,
                  () -> session.onValidation(again, (name, n) -> () -> phase.step()),
                  progress);
          for (int i = 0; i < count; i++) {
            Accuracy accuracy = measured.get(again.get(i));
            if (accuracy != null) {
              errors.get(i).add(accuracy.error());
            }
          }
        }
      }
    }
    double[] variances =
        errors.stream().filter(of -> of.size() > 1).mapToDouble(Tabulation::variance).toArray();
    if (variances.length == 0) {
      return "noise: could not be measured";
    }
    return String.format(
        Locale.ROOT,
        "noise: the error of %d subnets, with %d further draws of recalibration images each, has a"
            + " standard deviation of %.5f (root mean square), %.5f at most",
        variances.length,
        settings.repeats(),
        Math.sqrt(Arrays.stream(variances).average().orElseThrow()),
        Math.sqrt(Arrays.stream(variances).max().orElseThrow()));
  }

  private static double variance(List<Double> values) {
    double mean = values.stream().mapToDouble(x -> x).average().orElseThrow();
    return values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / (values.size() - 1);
  }

  private void write(Path table, List<String> comments, List<String> rows) throws IOException {
    String text = UnfinishedTable.text(comments, header(), rows);
    AtomicFile.write(
        table,
        stream -> {
          if (table.toString().toLowerCase(Locale.ROOT).endsWith(GZIP)) {
            GZIPOutputStream compressed = new GZIPOutputStream(stream);
            compressed.write(text.getBytes(StandardCharsets.UTF_8));
            compressed.finish();
          } else {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
