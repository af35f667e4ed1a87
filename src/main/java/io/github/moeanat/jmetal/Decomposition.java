package io.github.moeanat.jmetal;

import io.github.moeanat.algorithm.ReferenceDirections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.moeaframework.problem.Problem;
import org.moeaframework.util.weights.NormalBoundaryDivisions;
import org.moeaframework.util.weights.NormalBoundaryIntersectionGenerator;
import org.uma.jmetal.algorithm.multiobjective.gwasfga.GWASFGA;
import org.uma.jmetal.algorithm.multiobjective.mombi.MOMBI;
import org.uma.jmetal.algorithm.multiobjective.mombi.MOMBI2;
import org.uma.jmetal.algorithm.multiobjective.mombi.util.ASFUtilityFunctionSet;
import org.uma.jmetal.algorithm.multiobjective.mombi.util.ASFWASFGA;
import org.uma.jmetal.algorithm.multiobjective.mombi.util.AbstractUtilityFunctionsSet;
import org.uma.jmetal.algorithm.multiobjective.mombi.util.Normalizer;
import org.uma.jmetal.algorithm.multiobjective.nsgaiii.NSGAIII;
import org.uma.jmetal.algorithm.multiobjective.nsgaiii.NSGAIIIBuilder;
import org.uma.jmetal.algorithm.multiobjective.nsgaiii.util.ReferencePoint;
import org.uma.jmetal.algorithm.multiobjective.wasfga.WASFGA;
import org.uma.jmetal.algorithm.multiobjective.wasfga.util.WeightVectors;
import org.uma.jmetal.operator.selection.impl.BinaryTournamentSelection;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.util.ranking.Ranking;
import org.uma.jmetal.util.ranking.impl.FastNonDominatedSortRanking;

/**
 * Recipes of jMetal's algorithms that search along directions. jMetal reads these from files, for
 * some numbers of objectives and some sizes; here they are always Das-Dennis sets, and the
 * population is as large as the set, or in NSGA-III the next multiple of four.
 */
final class Decomposition {

  private static final String DIVISIONS = "numberOfDivisions";
  private static final int MOST_DIRECTIONS = 20_000;

  private Decomposition() {}

  private static double[][] directions(NormalBoundaryDivisions divisions, int objectives) {
    return new NormalBoundaryIntersectionGenerator(objectives, divisions)
        .generate()
        .toArray(double[][]::new);
  }

  /**
   * Returns the largest Das-Dennis set that the population's size has room for.
   *
   * @throws IllegalArgumentException if it has room for none
   */
  static double[][] directions(Options options, Problem problem) {
    int objectives = problem.getNumberOfObjectives();
    int size = options.populationSize();
    double[][] directions = directions(ReferenceDirections.atMost(size, objectives), objectives);
    if (directions.length > size) {
      throw new IllegalArgumentException(
          "populationSize is %d, expected at least %d, the fewest directions with %d objectives"
              .formatted(size, directions.length, objectives));
    }
    return directions;
  }

  private static double[][] divided(Options options, int objectives) {
    int divisions = options.atLeast(DIVISIONS, 12, 1);
    double size =
        CombinatoricsUtils.binomialCoefficientDouble(objectives + divisions - 1, objectives - 1);
    if (size > MOST_DIRECTIONS) {
      throw new IllegalArgumentException(
          "%s is %d, which makes %.3g directions with %d objectives, expected at most %d"
              .formatted(DIVISIONS, divisions, size, objectives, MOST_DIRECTIONS));
    }
    if (options.has("populationSize")) {
      throw new IllegalArgumentException(
          "populationSize and %s both say how many directions there are, expected one of them"
              .formatted(DIVISIONS));
    }
    return directions(new NormalBoundaryDivisions(divisions), objectives);
  }

  static Recipe nsga3(Options options, Problem view) {
    double[][] directions =
        options.has(DIVISIONS)
            ? divided(options, view.getNumberOfObjectives())
            : directions(options, view);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new Nsga3(
            new NSGAIIIBuilder<>(problem)
                .setMaxIterations(Recipes.ENDLESS)
                .setNumberOfDivisions(1)
                .setCrossoverOperator(sbx.create())
                .setMutationOperator(pm.create())
                .setSelectionOperator(new BinaryTournamentSelection<>())
                .setSolutionListEvaluator(problem),
            directions);
  }

  /** NSGA-III that prefers feasible solutions and takes any set of directions. */
  private static final class Nsga3 extends NSGAIII<DoubleSolution> {
    private static final long serialVersionUID = 1L;

    Nsga3(NSGAIIIBuilder<DoubleSolution> builder, double[][] directions) {
      super(builder);
      referencePoints.clear();
      for (double[] direction : directions) {
        ReferencePoint<DoubleSolution> point = new ReferencePoint<>(direction.length);
        for (int i = 0; i < direction.length; i++) {
          point.position.set(i, direction[i]);
        }
        referencePoints.add(point);
      }
      // As jMetal does.
      setMaxPopulationSize((directions.length + 3) / 4 * 4);
    }

    @Override
    protected Ranking<DoubleSolution> computeRanking(List<DoubleSolution> solutions) {
      Ranking<DoubleSolution> ranking = new FastNonDominatedSortRanking<>(Recipes.dominance());
      ranking.compute(solutions);
      return ranking;
    }
  }

  static Recipe mombi(Options options, Problem view) {
    double[][] directions = directions(options, view);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new MOMBI<>(
            problem,
            Recipes.ENDLESS,
            sbx.create(),
            pm.create(),
            Recipes.crowdedTournament(),
            problem,
            "") {
          private static final long serialVersionUID = 1L;

          @Override
          public AbstractUtilityFunctionsSet<DoubleSolution> createUtilityFunction(String file) {
            return new Tchebycheff(directions, getReferencePoint());
          }

          @Override
          public List<DoubleSolution> result() {
            // jMetal's own evaluates the population once more.
            return getPopulation();
          }
        };
  }

  /** MOMBI's utility, which jMetal has for weights in files only. */
  private static final class Tchebycheff extends AbstractUtilityFunctionsSet<DoubleSolution> {
    private static final long serialVersionUID = 1L;

    private final List<Double> ideal;

    Tchebycheff(double[][] directions, List<Double> ideal) {
      super(directions);
      this.ideal = ideal;
    }

    @Override
    public Double evaluate(DoubleSolution solution, int vector) {
      double worst = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < getVectorSize(); i++) {
        double distance = Math.abs(solution.objectives()[i] - ideal.get(i));
        worst = Math.max(worst, getWeightVector(vector).get(i) * distance);
      }
      return worst;
    }
  }

  static Recipe mombi2(Options options, Problem view) {
    double[][] directions = directions(options, view);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new MOMBI2<>(
            problem,
            Recipes.ENDLESS,
            sbx.create(),
            pm.create(),
            Recipes.crowdedTournament(),
            problem,
            "") {
          private static final long serialVersionUID = 1L;

          @Override
          public AbstractUtilityFunctionsSet<DoubleSolution> createUtilityFunction(String file) {
            int objectives = getProblem().numberOfObjectives();
            maxs = new ArrayList<>(Collections.nCopies(objectives, Double.NEGATIVE_INFINITY));
            normalizer = new Normalizer(getReferencePoint(), maxs);
            ASFUtilityFunctionSet<DoubleSolution> utility = new ASFUtilityFunctionSet<>(directions);
            utility.setNormalizer(normalizer);
            return utility;
          }

          @Override
          public List<DoubleSolution> result() {
            // jMetal's own evaluates the population once more.
            return getPopulation();
          }
        };
  }

  static Recipe wasfga(Options options, Problem view) {
    double epsilon = epsilon(options, view);
    double[][] inverted = inverted(directions(options, view), epsilon);
    List<Double> reference = options.point("referencePoint", view.getNumberOfObjectives());
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new WASFGA<>(
            problem,
            inverted.length,
            Recipes.ENDLESS,
            sbx.create(),
            pm.create(),
            Recipes.crowdedTournament(),
            problem,
            epsilon,
            reference) {
          private static final long serialVersionUID = 1L;

          @Override
          public AbstractUtilityFunctionsSet<DoubleSolution> createUtilityFunction() {
            weights = inverted;
            return new ASFWASFGA<>(inverted, reference);
          }
        };
  }

  static Recipe gwasfga(Options options, Problem view) {
    double epsilon = epsilon(options, view);
    double[][] inverted = inverted(directions(options, view), epsilon);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new GWASFGA<>(
            problem,
            inverted.length,
            Recipes.ENDLESS,
            sbx.create(),
            pm.create(),
            Recipes.crowdedTournament(),
            problem,
            epsilon) {
          private static final long serialVersionUID = 1L;

          @Override
          public AbstractUtilityFunctionsSet<DoubleSolution> createUtilityFunction() {
            weights = inverted;
            return new ASFWASFGA<>(inverted);
          }
        };
  }

  // Not the framework's epsilon, which its tools hand to every algorithm for archives.
  private static double epsilon(Options options, Problem view) {
    double epsilon = options.notNegative("weightEpsilon", 0.01);
    int objectives = view.getNumberOfObjectives();
    if (epsilon <= 0 || epsilon * objectives >= 1) {
      throw new IllegalArgumentException(
          "weightEpsilon is %s, expected a number above 0 and below 1/%d, the number of objectives"
              .formatted(epsilon, objectives));
    }
    return epsilon;
  }

  /** Weights of which none is zero, because their inverses are used. */
  private static double[][] inverted(double[][] directions, double epsilon) {
    double[][] lifted = new double[directions.length][];
    for (int i = 0; i < lifted.length; i++) {
      lifted[i] = directions[i].clone();
      for (int j = 0; j < lifted[i].length; j++) {
        lifted[i][j] = epsilon + (1 - lifted[i].length * epsilon) * lifted[i][j];
      }
    }
    return WeightVectors.invert(lifted, true);
  }
}
