package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.experiment.PropertiesFile;
import io.github.moeanat.experiment.table.TableSample;
import io.github.moeanat.experiment.table.Tabulation;
import io.github.moeanat.experiment.table.TabulationSettings;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** Measures architectures into a table: {@code nat tabulate digits --samples 1000}. */
final class TabulateCommand implements Command {

  private static final String SAMPLES = "samples";
  private static final String ALL = "all";
  private static final String LIKE = "like";
  private static final String OUTPUT = "output";
  private static final String SEED = "seed";
  private static final String TEST = "test";
  private static final String REPEATS = "repeats";
  private static final String RESUME = "resume";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "tabulate";
  }

  @Override
  public String usage() {
    return "PROBLEM --samples N | --all | --like FILE [options]";
  }

  @Override
  public String summary() {
    return "measure architectures into a table, for problems of kind table";
  }

  @Override
  public Options options() {
    return CommonOptions.running()
        .addOption(
            CommonOptions.valued(
                SAMPLES, "N", "architectures: half uniform over genes, half over multiply-adds"))
        .addOption(
            CommonOptions.flag(
                ALL, "every architecture that is searched, of at most " + TableSample.MOST))
        .addOption(
            CommonOptions.valued(
                LIKE, "FILE", "the architectures of another table, for a second task's error"))
        .addOption(
            CommonOptions.valued(
                OUTPUT, "FILE", "the table, .csv or .csv.gz; PROBLEM-table.csv if absent"))
        .addOption(CommonOptions.valued(SEED, "N", "seed of the samples; 1 if absent"))
        .addOption(CommonOptions.flag(TEST, "a column for the error on test images, too"))
        .addOption(
            CommonOptions.valued(
                REPEATS, "K", "measure 20 of them K times more, which tells the noise"))
        .addOption(CommonOptions.flag(RESUME, "go on with an unfinished table"))
        .addOption(CommonOptions.flag(OVERWRITE, "begin anew"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    ProblemChoice choice = new ProblemChoice(invocation.problem(), invocation.overrides());
    choice.refuseOthers();
    TabulationSettings settings =
        new TabulationSettings(invocation.has(TEST), invocation.whole(REPEATS, 0, 0, 1000));
    Path output = Path.of(invocation.value(OUTPUT).orElse(choice.fileName() + "-table.csv"));
    if (!output.toString().matches("(?i).*\\.csv(\\.gz)?|")) {
      throw new IllegalArgumentException(
          "--output is '%s', expected a file that ends in .csv or .csv.gz".formatted(output));
    }
    TableSample sample = sample(invocation, choice.definition());
    DataSets.require(choice.definition().data());
    Execution execution = invocation.execution();
    // Refused before anything is measured.
    PyTorch.device(execution.device());
    boolean finished = prepare(invocation, output);
    Progress progress = invocation.console().progress(invocation.cancellation());
    choice.fitToImages(execution, progress).forEach(invocation.console()::warning);
    PropertyFile file = choice.file();
    Tabulation tabulation =
        new Tabulation(ProblemDefinition.read(choice.fileName(), file), file, execution, settings);
    List<String> origin = origin(choice, invocation);
    if (finished) {
      Tabulation.Result found = tabulation.requireSame(sample, output, origin, progress);
      invocation.console().info(output + " is complete already");
      print(invocation, output, found);
      return;
    }
    Tabulation.Result result;
    try {
      result = tabulation.write(sample, output, origin, progress);
    } catch (CancellationException e) {
      throw new CancellationException(
          "interrupted; --resume goes on from " + Tabulation.unfinished(output));
    }
    print(invocation, output, result);
  }

  private static TableSample sample(Invocation invocation, ProblemDefinition definition) {
    if (Stream.of(ALL, SAMPLES, LIKE).filter(invocation::has).count() != 1) {
      throw new IllegalArgumentException("expected one of --samples N, --all and --like FILE");
    }
    if (invocation.has(ALL)) {
      return TableSample.all(definition);
    }
    return invocation.has(LIKE)
        ? TableSample.like(definition, Path.of(invocation.value(LIKE).orElseThrow()))
        : TableSample.of(
            definition,
            invocation.whole(SAMPLES, 0, 1, TableSample.MOST_SAMPLES),
            invocation.seed().orElse(1L));
  }

  /** Returns whether the table is finished. */
  private static boolean prepare(Invocation invocation, Path output) throws IOException {
    Path unfinished = Tabulation.unfinished(output);
    if (invocation.has(RESUME)) {
      if (invocation.has(OVERWRITE)) {
        throw new IllegalArgumentException("--resume and --overwrite exclude each other");
      }
      OutputFile.require(OUTPUT, output, true);
      boolean begun = Files.exists(unfinished);
      if (!begun && !Files.exists(output)) {
        throw new IllegalArgumentException("there is no unfinished table " + unfinished);
      }
      return !begun;
    }
    OutputFile.require(OUTPUT, output, invocation.has(OVERWRITE));
    if (invocation.has(OVERWRITE)) {
      if (Files.exists(unfinished)) {
        Tabulation.forget(output);
      }
    } else if (Files.exists(unfinished) && Files.size(unfinished) > 0) {
      throw new IllegalArgumentException(
          unfinished + " is unfinished: --resume goes on, --overwrite begins anew");
    }
    return false;
  }

  // Neither where files lie nor how many threads there are is of account; the head has hashes.
  private static List<String> origin(ProblemChoice choice, Invocation invocation) {
    long seed = invocation.seed().orElse(1L);
    StringBuilder command = new StringBuilder("nat tabulate " + choice.fileName());
    Map<String, String> overrides = new TreeMap<>(invocation.overrides());
    overrides.remove("data.path");
    for (String key : List.of("latency.table", "supernet.weights")) {
      overrides.computeIfPresent(key, (same, paths) -> fileNames(paths));
    }
    overrides.forEach((key, value) -> command.append(" -X " + key + "=" + value));
    invocation.value(SAMPLES).ifPresent(n -> command.append(" --samples " + n + " --seed " + seed));
    invocation.value(REPEATS).ifPresent(k -> command.append(" --repeats " + k));
    for (String flag : List.of(ALL, TEST)) {
      command.append(invocation.has(flag) ? " --" + flag : "");
    }
    invocation.value(LIKE).ifPresent(v -> command.append(" --like " + Path.of(v).getFileName()));
    command.append(" --device " + invocation.execution().device());
    return List.of("command: " + command, "program: moea-nat " + PropertiesFile.version());
  }

  private static String fileNames(String paths) {
    return Arrays.stream(paths.split(",", -1))
        .map(path -> String.valueOf(Path.of(path.trim()).getFileName()))
        .collect(Collectors.joining(","));
  }

  private static void print(Invocation invocation, Path output, Tabulation.Result result) {
    Console console = invocation.console();
    if (invocation.has("json")) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", output.toString());
      json.put("rows", result.rows());
      json.put("comments", result.comments());
      console.result(
          new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json));
      return;
    }
    result.comments().stream()
        .filter(comment -> comment.startsWith("noise: "))
        .forEach(console::result);
    console.result("%d architectures in %s".formatted(result.rows(), output));
  }
}
