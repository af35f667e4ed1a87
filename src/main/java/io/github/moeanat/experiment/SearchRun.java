package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.supernet.FamilyWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.extension.Extension;
import org.moeaframework.core.termination.MaxFunctionEvaluations;

/**
 * One search in one folder, from plan to report. After every iteration its state and tables are on
 * disk; a run that was stopped at any instant goes on from the last of them and ends with the files
 * of an unbroken one.
 */
public final class SearchRun {

  private final RunPlan plan;
  private final RunFolder folder;
  private final Execution execution;
  private final Progress progress;
  private final RunListener listener;
  private final InstantSource clock;

  /**
   * Creates a run.
   *
   * @param folder new, overwritten or resumed; stays open
   * @param progress told of long phases; may stop the run by an exception
   * @param clock for elapsed times, which no result depends on
   */
  public SearchRun(
      RunPlan plan,
      RunFolder folder,
      Execution execution,
      Progress progress,
      RunListener listener,
      InstantSource clock) {
    this.plan = plan;
    this.folder = folder;
    this.execution = execution;
    this.progress = progress;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Searches, or goes on searching if the folder holds a checkpoint, and writes all files.
   *
   * @throws IllegalArgumentException if the plan or a file is wrong
   * @throws CancellationException if the user asked to stop; what was saved stays
   * @throws IOException if a file can't be read or written
   */
  public RunSummary run() throws IOException {
    PhaseTimes times = new PhaseTimes(progress, clock);
    try (NatProblem problem = plan.newProblem(execution)) {
      problem.reportTo(times);
      NAT nat = plan.newAlgorithm(problem);
      nat.reportTo(times);
      nat.setThreads(execution.threads());
      Map<String, String> hashes = RunProperties.hashes(folder.properties());
      requireTable(problem, hashes);
      Optional<String> timed =
          RunProperties.value(folder.properties(), RunProperties.LATENCY_CONDITIONS);
      if (Files.exists(folder.checkpoint())) {
        Checkpoint.load(folder.checkpoint(), nat);
        if (nat.runSeed() != plan.seed()) {
          throw new IllegalArgumentException(
              "%s: seed is %d, but the checkpoint beside it belongs to seed %d"
                  .formatted(folder.properties(), plan.seed(), nat.runSeed()));
        }
      } else if (!Files.exists(folder.properties())) {
        RunProperties.write(folder.properties(), plan, execution, problem, nat, hashes);
      }
      PropertiesFile.requireData(
          folder.properties(),
          Optional.ofNullable(hashes.get(RunProperties.DATA)),
          problem.dataHash(),
          problem.definition().data());
      requireMachine(problem, timed);
      listener.data(problem.dataSummary());
      hashes.put(RunProperties.DATA, problem.dataHash());
      // Data and table are those of the run, so where they lie now may be noted.
      RunProperties.write(folder.properties(), plan, execution, problem, nat, hashes);
      Tables tables = new Tables(problem, times);
      nat.addExtension(tables);
      // Last, so that a checkpoint vouches for the tables of its iteration.
      nat.addExtension(new Checkpoint(folder.checkpoint()));
      nat.run(new MaxFunctionEvaluations(Integer.MAX_VALUE));
      FamilyWeights weights =
          nat.adaptedState().map(NatProblem::adaptedWeights).orElseGet(problem::startWeights);
      put(hashes, "startWeights", problem.startWeights());
      put(hashes, "adaptedWeights", weights);
      // The engine runs by now, so it can be asked for its version.
      RunProperties.write(folder.properties(), plan, execution, problem, nat, hashes);
      int most = nat.getSettings().getMaxEvaluations();
      int left = most - nat.getNumberOfEvaluations();
      if (most > 0 && nat.history().size() == 1) {
        listener.warning(
            "nothing was searched: the first sample took %d of %d measurements, and the others"
                    .formatted(most - left, most)
                + " don't pay for an iteration, which begins by measuring the sample again");
      } else if (most > 0 && left > 0 && nat.position() < 1) {
        listener.warning(
            "%d of %d measurements are left over: they don't pay for another iteration"
                .formatted(left, most));
      }
      RunReport report = new RunReport(plan, problem, nat, folder, listener);
      return report.write(weights, new SubnetMeter(problem.definition(), execution), times);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void requireTable(NatProblem problem, Map<String, String> began) {
    RunProperties.requireTable(folder.properties(), began, problem.definition());
  }

  // Latencies of two machines are not comparable.
  private void requireMachine(NatProblem problem, Optional<String> began) {
    if (began.isPresent() && !began.get().equals(problem.latencies().conditions())) {
      throw new IllegalArgumentException(
          "%s: the run's latencies were measured under other conditions: '%s', here '%s'"
              .formatted(folder.properties(), began.get(), problem.latencies().conditions()));
    }
  }

  private static void put(Map<String, String> hashes, String name, FamilyWeights weights) {
    boolean only = weights.members().size() == 1;
    weights
        .members()
        .forEach((width, member) -> hashes.put(only ? name : name + ".w" + width, member.hash()));
  }

  /** Writes tables and tells the listener after every iteration. */
  private final class Tables implements Extension {

    private final ArchiveTable table;
    private final PhaseTimes times;
    private int told = -1;
    // The warm-up and the first sample say nothing about the iterations to come.
    private double firstPosition = Double.NaN;
    private Duration firstElapsed = Duration.ZERO;

    Tables(NatProblem problem, PhaseTimes times) {
      table = new ArchiveTable(problem);
      this.times = times;
    }

    @Override
    public void onRegister(Algorithm algorithm) {
      NAT nat = (NAT) algorithm;
      told = nat.history().size() - 1;
    }

    @Override
    public void onStep(Algorithm algorithm) {
      NAT nat = (NAT) algorithm;
      int last = nat.history().size() - 1;
      if (last == told) {
        return;
      }
      told = last;
      IterationRecord iteration = nat.history().get(last);
      try {
        if (iteration.iteration() == 0) {
          table.writeArchive(folder.initialArchive(), nat.getPopulation());
        }
        table.writeArchive(folder.archive(), nat.getPopulation());
        HistoryCsv.write(folder.history(), nat.history());
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      listener.iteration(iteration, times.elapsed(), remaining(nat.position()));
    }

    private Optional<Duration> remaining(double position) {
      if (Double.isNaN(firstPosition)) {
        firstPosition = position;
        firstElapsed = times.elapsed();
      }
      double done = position - firstPosition;
      long spent = times.elapsed().minus(firstElapsed).toMillis();
      return done <= 0
          ? Optional.empty()
          : Optional.of(Duration.ofMillis((long) (spent * (1 - position) / done)));
    }
  }
}
