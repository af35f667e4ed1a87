package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.Adaptation;
import io.github.moeanat.problem.AdaptiveProblem;
import io.github.moeanat.problem.MeasurementFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.moeaframework.core.Solution;
import org.moeaframework.problem.Problem;

/**
 * Where a run's true values come from: the run's own adaptation if the problem can be adapted, else
 * the problem. Owns the adaptation.
 */
final class Measurements {

  private final Problem problem;
  private final Optional<AdaptiveProblem> adaptive;
  // Held so that the framework's Instrumenter does not walk into native handles and threads.
  private final AtomicReference<Adaptation> adaptation = new AtomicReference<>();
  private final AtomicReference<byte[]> saved = new AtomicReference<>();

  /**
   * Creates the measurements of a run.
   *
   * @param problem what is solved
   * @param inner the same without a wrapper that only distributes evaluations
   */
  Measurements(Problem problem, Problem inner) {
    this.problem = problem;
    this.adaptive = inner instanceof AdaptiveProblem found ? Optional.of(found) : Optional.empty();
  }

  boolean adaptive() {
    return adaptive.isPresent();
  }

  /** Returns the run's adaptation, started or put back as it was if need be. */
  Adaptation adaptation(Seeds seeds, Progress progress) {
    if (adaptation.get() == null) {
      Adaptation started =
          adaptive.orElseThrow().startAdaptation(seeds.derive("adaptation"), progress);
      try {
        if (saved.get() != null) {
          started.restore(saved.get());
        }
      } catch (RuntimeException e) {
        started.close();
        throw e;
      }
      adaptation.set(started);
    }
    return adaptation.get();
  }

  /** Returns a solution on which true values can be set. */
  Solution newSolution(Genotype genotype) {
    return genotype.newSolution(adaptive() ? adaptive.get() : problem);
  }

  /** Sets all values of the solutions, each tried twice; returns those that failed. */
  List<MeasurementFailure> measure(List<Solution> solutions, Seeds seeds, Progress progress) {
    if (adaptive()) {
      return adaptation(seeds, progress).measure(solutions);
    }
    try (Progress.Phase phase = progress.begin("measuring", solutions.size())) {
      List<MeasurementFailure> first = evaluate(solutions, phase);
      return evaluate(first.stream().map(MeasurementFailure::solution).toList(), phase);
    }
  }

  // All solutions are handed over before the first is asked for its values, so that a
  // DistributedProblem works on them at once.
  private List<MeasurementFailure> evaluate(List<Solution> solutions, Progress.Phase phase) {
    List<MeasurementFailure> failures = new ArrayList<>();
    List<Solution> submitted = new ArrayList<>();
    for (Solution solution : solutions) {
      try {
        problem.evaluate(solution);
        submitted.add(solution);
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        failures.add(failure(solution, e));
      }
    }
    for (Solution solution : submitted) {
      try {
        // Waits for a solution that is measured elsewhere, and throws what was thrown there.
        solution.getObjectiveValues();
        phase.step();
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        failures.add(failure(solution, e));
      }
    }
    return failures;
  }

  private static MeasurementFailure failure(Solution solution, RuntimeException error) {
    Throwable root = ExceptionUtils.getRootCause(error);
    return new MeasurementFailure(
        solution, root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
  }

  /** Adapted weights and optimiser state on the heap; empty if nothing was adapted. */
  Optional<byte[]> state() {
    Adaptation current = adaptation.get();
    return Optional.ofNullable(current != null ? current.save() : saved.get());
  }

  /** Sets the state that the adaptation goes on from when it is next needed. */
  void restore(byte[] state) {
    release();
    saved.set(state);
  }

  /** Copies the adapted weights to the heap, for {@link #rollBack}. */
  void keepState() {
    Adaptation current = adaptation.get();
    if (current != null) {
      saved.set(current.save());
    }
  }

  /** Gives up the weights as they are; the adaptation goes on from the state last kept. */
  void rollBack() {
    Adaptation current = adaptation.getAndSet(null);
    if (current != null) {
      current.close();
    }
  }

  /** Copies the adapted weights to the heap and frees native memory. */
  void release() {
    Adaptation current = adaptation.getAndSet(null);
    if (current != null) {
      saved.set(current.save());
      current.close();
    }
  }
}
