package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import io.github.moeanat.surrogate.Regressor;
import io.github.moeanat.surrogate.Surrogate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.moeaframework.core.Solution;

/**
 * Predicts solutions: one surrogate for every expensive value, the exact figure for every cheap
 * one. Predicted solutions are objects of their own that are made here and never reach the archive;
 * what is measured is measured on a fresh solution, so a prediction can't be taken for a
 * measurement.
 *
 * <p>Features are canonical genes, so that genes of absent layers never reach a predictor.
 */
final class SurrogateEvaluator {

  private final ExpensiveProblem problem;
  private final List<ToDoubleFunction<Solution>> expensive = new ArrayList<>();
  private final List<Regressor> regressors = new ArrayList<>();
  private long predictions;

  SurrogateEvaluator(ExpensiveProblem problem, long predictionsSoFar) {
    this.problem = problem;
    this.predictions = predictionsSoFar;
    for (int i = 0; i < problem.getNumberOfObjectives(); i++) {
      int objective = i;
      if (!problem.isCheapObjective(i)) {
        expensive.add(solution -> solution.getObjectiveValue(objective));
      }
    }
    for (int i = 0; i < problem.getNumberOfConstraints(); i++) {
      int constraint = i;
      if (!problem.isCheapConstraint(i)) {
        expensive.add(solution -> solution.getConstraintValue(constraint));
      }
    }
  }

  /** Number of predictions so far; every predicted solution counts once. */
  long predictions() {
    return predictions;
  }

  /** Fits one regressor for each expensive value to measured solutions. */
  void fit(Surrogate surrogate, List<Solution> measured, Seeds seeds, int iteration) {
    regressors.clear();
    double[][] features = measured.stream().map(this::features).toArray(double[][]::new);
    for (int value = 0; value < expensive.size(); value++) {
      double[] targets = measured.stream().mapToDouble(expensive.get(value)).toArray();
      long seed = seeds.derive("surrogate", iteration, value);
      regressors.add(surrogate.fit(features, targets, seed));
    }
  }

  /** Returns predicted solutions of some genotypes. */
  List<Solution> predict(Collection<Genotype> genotypes) {
    List<Solution> solutions =
        genotypes.stream().map(genotype -> genotype.newSolution(problem)).toList();
    predictInPlace(solutions);
    return solutions;
  }

  /** Sets predicted and exact values of solutions that are themselves predictions. */
  void predictInPlace(List<Solution> solutions) {
    if (solutions.isEmpty()) {
      return;
    }
    double[][] features = solutions.stream().map(this::features).toArray(double[][]::new);
    List<double[]> predicted = regressors.stream().map(r -> r.predict(features)).toList();
    for (int i = 0; i < solutions.size(); i++) {
      Solution solution = solutions.get(i);
      problem.evaluateCheap(solution);
      int value = 0;
      for (int objective = 0; objective < solution.getNumberOfObjectives(); objective++) {
        if (!problem.isCheapObjective(objective)) {
          solution.setObjectiveValue(objective, predicted.get(value++)[i]);
        }
      }
      for (int constraint = 0; constraint < solution.getNumberOfConstraints(); constraint++) {
        if (!problem.isCheapConstraint(constraint)) {
          solution.setConstraintValue(constraint, predicted.get(value++)[i]);
        }
      }
    }
    predictions += solutions.size();
  }

  /** Returns the genotype of a solution in canonical form. */
  Genotype genotype(Solution solution) {
    return Genotype.of(problem.canonical(IntegerVariable.toInts(solution)));
  }

  /** Compares the first expensive value of predicted and measured solutions, pair by pair. */
  PredictionError error(List<Solution> predicted, List<Solution> measured) {
    if (expensive.isEmpty()) {
      return PredictionError.of(new double[0], new double[0]);
    }
    ToDoubleFunction<Solution> first = expensive.get(0);
    return PredictionError.of(
        predicted.stream().mapToDouble(first).toArray(),
        measured.stream().mapToDouble(first).toArray());
  }

  private double[] features(Solution solution) {
    int[] genes = problem.canonical(IntegerVariable.toInts(solution));
    return IntStream.of(genes).asDoubleStream().toArray();
  }
}
