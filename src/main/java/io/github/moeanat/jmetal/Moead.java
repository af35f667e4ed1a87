package io.github.moeanat.jmetal;

import java.util.List;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.algorithm.Algorithm;
import org.uma.jmetal.algorithm.multiobjective.moead.AbstractMOEAD.FunctionType;
import org.uma.jmetal.algorithm.multiobjective.moead.ConstraintMOEAD;
import org.uma.jmetal.algorithm.multiobjective.moead.MOEAD;
import org.uma.jmetal.algorithm.multiobjective.moead.MOEADD;
import org.uma.jmetal.algorithm.multiobjective.moead.MOEADDRA;
import org.uma.jmetal.algorithm.multiobjective.moead.MOEADSTM;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;

/**
 * jMetal's versions of MOEA/D. Each is given its directions where it would read them from a file.
 */
final class Moead implements Recipe {

  /** Which of the versions; the property's values, whatever their case. */
  private enum Variant {
    MOEAD,
    CONSTRAINTMOEAD,
    MOEADD,
    MOEADDRA,
    MOEADSTM
  }

  private static final String NEIGHBOURS = "neighborSize";

  private final double[][] directions;
  private final Variant variant;
  private final int neighbours;
  private final double neighbourhood;
  private final int replaced;
  private final Variation.Pm pm;
  private final Variation.De de;
  private final Variation.Sbx sbx;

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException if a property's value is not what is expected
   */
  Moead(Options options, Problem view) {
    directions = Decomposition.directions(options, view);
    boolean constrained = view.getNumberOfConstraints() > 0;
    variant =
        options.choice(
            "variant", constrained ? Variant.CONSTRAINTMOEAD : Variant.MOEAD, Variant.class);
    if (constrained && variant != Variant.CONSTRAINTMOEAD) {
      throw new IllegalArgumentException(
          "variant %s ignores constraints and %s has %d, expected CONSTRAINTMOEAD"
              .formatted(variant, view.getName(), view.getNumberOfConstraints()));
    }
    int wanted = options.atLeast(NEIGHBOURS, 20, 2);
    if (options.has(NEIGHBOURS) && wanted > directions.length) {
      throw new IllegalArgumentException(
          "%s is %d, expected at most %d, the number of directions"
              .formatted(NEIGHBOURS, wanted, directions.length));
    }
    neighbours = Math.min(wanted, directions.length);
    neighbourhood = options.probability("neighborhoodSelectionProbability", 0.9);
    replaced = options.atLeast("maximumNumberOfReplacedSolutions", 2, 1);
    pm = Variation.Pm.of(options, view);
    de = variant == Variant.MOEADD ? null : Variation.De.of(options);
    sbx = variant == Variant.MOEADD ? Variation.Sbx.of(options) : null;
  }

  @Override
  public Algorithm<List<DoubleSolution>> create(RealProblem problem, int evaluations) {
    return switch (variant) {
      case MOEAD -> moead(problem);
      case CONSTRAINTMOEAD -> constraintMoead(problem);
      case MOEADD -> moeadd(problem);
      case MOEADDRA -> moeadDra(problem);
      case MOEADSTM -> moeadStm(problem);
    };
  }

  @Override
  public boolean settlesItself() {
    return variant == Variant.MOEADSTM;
  }

  private MOEAD moead(RealProblem problem) {
    return new MOEAD(
        problem,
        directions.length,
        directions.length,
        Recipes.ENDLESS,
        pm.create(),
        de.create(),
        FunctionType.TCHE,
        "",
        neighbourhood,
        replaced,
        neighbours) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void initializeUniformWeight() {
        lambda = directions;
      }
    };
  }

  private ConstraintMOEAD constraintMoead(RealProblem problem) {
    return new ConstraintMOEAD(
        problem,
        directions.length,
        directions.length,
        Recipes.ENDLESS,
        pm.create(),
        de.create(),
        FunctionType.TCHE,
        "",
        neighbourhood,
        replaced,
        neighbours) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void initializeUniformWeight() {
        lambda = directions;
      }
    };
  }

  private MOEADDRA moeadDra(RealProblem problem) {
    return new MOEADDRA(
        problem,
        directions.length,
        directions.length,
        Recipes.ENDLESS,
        pm.create(),
        de.create(),
        FunctionType.TCHE,
        "",
        neighbourhood,
        replaced,
        neighbours) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void initializeUniformWeight() {
        lambda = directions;
      }
    };
  }

  private MOEADSTM moeadStm(RealProblem real) {
    return new MOEADSTM(
        real,
        directions.length,
        directions.length,
        Recipes.ENDLESS,
        pm.create(),
        de.create(),
        FunctionType.TCHE,
        "",
        neighbourhood,
        replaced,
        neighbours) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void initializeUniformWeight() {
        lambda = directions;
      }

      @Override
      public void stmSelection() {
        super.stmSelection();
        // Children of a generation are in no population before.
        real.settle();
      }
    };
  }

  private MOEADD<DoubleSolution> moeadd(RealProblem problem) {
    return new MOEADD<>(
        problem,
        directions.length,
        directions.length,
        Recipes.ENDLESS,
        sbx.create(),
        pm.create(),
        FunctionType.PBI,
        "",
        neighbourhood,
        replaced,
        neighbours) {
      private static final long serialVersionUID = 1L;

      @Override
      protected void initializeUniformWeight() {
        lambda = directions;
      }
    };
  }
}
