package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.moeaframework.algorithm.NSGAIII;
import org.moeaframework.core.Solution;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.core.population.ReferencePointNondominatedSortingPopulation;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;

/**
 * NSGA-III on predicted values, started from copies of the archive. Places that the archive does
 * not fill are filled by the problem's sampler. Duplicates are eliminated, as pymoo's NSGA-III does
 * and the framework's does not.
 *
 * @param populationSize size of the population
 * @param generations generations, the first population included
 * @param variation crossover and mutation
 */
record Nsga3Search(int populationSize, int generations, Variation variation) {

  /**
   * Searches from an archive. Draws from the framework's generator as well.
   *
   * @param problem gives samples and fresh solutions
   * @param evaluator fitted to the archive; every returned solution was predicted by it
   * @param archive genotypes of the archive
   * @param random draws samples
   * @return the last population
   */
  List<Solution> search(
      ExpensiveProblem problem,
      SurrogateEvaluator evaluator,
      List<Genotype> archive,
      RandomGenerator random,
      Progress progress) {
    List<Solution> start =
        new ArrayList<>(ReferenceDirections.cut(evaluator.predict(archive), populationSize));
    List<Genotype> samples = new ArrayList<>();
    while (start.size() + samples.size() < populationSize) {
      samples.add(Genotype.of(problem.sample(random)));
    }
    start.addAll(evaluator.predict(samples));
    Inner inner = new Inner(new Predicted(problem), evaluator, start, this);
    try (Progress.Phase phase = progress.begin("searching on predictions", generations)) {
      for (int generation = 0; generation < generations; generation++) {
        inner.step();
        phase.step();
      }
    }
    return inner.getPopulation().asList();
  }

  /** The problem without its evaluation, which the inner search has no business with. */
  private static final class Predicted extends ProblemWrapper {

    Predicted(Problem problem) {
      super(problem);
    }

    @Override
    public void evaluate(Solution solution) {
      throw new UnsupportedOperationException("only predictions are searched");
    }

    @Override
    public void close() {
      // The problem belongs to whoever made it.
    }
  }

  private static final class Inner extends NSGAIII {

    private static final int TRIES_PER_PLACE = 10;

    private final SurrogateEvaluator evaluator;
    private final List<Solution> start;
    private final int size;
    private final org.moeaframework.core.selection.Selection selection;

    Inner(Problem problem, SurrogateEvaluator evaluator, List<Solution> start, Nsga3Search search) {
      super(
          problem,
          start.size(),
          new ReferencePointNondominatedSortingPopulation(
              problem.getNumberOfObjectives(),
              ReferenceDirections.atMost(search.populationSize(), problem.getNumberOfObjectives())),
          getDefaultSelection(problem),
          search.variation(),
          count -> new Solution[0]);
      this.evaluator = evaluator;
      this.start = start;
      this.size = start.size();
      this.selection = getDefaultSelection(problem);
    }

    @Override
    public void initialize() {
      super.initialize();
      getPopulation().addAll(start);
      numberOfEvaluations += size;
    }

    @Override
    public void evaluateAll(Solution[] solutions) {
      evaluator.predictInPlace(Arrays.asList(solutions));
      numberOfEvaluations += solutions.length;
    }

    @Override
    public void iterate() {
      ReferencePointNondominatedSortingPopulation population = getPopulation();
      Set<Genotype> known = new HashSet<>();
      for (Solution solution : population) {
        known.add(evaluator.genotype(solution));
      }
      List<Solution> offspring = new ArrayList<>();
      // In a nearly exhausted space there may be fewer new genotypes than places.
      for (int tries = 0; offspring.size() < size && tries < TRIES_PER_PLACE * size; tries++) {
        Variation variation = getVariation();
        Solution[] parents = selection.select(variation.getArity(), population);
        for (Solution child : variation.evolve(parents)) {
          if (offspring.size() < size && known.add(evaluator.genotype(child))) {
            offspring.add(child);
          }
        }
      }
      evaluateAll(offspring.toArray(new Solution[0]));
      population.addAll(offspring);
      population.truncate(size);
    }
  }
}
