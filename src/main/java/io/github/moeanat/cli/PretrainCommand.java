package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.experiment.pretrain.CurvePoint;
import io.github.moeanat.experiment.pretrain.MeasuredSubnet;
import io.github.moeanat.experiment.pretrain.PretrainingListener;
import io.github.moeanat.experiment.pretrain.PretrainingRun;
import io.github.moeanat.experiment.pretrain.PretrainingSummary;
import io.github.moeanat.experiment.pretrain.Recipe;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.SupernetSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.commons.cli.Options;

/** Trains a supernet from nothing: {@code nat pretrain cifar100-small}. */
final class PretrainCommand implements Command {

  private static final String RECIPE = "recipe";
  private static final String DEFAULT_RECIPE = "one-stage";

  @Override
  public String name() {
    return "pretrain";
  }

  @Override
  public String usage() {
    return "PROBLEM|--data DIR [options]";
  }

  @Override
  public String summary() {
    return "train a problem's supernet from nothing";
  }

  @Override
  public Options options() {
    return FolderOfRun.options()
        .addOption(
            CommonOptions.valued(
                RECIPE, "NAME", "recipe of algorithms/; %s if absent".formatted(DEFAULT_RECIPE)));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    FolderOfRun.run(
        invocation,
        RECIPE,
        (problem, execution) -> plan(invocation, problem, execution),
        (plan, folder, execution) -> run(invocation, plan, folder, execution));
  }

  private static RunPlan plan(Invocation invocation, String problem, Execution execution) {
    ProblemChoice choice = new ProblemChoice(problem, invocation.overrides());
    choice.refuseUnused(
        SupernetSettings::isOfPretraining,
        "a search's; a pretraining has the whole space and its settings from its recipe,"
            + " docs/pretraining.md names their keys");
    DataSets.require(choice.definitionWithoutTable().data());
    String recipe =
        Invocation.named(
            "recipe", invocation.value(RECIPE).orElse(DEFAULT_RECIPE), NatAlgorithms.recipes());
    int batch =
        Recipe.read(NatAlgorithms.FILES.load(recipe, choice.others()), choice.keysOfPretraining())
            .batch();
    Console console = invocation.console();
    List<String> lowered =
        choice.fitToImages(
            execution, console.progress(invocation.cancellation()), Recipe.BATCH, batch);
    RunPlan plan =
        new RunPlan(
            choice.fileName(),
            choice.file(),
            recipe,
            NatAlgorithms.FILES.load(recipe, choice.others()),
            invocation.seed().orElseGet(FolderOfRun::drawnSeed));
    // Everything that can be wrong about the settings is found before a folder is made.
    PretrainingRun.require(plan);
    lowered.forEach(console::warning);
    return plan;
  }

  private static void run(
      Invocation invocation, RunPlan plan, RunFolder folder, Execution execution)
      throws IOException {
    Console console = invocation.console();
    console.info(
        "supernet of %s by %s, seed %d, %d threads on %s; results go to %s"
            .formatted(
                plan.problem(),
                plan.algorithm(),
                plan.seed(),
                execution.threads(),
                execution.device(),
                folder.path()));
    PretrainingRun run =
        new PretrainingRun(
            plan,
            folder,
            execution,
            console.progress(invocation.cancellation()),
            new Lines(console),
            InstantSource.system());
    PretrainingSummary summary;
    try {
      summary = run.run();
    } catch (CancellationException e) {
      throw new CancellationException(
          "interrupted; nat pretrain %s --output %s --resume goes on"
              .formatted(plan.problem(), folder.path()));
    }
    if (invocation.has("json")) {
      console.result(new GsonBuilder().setPrettyPrinting().create().toJson(json(summary)));
    } else {
      print(summary, console);
    }
  }

  private record Lines(Console console) implements PretrainingListener {

    @Override
    public void data(String summary) {
      console.info(summary);
    }

    @Override
    public void epoch(
        CurvePoint point, double epochs, Duration elapsed, Optional<Duration> remaining) {
      console.info(
          String.format(
              Locale.ROOT,
              "%s %.4g/%.4g  loss %.3f  %% right: smallest %.1f middle %.1f largest %.1f"
                  + "  elapsed %s%s",
              point.phase(),
              point.epoch(),
              epochs,
              point.loss(),
              100 * point.smallest(),
              100 * point.middle(),
              100 * point.largest(),
              Durations.format(elapsed),
              remaining.map(left -> "  remaining " + Durations.format(left)).orElse("")));
    }
  }

  private static void print(PretrainingSummary summary, Console console) {
    console.result(
        "%d steps in %s, seed %d"
            .formatted(summary.steps(), Durations.format(summary.trained()), summary.seed()));
    console.result("Subnet    Validation %  Test %  M MAdds  M parameters  Resolution");
    for (MeasuredSubnet subnet : summary.subnets().subList(0, 3)) {
      console.result(
          String.format(
              Locale.ROOT,
              "%-8s  %12.2f  %6s  %7.3f  %12.3f  %10d",
              subnet.kind(),
              100 * subnet.validation(),
              subnet.test().isPresent() ? percent(subnet.test().getAsDouble()) : "-",
              subnet.cost().madds() / 1e6,
              subnet.cost().params() / 1e6,
              subnet.architecture().resolution()));
    }
    if (!Double.isNaN(summary.rankCorrelation())) {
      console.result(
          String.format(
              Locale.ROOT,
              "Spearman correlation of MAdds and accuracy over %d random subnets: %.3f",
              summary.subnets().size() - 3,
              summary.rankCorrelation()));
    }
    console.result("files in " + summary.folder());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static Map<String, Object> json(PretrainingSummary summary) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", summary.folder().toString());
    json.put("seed", summary.seed());
    json.put("steps", summary.steps());
    json.put("seconds", summary.trained().toMillis() / 1000.0);
    if (!Double.isNaN(summary.rankCorrelation())) {
      json.put("rank_correlation", summary.rankCorrelation());
    }
    json.put("subnets", summary.subnets().stream().map(PretrainCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(MeasuredSubnet subnet) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("subnet", subnet.kind());
    json.put("validation_accuracy", subnet.validation());
    subnet.test().ifPresent(test -> json.put("test_accuracy", test));
    json.put("madds", subnet.cost().madds());
    json.put("params", subnet.cost().params());
    json.put("resolution", subnet.architecture().resolution());
    return json;
  }
}
