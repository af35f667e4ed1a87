package io.github.moeanat.cli;

import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** How commands whose results are a folder begin, begin anew and go on. */
final class FolderOfRun {

  private static final String SEED = "seed";
  private static final String OUTPUT = "output";
  private static final String OVERWRITE = "overwrite";
  private static final String RESUME = "resume";

  private FolderOfRun() {}

  /** Says what is run. */
  @FunctionalInterface
  interface Planner {
    RunPlan plan(String problem, Execution execution);
  }

  /** Runs a plan in its folder. */
  @FunctionalInterface
  interface Runner {
    void run(RunPlan plan, RunFolder folder, Execution execution) throws IOException;
  }

  /** Options of such commands. */
  static Options options() {
    return CommonOptions.running()
        .addOption(CommonOptions.valued(SEED, "N", "seed of the run; drawn if absent"))
        .addOption(CommonOptions.valued(OUTPUT, "DIR", "folder of the results; runs/... if absent"))
        .addOption(CommonOptions.flag(OVERWRITE, "start anew in a folder that holds a run"))
        .addOption(CommonOptions.flag(RESUME, "go on with the run that --output holds"));
  }

  /** Returns a seed for a run that was given none. */
  static long drawnSeed() {
    return new SecureRandom().nextInt(1_000_000);
  }

  /**
   * Runs in a new folder or goes on in the one of an earlier run.
   *
   * @param settled option that an earlier run has settled, as it has the seed
   */
  static void run(Invocation invocation, String settled, Planner planner, Runner runner)
      throws IOException {
    if (invocation.has(RESUME) && invocation.has(OVERWRITE)) {
      throw new IllegalArgumentException("--resume and --overwrite exclude each other");
    }
    Execution execution = invocation.execution();
    if (!execution.device().equals("cpu")) {
      // Starting the engine takes seconds, so the usual device is taken on trust.
      PyTorch.device(execution.device());
    }
    if (invocation.has(RESUME)) {
      resume(invocation, settled, execution, runner);
      return;
    }
    RunPlan plan = planner.plan(invocation.problem(), execution);
    Path path =
        Path.of(
            invocation
                .value(OUTPUT)
                .orElse("runs/" + plan.problem() + "-" + plan.algorithm() + "-" + plan.seed()));
    try (RunFolder folder =
        invocation.has(OVERWRITE) ? RunFolder.overwrite(path) : RunFolder.create(path)) {
      runner.run(plan, folder, execution);
    }
  }

  private static void resume(
      Invocation invocation, String settled, Execution execution, Runner runner)
      throws IOException {
    for (String option : List.of(SEED, settled)) {
      if (invocation.has(option)) {
        throw new IllegalArgumentException(
            "--resume goes on as the run began; it takes no --" + option);
      }
    }
    String output =
        invocation
            .value(OUTPUT)
            .orElseThrow(() -> new IllegalArgumentException("--resume needs --output DIR"));
    Map<String, String> moved = invocation.moved();
    try (RunFolder folder = RunFolder.resume(Path.of(output))) {
      RunPlan plan = RunPlan.read(folder.properties(), moved);
      requireProblem(invocation, plan, folder);
      runner.run(plan, folder, execution);
    }
  }

  private static void requireProblem(Invocation invocation, RunPlan plan, RunFolder folder) {
    Optional<String> given = invocation.givenProblem();
    if (given.isPresent()) {
      String problem = ProblemChoice.fileName(given.get());
      if (!plan.problem().equals(problem)) {
        throw new IllegalArgumentException(
            "%s holds a run of %s, not of %s".formatted(folder.path(), plan.problem(), problem));
      }
    }
  }
}
