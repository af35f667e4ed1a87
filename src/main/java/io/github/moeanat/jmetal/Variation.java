package io.github.moeanat.jmetal;

import org.moeaframework.problem.Problem;
import org.uma.jmetal.operator.crossover.impl.DifferentialEvolutionCrossover;
import org.uma.jmetal.operator.crossover.impl.DifferentialEvolutionCrossover.DE_VARIANT;
import org.uma.jmetal.operator.crossover.impl.SBXCrossover;
import org.uma.jmetal.operator.mutation.impl.PolynomialMutation;

/** Settings of jMetal's operators for real variables, under the framework's names for them. */
final class Variation {

  /** Simulated binary crossover. */
  record Sbx(double rate, double distributionIndex) {

    static Sbx of(Options options) {
      return new Sbx(
          options.probability("sbx.rate", 1.0), options.notNegative("sbx.distributionIndex", 15.0));
    }

    SBXCrossover create() {
      return new SBXCrossover(rate, distributionIndex);
    }
  }

  /** Polynomial mutation. */
  record Pm(double rate, double distributionIndex) {

    static Pm of(Options options, Problem problem) {
      return new Pm(
          options.probability("pm.rate", 1.0 / problem.getNumberOfVariables()),
          options.notNegative("pm.distributionIndex", 20.0));
    }

    PolynomialMutation create() {
      return new PolynomialMutation(rate, distributionIndex);
    }
  }

  /** Differential evolution, rand/1/bin. */
  record De(double crossoverRate, double stepSize) {

    static De of(Options options) {
      return new De(
          options.probability("de.crossoverRate", 0.1), options.notNegative("de.stepSize", 0.5));
    }

    DifferentialEvolutionCrossover create() {
      return new DifferentialEvolutionCrossover(crossoverRate, stepSize, DE_VARIANT.RAND_1_BIN);
    }
  }

  private Variation() {}
}
