package io.github.moeanat.jmetal;

import java.util.ArrayList;
import java.util.List;
import org.uma.jmetal.algorithm.multiobjective.smsemoa.SMSEMOA;
import org.uma.jmetal.operator.crossover.CrossoverOperator;
import org.uma.jmetal.operator.mutation.MutationOperator;
import org.uma.jmetal.operator.selection.impl.RandomSelection;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.util.legacy.qualityindicator.impl.hypervolume.Hypervolume;
import org.uma.jmetal.util.legacy.qualityindicator.impl.hypervolume.impl.PISAHypervolume;
import org.uma.jmetal.util.ranking.Ranking;
import org.uma.jmetal.util.ranking.impl.FastNonDominatedSortRanking;

/**
 * SMS-EMOA that prefers feasible solutions. jMetal's own takes a dominance that knows constraints
 * and does not use it.
 */
// The algorithm still takes no other kind of hypervolume than the one that jMetal calls deprecated.
@SuppressWarnings("deprecation")
final class SmsEmoa extends SMSEMOA<DoubleSolution> {

  private static final long serialVersionUID = 1L;
  private static final double OFFSET = 100;

  private final Hypervolume<DoubleSolution> hypervolume;

  /** Creates the algorithm for one run. */
  SmsEmoa(
      RealProblem problem,
      int size,
      CrossoverOperator<DoubleSolution> crossover,
      MutationOperator<DoubleSolution> mutation) {
    this(problem, size, crossover, mutation, new PISAHypervolume<>());
  }

  private SmsEmoa(
      RealProblem problem,
      int size,
      CrossoverOperator<DoubleSolution> crossover,
      MutationOperator<DoubleSolution> mutation,
      Hypervolume<DoubleSolution> hypervolume) {
    super(
        problem,
        Recipes.ENDLESS,
        size,
        OFFSET,
        crossover,
        mutation,
        new RandomSelection<>(),
        Recipes.dominance(),
        hypervolume);
    this.hypervolume = hypervolume;
    hypervolume.setOffset(OFFSET);
  }

  @Override
  protected List<DoubleSolution> replacement(
      List<DoubleSolution> parents, List<DoubleSolution> offspring) {
    if (getProblem().numberOfConstraints() == 0) {
      return super.replacement(parents, offspring);
    }
    List<DoubleSolution> all = new ArrayList<>(parents);
    all.addAll(offspring);
    Ranking<DoubleSolution> ranking = new FastNonDominatedSortRanking<>(dominanceComparator);
    ranking.compute(all);
    int last = ranking.getNumberOfSubFronts() - 1;
    List<DoubleSolution> survivors = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      survivors.addAll(ranking.getSubFront(i));
    }
    // Sorted by contribution, the least last.
    List<DoubleSolution> worst =
        hypervolume.computeHypervolumeContribution(ranking.getSubFront(last), all);
    survivors.addAll(worst.subList(0, worst.size() - 1));
    return survivors;
  }
}
