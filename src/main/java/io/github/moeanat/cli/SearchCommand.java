package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.experiment.FrontMember;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunListener;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.experiment.RunSummary;
import io.github.moeanat.experiment.SearchRun;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.surrogate.PredictionError;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/** Runs a whole search: {@code nat search digits}. */
final class SearchCommand implements Command {

  private static final String ALGORITHM = "algorithm";

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String usage() {
    return "PROBLEM|--data DIR [options]";
  }

  @Override
  public String summary() {
    return "search for the subnets with the best trade-offs";
  }

  @Override
  public Options options() {
    return FolderOfRun.options()
        .addOption(
            CommonOptions.valued(ALGORITHM, "NAME", "algorithm; the problem's own if absent"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    FolderOfRun.run(
        invocation,
        ALGORITHM,
        (problem, execution) -> plan(invocation, problem, execution),
        (plan, folder, execution) -> run(invocation, plan, folder, execution));
  }

  private static RunPlan plan(Invocation invocation, String problem, Execution execution) {
    Map<String, String> overrides = invocation.overrides();
    // Properties of the framework's algorithms may hold a seed; here it has one place.
    String seedOverride = overrides.remove("seed");
    if (seedOverride != null) {
      throw new IllegalArgumentException("-X: the seed is given as --seed " + seedOverride);
    }
    ProblemChoice choice = new ProblemChoice(problem, overrides);
    DataSets.require(choice.definition().data());
    Console console = invocation.console();
    List<String> lowered =
        choice.fitToImages(execution, console.progress(invocation.cancellation()));
    String algorithm =
        Invocation.named(
            "algorithm",
            invocation.value(ALGORITHM).orElse(choice.definitionWithoutTable().algorithm()),
            NatAlgorithms.names());
    Map<String, String> own = choice.algorithmOverrides(algorithm, execution);
    PropertyFile algorithmFile = NatAlgorithms.FILES.load(algorithm, own);
    // A wrong seed in the file is found with the other settings, below.
    Optional<Long> fileSeed =
        Optional.ofNullable(algorithmFile.values().get("seed"))
            .filter(text -> text.matches("-?\\d{1,18}"))
            .map(Long::valueOf);
    RunPlan plan =
        new RunPlan(
            choice.fileName(),
            choice.file(),
            algorithm,
            algorithmFile,
            invocation.seed().or(() -> fileSeed).orElseGet(FolderOfRun::drawnSeed));
    // Everything that can be wrong about the settings is found before a folder is made.
    plan.newAlgorithm(plan.newProblem(execution));
    lowered.forEach(console::warning);
    return plan;
  }

  private static void run(
      Invocation invocation, RunPlan plan, RunFolder folder, Execution execution)
      throws IOException {
    Console console = invocation.console();
    console.info(
        "%s with %s, seed %d, %d threads on %s; results go to %s"
            .formatted(
                plan.problem(),
                plan.algorithm(),
                plan.seed(),
                execution.threads(),
                execution.device(),
                folder.path()));
    SearchRun run =
        new SearchRun(
            plan,
            folder,
            execution,
            console.progress(invocation.cancellation()),
            new Lines(console),
            InstantSource.system());
    RunSummary summary;
    try {
      summary = run.run();
    } catch (CancellationException e) {
      boolean begun = Files.exists(folder.checkpoint());
      // Whether there is still something to warm up is not known here.
      throw new CancellationException(
          "interrupted; nat search %s --output %s --resume goes on from %s"
              .formatted(
                  plan.problem(),
                  folder.path(),
                  begun ? "the last iteration" : "what is cached of the warm-up"));
    }
    if (invocation.has("json")) {
      console.result(new GsonBuilder().setPrettyPrinting().create().toJson(json(summary)));
    } else {
      print(summary, console);
    }
  }

  private record Lines(Console console) implements RunListener {

    @Override
    public void data(String summary) {
      console.info(summary);
    }

    @Override
    public void iteration(
        IterationRecord iteration, Duration elapsed, Optional<Duration> remaining) {
      console.info(
          String.format(
              Locale.ROOT,
              "iteration %d  measured %d  archive %d  hypervolume %.4f%s  elapsed %s%s",
              iteration.iteration(),
              iteration.evaluations(),
              iteration.archiveSize(),
              iteration.hypervolume(),
              iteration.newErrors().entrySet().stream()
                  .filter(entry -> entry.getValue().size() > 0)
                  .map(entry -> predictor(entry.getKey(), entry.getValue()))
                  .collect(Collectors.joining()),
              Durations.format(elapsed),
              remaining.map(left -> "  remaining " + Durations.format(left)).orElse("")));
    }

    private static String predictor(String value, PredictionError error) {
      return String.format(
          Locale.ROOT,
          "  predictor of %s RMSE %.4f Spearman %.2f Kendall %.2f",
          value,
          error.rmse(),
          error.spearman(),
          error.kendall());
    }

    @Override
    public void warning(String message) {
      console.warning(message);
    }
  }

  private static void print(RunSummary summary, Console console) {
    console.result(
        String.format(
            Locale.ROOT,
            "%d non-dominated subnets, hypervolume %.4f up to %s, %d measurements, %s",
            summary.front().size(),
            summary.hypervolume(),
            summary.referencePoint(),
            summary.evaluations(),
            Durations.format(summary.elapsed())));
    new FrontTable(summary.front()).lines().forEach(console::result);
    console.result("wall time: " + String.join(", ", shares(summary)));
    if (summary.failures() > 0) {
      console.warning(summary.failures() + " subnets could not be measured and were left out");
    }
    console.result("files in " + summary.folder());
  }

  private static List<String> shares(RunSummary summary) {
    Duration rest = summary.elapsed();
    List<String> shares = new ArrayList<>();
    for (Map.Entry<String, Duration> phase : summary.phases().entrySet()) {
      shares.add(share(phase.getKey(), phase.getValue(), summary.elapsed()));
      rest = rest.minus(phase.getValue());
    }
    shares.add(share("the rest", rest, summary.elapsed()));
    return shares;
  }

  private static String share(String name, Duration part, Duration whole) {
    return String.format(
        Locale.ROOT,
        "%s %s (%.1f %%)",
        name,
        Durations.format(part),
        100.0 * part.toMillis() / Math.max(1, whole.toMillis()));
  }

  private static Map<String, Object> json(RunSummary summary) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", summary.folder().toString());
    json.put("seed", summary.seed());
    json.put("evaluations", summary.evaluations());
    json.put("hypervolume", summary.hypervolume());
    json.put("reference_point", summary.referencePoint());
    json.put("seconds", summary.elapsed().toMillis() / 1000.0);
    Map<String, Double> phases = new LinkedHashMap<>();
    summary.phases().forEach((name, time) -> phases.put(name, time.toMillis() / 1000.0));
    json.put("phases", phases);
    json.put("failures", summary.failures());
    json.put("front", summary.front().stream().map(SearchCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(FrontMember member) {
    Map<String, Object> json = new LinkedHashMap<>();
    OptionalDouble predicted = member.predictedAccuracy();
    json.put("predicted_accuracy", predicted.isPresent() ? predicted.getAsDouble() : null);
    json.put("validation_accuracy", member.validationAccuracy());
    json.put("test_accuracy", member.testAccuracy());
    Metric.of(member.cost())
        .forEach(metric -> json.put(metric.column(), metric.raw(member.cost())));
    member
        .measuredLatency()
        .ifPresent(latency -> json.put(Metric.MEASURED_LATENCY.column(), latency.median()));
    json.put("objectives", member.objectives());
    json.put("genes", member.genes());
    if (!member.margins().isEmpty()) {
      json.put("margins", member.margins());
    }
    return json;
  }
}
