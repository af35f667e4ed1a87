package io.github.moeanat.jmetal;

import org.moeaframework.problem.Problem;
import org.uma.jmetal.algorithm.multiobjective.omopso.OMOPSO;
import org.uma.jmetal.algorithm.multiobjective.smpso.SMPSOBuilder;
import org.uma.jmetal.operator.mutation.impl.NonUniformMutation;
import org.uma.jmetal.operator.mutation.impl.UniformMutation;
import org.uma.jmetal.util.archive.impl.CrowdingDistanceArchive;

/** Recipes of jMetal's particle swarms. */
final class Swarms {

  private Swarms() {}

  static Recipe smpso(Options options, Problem view) {
    int size = options.populationSize();
    int archiveSize = options.atLeast("archiveSize", size, 1);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new SMPSOBuilder(problem, new CrowdingDistanceArchive<>(archiveSize, Recipes.dominance()))
            .setSwarmSize(size)
            .setMaxIterations(Recipes.ENDLESS)
            .setMutation(pm.create())
            .setDominanceComparator(Recipes.dominance())
            .setSolutionListEvaluator(problem)
            .build();
  }

  static Recipe omopso(Options options, Problem view) {
    int size = options.populationSize();
    int archiveSize = options.atLeast("archiveSize", size, 1);
    double rate = options.probability("mutationProbability", 1.0 / view.getNumberOfVariables());
    double perturbation = options.notNegative("perturbationIndex", 0.5);
    double eta = options.firstNotNegative("epsilon", 0.0075);
    return (problem, evaluations) ->
        new OMOPSO(
            problem,
            problem,
            size,
            Recipes.ENDLESS,
            archiveSize,
            eta,
            new UniformMutation(rate, perturbation),
            new BoundedMutation(rate, perturbation, 1 + evaluations / size));
  }

  /** A mutation that stays as small as it has become in runs that are longer than expected. */
  private static final class BoundedMutation extends NonUniformMutation {
    private static final long serialVersionUID = 1L;

    BoundedMutation(double rate, double perturbation, int iterations) {
      super(rate, perturbation, iterations);
    }

    @Override
    public void setCurrentIteration(int iteration) {
      super.setCurrentIteration(Math.min(iteration, getMaxIterations()));
    }
  }
}
