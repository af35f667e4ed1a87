package io.github.moeanat.experiment.table;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.experiment.SubnetMeter;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.FamilyWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
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
  private final Map<String, String> keys;
  private final Execution execution;
  private final TabulationSettings settings;
  private final ArchitectureCodec codec;

  /**
   * Creates the tabulation of a problem.
   *
   * @param file what the definition was read from, for the table's head
   */
  public Tabulation(
      ProblemDefinition definition,
      PropertyFile file,
      Execution execution,
      TabulationSettings settings) {
    this.definition = definition;
    this.execution = execution;
    this.settings = settings;
    keys = new TreeMap<>(file.values());
    keys.keySet().removeIf(key -> key.equals("data.path"));
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
   * @throws IllegalArgumentException if an unfinished table was made otherwise or is damaged
   * @throws CancellationException if {@code progress} asked to stop; what was measured is kept
   * @throws IOException if a file can't be read or written
   */
  public Result write(TableSample sample, Path table, List<String> origin, Progress progress)
      throws IOException {
    FamilyWeights weights;
    String data;
    try (NatProblem problem = new NatProblem(definition, execution)) {
      problem.reportTo(progress);
      weights = problem.startWeights();
      data = problem.dataHash();
    }
    List<String> comments = comments(sample, weights, data, origin);
    List<String> known = known(sample);
    UnfinishedTable rows = UnfinishedTable.open(unfinished(table), comments, header(), known);
    measure(weights, sample, known, rows, progress);
    List<String> head = new ArrayList<>(comments);
    if (settings.repeats() > 0) {
      head.add(noise(weights, sample, rows.rows(), progress));
    }
    write(table, head, rows.rows());
    Files.deleteIfExists(unfinished(table));
    AtomicFile.removeLeftovers(unfinished(table));
    return new Result(rows.rows().size(), head);
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
    try (SubnetMeter.Session session =
            meter()
                .open(
                    weights,
                    definition.training().recalibrationSeed(),
                    settings.withTest(),
                    progress);
        Progress.Phase phase =
            progress.begin("measuring subnets", architectures.size() - done, "subnets")) {
      Progress counted = (name, steps) -> () -> phase.step();
      for (int from = done; from < architectures.size(); from += chunk) {
        int to = Math.min(architectures.size(), from + chunk);
        List<Architecture> part = architectures.subList(from, to);
        List<Accuracy> validation = session.onValidation(part, counted);
        List<Accuracy> test = settings.withTest() ? session.onTest(part, Progress.NONE) : List.of();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < part.size(); i++) {
          lines.add(
              known.get(from + i)
                  + validation.get(i).error()
                  + (settings.withTest() ? "," + test.get(i).error() : ""));
        }
        rows.append(lines);
      }
    }
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
      TableSample sample, FamilyWeights weights, String data, List<String> origin) {
    List<String> comments = new ArrayList<>();
    comments.add(
        "Architectures of %s, measured with fixed weights after BN recalibration."
            .formatted(definition.name()));
    comments.add(
        "error: share of validation images classified wrongly"
            + (settings.withTest() ? "; test_error: of test images, for no search to see" : ""));
    comments.add("rows: " + sample.description());
    comments.addAll(origin);
    comments.add("data: SHA-256 " + data);
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
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> definition.cost(all.get(i)).madds()));
    int count = Math.min(REPEATED, all.size());
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(order.get((int) ((long) i * (all.size() - 1) / Math.max(1, count - 1))));
    }
    List<Architecture> again = chosen.stream().map(all::get).toList();
    int column = header().indexOf(Metric.ERROR.column());
    double[][] errors = new double[count][settings.repeats() + 1];
    for (int i = 0; i < count; i++) {
      errors[i][0] = Double.parseDouble(rows.get(chosen.get(i)).split(",", -1)[column]);
    }
    try (Progress.Phase phase =
        progress.begin("measuring again", (long) count * settings.repeats(), "subnets")) {
      for (int repeat = 1; repeat <= settings.repeats(); repeat++) {
        long seed = definition.training().recalibrationSeed() + (long) repeat;
        try (SubnetMeter.Session session = meter().open(weights, seed, false, progress)) {
          List<Accuracy> accuracies = session.onValidation(again, (name, n) -> () -> phase.step());
          for (int i = 0; i < count; i++) {
            errors[i][repeat] = accuracies.get(i).error();
          }
        }
      }
    }
    double[] variances = Arrays.stream(errors).mapToDouble(Tabulation::variance).toArray();
    return String.format(
        Locale.ROOT,
        "noise: the error of %d subnets, with %d further draws of recalibration images each, has a"
            + " standard deviation of %.5f (root mean square), %.5f at most",
        count,
        settings.repeats(),
        Math.sqrt(Arrays.stream(variances).average().orElseThrow()),
        Math.sqrt(Arrays.stream(variances).max().orElseThrow()));
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / (values.length - 1);
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
