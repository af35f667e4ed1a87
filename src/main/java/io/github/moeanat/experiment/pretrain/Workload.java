package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import java.util.List;
import java.util.stream.IntStream;

/** Expects from multiply-adds how the time of a pretraining is shared among its phases. */
final class Workload {

  private static final int SAMPLES = 64;
  // Ahead only; a training step goes ahead, and back to images and to filters.
  private static final double TEACHER = 1 / 3.0;

  private final List<Double> perStep;
  private final List<Long> steps;

  /**
   * Adds up the phases.
   *
   * @param images number of training images
   */
  Workload(Recipe recipe, ProblemDefinition definition, int images) {
    perStep = recipe.phases().stream().map(phase -> perStep(phase, definition)).toList();
    steps = recipe.phases().stream().map(phase -> recipe.steps(phase.epochs(), images)).toList();
  }

  private static double perStep(Phase phase, ProblemDefinition definition) {
    ArchitectureSampler sampler = new ArchitectureSampler(phase.open().of(definition.space()));
    Seeds seeds = new Seeds(1);
    double sum = phase.teacher().isPresent() ? TEACHER * teacher(phase, definition) : 0;
    for (Phase.Kind kind : phase.subnets()) {
      sum +=
          switch (kind) {
            case LARGEST -> definition.cost(sampler.largest()).madds();
            case SMALLEST -> definition.cost(sampler.smallest()).madds();
            case RANDOM ->
                IntStream.range(0, SAMPLES)
                    .mapToObj(i -> sampler.sample(seeds.generator("workload", i)))
                    .mapToLong(subnet -> definition.cost(subnet).madds())
                    .average()
                    .orElseThrow();
          };
    }
    return sum;
  }

  // The largest subnet, at the resolution that the random ones of a step have.
  private static double teacher(Phase phase, ProblemDefinition definition) {
    Architecture largest = new ArchitectureSampler(definition.space()).largest();
    return phase.open().of(definition.space()).resolutions().stream()
        .map(side -> new Architecture(side, largest.width(), largest.stages()))
        .mapToLong(teacher -> definition.cost(teacher).madds())
        .average()
        .orElseThrow();
  }

  /** Returns which share is done, in [0, 1]. */
  double done(int phase, long step) {
    double done = 0;
    double all = 0;
    for (int i = 0; i < perStep.size(); i++) {
      double whole = perStep.get(i) * steps.get(i);
      all += whole;
      done += i < phase ? whole : i == phase ? perStep.get(i) * step : 0;
    }
    return done / all;
  }

  /** Returns the steps of all phases before one. */
  long before(int phase) {
    return steps.subList(0, phase).stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the steps of a phase. */
  long steps(int phase) {
    return steps.get(phase);
  }
}
