package io.github.moeanat.jmetal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.algorithm.Algorithm;
import org.uma.jmetal.algorithm.multiobjective.abyss.ABYSS;
import org.uma.jmetal.algorithm.multiobjective.agemoea.AGEMOEABuilder;
import org.uma.jmetal.algorithm.multiobjective.agemoeaii.AGEMOEAIIBuilder;
import org.uma.jmetal.algorithm.multiobjective.espea.ESPEABuilder;
import org.uma.jmetal.algorithm.multiobjective.gde3.GDE3Builder;
import org.uma.jmetal.algorithm.multiobjective.ibea.IBEA;
import org.uma.jmetal.algorithm.multiobjective.mocell.MOCell;
import org.uma.jmetal.algorithm.multiobjective.mosa.MOSA;
import org.uma.jmetal.algorithm.multiobjective.mosa.cooling.impl.Exponential;
import org.uma.jmetal.algorithm.multiobjective.nsgaii.NSGAII;
import org.uma.jmetal.algorithm.multiobjective.paes.PAES;
import org.uma.jmetal.algorithm.multiobjective.pesa2.PESA2;
import org.uma.jmetal.algorithm.multiobjective.rnsgaii.RNSGAII;
import org.uma.jmetal.algorithm.multiobjective.spea2.SPEA2;
import org.uma.jmetal.operator.localsearch.impl.BasicLocalSearch;
import org.uma.jmetal.operator.selection.impl.BinaryTournamentSelection;
import org.uma.jmetal.operator.selection.impl.DifferentialEvolutionSelection;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.util.archive.BoundedArchive;
import org.uma.jmetal.util.archive.impl.CrowdingDistanceArchive;
import org.uma.jmetal.util.archive.impl.GenericBoundedArchive;
import org.uma.jmetal.util.archive.impl.NonDominatedSolutionListArchive;
import org.uma.jmetal.util.comparator.RankingAndCrowdingDistanceComparator;
import org.uma.jmetal.util.comparator.dominanceComparator.impl.DominanceWithConstraintsComparator;
import org.uma.jmetal.util.densityestimator.impl.CrowdingDistanceDensityEstimator;
import org.uma.jmetal.util.densityestimator.impl.GridDensityEstimator;
import org.uma.jmetal.util.neighborhood.impl.C9;

/**
 * How each of jMetal's algorithms is put together: with jMetal's usual settings, with dominance
 * that prefers feasible solutions wherever jMetal lets one choose it, and without an end.
 */
final class Recipes {

  /** jMetal's limit of evaluations or iterations. Whoever runs the algorithm stops it before. */
  static final int ENDLESS = Integer.MAX_VALUE;

  private static final int USUAL_GRID_BITS = 16;
  private static final int MOST_GRID_BITS = 24;

  private Recipes() {}

  /**
   * Returns the recipe of an algorithm.
   *
   * @throws IllegalArgumentException if a property's value is not what is expected
   */
  static Recipe of(JMetalMethod method, Options options, Problem problem) {
    return switch (method) {
      case ABYSS -> abyss(options, problem);
      case AGEMOEA -> ageMoea(options, problem);
      case AGEMOEAII -> ageMoea2(options, problem);
      case ESPEA -> espea(options, problem);
      case GDE3 -> gde3(options);
      case GWASFGA -> Decomposition.gwasfga(options, problem);
      case IBEA -> ibea(options, problem);
      case MOCELL -> mocell(options, problem);
      case MOEAD -> new Moead(options, problem);
      case MOMBI -> Decomposition.mombi(options, problem);
      case MOMBI2 -> Decomposition.mombi2(options, problem);
      case MOSA -> mosa(options, problem);
      case NSGAII -> nsga2(options, problem);
      case NSGAIII -> Decomposition.nsga3(options, problem);
      case OMOPSO -> Swarms.omopso(options, problem);
      case PAES -> paes(options, problem);
      case PESA2 -> pesa2(options, problem);
      case RNSGAII -> rnsga2(options, problem);
      case SMPSO -> Swarms.smpso(options, problem);
      case SMSEMOA -> smsEmoa(options, problem);
      case SPEA2 -> spea2(options, problem);
      case WASFGA -> Decomposition.wasfga(options, problem);
    };
  }

  /** Dominance by Deb's rules: feasible before infeasible, less violated before more. */
  static DominanceWithConstraintsComparator<DoubleSolution> dominance() {
    return new DominanceWithConstraintsComparator<>();
  }

  /** Tournaments won by the better front, and within one by the less crowded. */
  static BinaryTournamentSelection<DoubleSolution> crowdedTournament() {
    return new BinaryTournamentSelection<>(new RankingAndCrowdingDistanceComparator<>());
  }

  private static Recipe nsga2(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new NSGAII<>(
            problem,
            ENDLESS,
            size,
            size,
            size,
            sbx.create(),
            pm.create(),
            crowdedTournament(),
            dominance(),
            problem);
  }

  private static Recipe rnsga2(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    List<Double> interest = options.point("interestPoint", view.getNumberOfObjectives());
    double epsilon = options.notNegative("clearingEpsilon", 0.01);
    return (problem, evaluations) ->
        new RNSGAII<>(
            problem,
            ENDLESS,
            size,
            size,
            size,
            sbx.create(),
            pm.create(),
            crowdedTournament(),
            problem,
            interest,
            epsilon);
  }

  private static Recipe ageMoea(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new AGEMOEABuilder<>(problem)
            .setPopulationSize(size)
            .setMaxIterations(ENDLESS)
            .setCrossoverOperator(sbx.create())
            .setMutationOperator(pm.create())
            .setSolutionListEvaluator(problem)
            .build();
  }

  private static Recipe ageMoea2(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) -> {
      AGEMOEAIIBuilder<DoubleSolution> builder = new AGEMOEAIIBuilder<>(problem);
      builder
          .setPopulationSize(size)
          .setMaxIterations(ENDLESS)
          .setCrossoverOperator(sbx.create())
          .setMutationOperator(pm.create())
          .setSolutionListEvaluator(problem);
      return builder.build();
    };
  }

  private static Recipe espea(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) -> {
      ESPEABuilder<DoubleSolution> builder = new ESPEABuilder<>(problem, sbx.create(), pm.create());
      builder.setPopulationSize(size);
      builder.setMaxEvaluations(ENDLESS);
      builder.setEvaluator(problem);
      return builder.build();
    };
  }

  private static Recipe gde3(Options options) {
    int size = options.populationSize();
    Variation.De de = Variation.De.of(options);
    return (problem, evaluations) ->
        new GDE3Builder(problem)
            .setPopulationSize(size)
            .setMaxEvaluations(ENDLESS)
            .setSelection(new DifferentialEvolutionSelection())
            .setCrossover(de.create())
            .setSolutionSetEvaluator(problem)
            .build();
  }

  private static Recipe ibea(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return new SettlingRecipe(
        real ->
            new IBEA<>(
                real,
                size,
                size,
                ENDLESS,
                new BinaryTournamentSelection<>(),
                sbx.create(),
                pm.create()) {
              private static final long serialVersionUID = 1L;

              @Override
              public void calculateFitness(List<DoubleSolution> union) {
                // The union, which becomes the archive, holds the whole last generation.
                real.settle();
                super.calculateFitness(union);
              }
            });
  }

  private static Recipe mocell(Options options, Problem view) {
    // The cells are a square.
    int side = (int) Math.sqrt(options.populationSize());
    int archiveSize = options.atLeast("archiveSize", side * side, 1);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new MOCell<>(
            problem,
            ENDLESS,
            side * side,
            new CrowdingDistanceArchive<>(archiveSize, dominance()),
            new C9<>(side, side),
            sbx.create(),
            pm.create(),
            crowdedTournament(),
            problem);
  }

  private static Recipe mosa(Options options, Problem view) {
    int archiveSize = options.atLeast("archiveSize", 100, 1);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) -> {
      BoundedArchive<DoubleSolution> archive =
          new GenericBoundedArchive<>(archiveSize, new CrowdingDistanceDensityEstimator<>());
      DoubleSolution first = problem.evaluate(problem.createSolution());
      archive.add(first);
      return new MOSA<>(first, problem, ENDLESS, archive, pm.create(), 1.0, new Exponential(0.95));
    };
  }

  private static Recipe paes(Options options, Problem view) {
    int archiveSize = options.atLeast("archiveSize", 100, 1);
    int bisections = bisections(options, view, 8);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new PAES<>(
            problem,
            ENDLESS,
            new GridArchive(archiveSize, bisections, problem.numberOfObjectives()),
            pm.create());
  }

  /** An archive of PAES that prefers feasible solutions; jMetal's own does not look at them. */
  private static final class GridArchive extends GenericBoundedArchive<DoubleSolution> {
    private static final long serialVersionUID = 1L;

    GridArchive(int size, int bisections, int objectives) {
      super(size, new GridDensityEstimator<>(bisections, objectives));
      archive = new NonDominatedSolutionListArchive<>(dominance());
    }
  }

  /** Bisections of each objective; the grid has two to their number, for all objectives, cells. */
  private static int bisections(Options options, Problem view, int most) {
    int objectives = view.getNumberOfObjectives();
    int usual = Math.max(1, Math.min(most, USUAL_GRID_BITS / objectives));
    int bisections = options.atLeast("bisections", usual, 1);
    if (bisections * objectives > MOST_GRID_BITS) {
      throw new IllegalArgumentException(
          "bisections is %d, expected at most %d for %d objectives"
              .formatted(bisections, MOST_GRID_BITS / objectives, objectives));
    }
    return bisections;
  }

  private static Recipe pesa2(Options options, Problem view) {
    int size = options.populationSize();
    int archiveSize = options.atLeast("archiveSize", size, 1);
    int bisections = bisections(options, view, 5);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new PESA2<>(
            problem, ENDLESS, size, archiveSize, bisections, sbx.create(), pm.create(), problem);
  }

  private static Recipe spea2(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) ->
        new SPEA2<>(
            problem,
            ENDLESS,
            size,
            sbx.create(),
            pm.create(),
            new BinaryTournamentSelection<>(),
            problem,
            1);
  }

  private static Recipe smsEmoa(Options options, Problem view) {
    int size = options.populationSize();
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return (problem, evaluations) -> new SmsEmoa(problem, size, sbx.create(), pm.create());
  }

  private static Recipe abyss(Options options, Problem view) {
    int size = options.atLeast("populationSize", 20, 20);
    int archiveSize = options.atLeast("archiveSize", 100, 1);
    Variation.Sbx sbx = Variation.Sbx.of(options);
    Variation.Pm pm = Variation.Pm.of(options, view);
    return new SettlingRecipe(
        real ->
            new ABYSS(
                real,
                ENDLESS,
                size,
                10,
                10,
                archiveSize,
                new CrowdingDistanceArchive<>(archiveSize, dominance()),
                new BasicLocalSearch<>(1, pm.create(), dominance(), real),
                sbx.create(),
                4) {
              private static final long serialVersionUID = 1L;

              @Override
              public List<List<DoubleSolution>> subsetGeneration() {
                real.settle();
                return super.subsetGeneration();
              }

              @Override
              public List<DoubleSolution> result() {
                // The archive alone lacks what never had to leave the reference sets.
                List<DoubleSolution> all = new ArrayList<>(super.result());
                all.addAll(referenceSet1);
                all.addAll(referenceSet2);
                return all;
              }
            });
  }

  /** A recipe of an algorithm that says itself when what it evaluated has reached its memory. */
  private record SettlingRecipe(Function<RealProblem, Algorithm<List<DoubleSolution>>> maker)
      implements Recipe {

    @Override
    public Algorithm<List<DoubleSolution>> create(RealProblem problem, int evaluations) {
      return maker.apply(problem);
    }

    @Override
    public boolean settlesItself() {
      return true;
    }
  }
}
