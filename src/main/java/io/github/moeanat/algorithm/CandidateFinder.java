package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.moeaframework.core.operator.Variation;

/** Finds genotypes that were never measured: the first sample, and candidates of an iteration. */
final class CandidateFinder {

  private final ExpensiveProblem problem;
  private final NatSettings settings;
  private final UnmeasuredSampler unmeasured;

  CandidateFinder(ExpensiveProblem problem, NatSettings settings) {
    this.problem = problem;
    this.settings = settings;
    this.unmeasured = new UnmeasuredSampler(problem);
  }

  /** Returns the problem's extremes and samples, at most {@code size} in all. */
  List<Genotype> firstSample(int size, RandomGenerator random) {
    Set<Genotype> sample = new LinkedHashSet<>();
    for (int[] extreme : problem.extremes()) {
      if (sample.size() < size) {
        sample.add(Genotype.of(extreme));
      }
    }
    fill(sample, size, Set.of(), random);
    return List.copyOf(sample);
  }

  /**
   * Returns candidates; empty only if every genotype was measured. Draws from the framework's
   * generator as well.
   *
   * @param evaluator fitted to the archive
   * @param archive genotypes of the archive
   * @param known genotypes that were measured
   * @param variation crossover and mutation of the search
   */
  Set<Genotype> candidates(
      SurrogateEvaluator evaluator,
      List<Genotype> archive,
      Set<Genotype> known,
      Variation variation,
      RandomGenerator random,
      Progress progress) {
    Set<Genotype> candidates = new LinkedHashSet<>();
    int wanted = 1;
    if (settings.getSearch() == SearchKind.RANDOM) {
      // As many as are measured, so that no prediction chooses among them.
      wanted = Math.min(settings.getPopulationSize(), NatSettings.limit(settings.getNewMembers()));
    } else {
      new Nsga3Search(settings.getPopulationSize(), settings.getGenerations(), variation)
          .search(problem, evaluator, archive, random, progress).stream()
              .map(evaluator::genotype)
              .filter(genotype -> !known.contains(genotype))
              .forEach(candidates::add);
    }
    fill(candidates, wanted, known, random);
    return candidates;
  }

  private void fill(
      Set<Genotype> genotypes, int size, Set<Genotype> known, RandomGenerator random) {
    Set<Genotype> excluded = new LinkedHashSet<>(known);
    excluded.addAll(genotypes);
    while (genotypes.size() < size) {
      Optional<Genotype> sample = unmeasured.sample(excluded, random);
      if (sample.isEmpty()) {
        return;
      }
      genotypes.add(sample.get());
      excluded.add(sample.get());
    }
  }
}
