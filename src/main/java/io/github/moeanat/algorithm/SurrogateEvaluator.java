package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import io.github.moeanat.problem.MeasurementFailure;
import io.github.moeanat.surrogate.PredictionError;
import io.github.moeanat.surrogate.Regressor;
import io.github.moeanat.surrogate.Surrogate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.moeaframework.core.Solution;
import org.moeaframework.core.constraint.Constraint;
import org.moeaframework.core.objective.Objective;

/**
 * The one place where solutions get their values, predicted or measured, and where both are
 * counted. Predictions come from one surrogate for every expensive value and are exact for every
 * cheap one. Predicted solutions are objects of their own that are made here and never reach the
 * archive; what is measured is measured on a fresh solution, so a prediction can't be taken for a
 * measurement.
 *
 * <p>Features are canonical genes, so that genes of absent layers never reach a predictor.
 */
final class SurrogateEvaluator {

  private final ExpensiveProblem problem;
  private final Measurements measurements;
  private final List<Expensive> expensive = new ArrayList<>();
  private final List<Regressor> regressors = new ArrayList<>();
  private long predictions;
  private int measured;

  /** A value that has to be predicted. */
  private record Expensive(String name, ToDoubleFunction<Solution> value) {}

  SurrogateEvaluator(ExpensiveProblem problem, Measurements measurements) {
    this.problem = problem;
    this.measurements = measurements;
    Solution solution = problem.newSolution();
    for (int i = 0; i < problem.getNumberOfObjectives(); i++) {
      int objective = i;
      if (!problem.isCheapObjective(i)) {
        String name = Objective.getNameOrDefault(solution.getObjective(i), i);
        expensive.add(new Expensive(name, s -> s.getObjectiveValue(objective)));
      }
    }
    for (int i = 0; i < problem.getNumberOfConstraints(); i++) {
      int constraint = i;
      if (!problem.isCheapConstraint(i)) {
        String name = Constraint.getNameOrDefault(solution.getConstraint(i), i);
        expensive.add(new Expensive(name, s -> s.getConstraintValue(constraint)));
      }
    }
  }

  /** Goes on counting from where an earlier run stood. */
  void restore(long predictionsSoFar, int measuredSoFar) {
    predictions = predictionsSoFar;
    measured = measuredSoFar;
  }

  /** Number of predictions so far; every predicted solution counts once. */
  long predictions() {
    return predictions;
  }

  /** Number of measurements so far, repeated and failed ones included. */
  int measured() {
    return measured;
  }

  /** Sets measured values of fresh solutions; returns those that failed twice. */
  List<MeasurementFailure> measure(List<Solution> solutions, Seeds seeds, Progress progress) {
    List<MeasurementFailure> failed = measurements.measure(solutions, seeds, progress);
    measured += solutions.size();
    return failed;
  }

  /** Number of values that have to be predicted. */
  int expensiveValues() {
    return expensive.size();
  }

  /** Fits one regressor for each expensive value to measured solutions. */
  void fit(
      Surrogate surrogate,
      List<Solution> archive,
      Seeds seeds,
      int iteration,
      Progress.Phase phase) {
    regressors.clear();
    double[][] features = archive.stream().map(this::features).toArray(double[][]::new);
    for (int value = 0; value < expensive.size(); value++) {
      double[] targets = archive.stream().mapToDouble(expensive.get(value).value()).toArray();
      long seed = seeds.derive("surrogate", iteration, value);
      regressors.add(surrogate.fit(features, targets, seed));
      phase.step();
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

  /** Compares every expensive value of predicted and measured solutions, pair by pair. */
  Map<String, PredictionError> errors(List<Solution> predicted, List<Solution> truth) {
    Map<String, PredictionError> errors = new LinkedHashMap<>();
    for (Expensive value : expensive) {
      errors.put(
          value.name(),
          PredictionError.of(
              predicted.stream().mapToDouble(value.value()).toArray(),
              truth.stream().mapToDouble(value.value()).toArray()));
    }
    return errors;
  }

  private double[] features(Solution solution) {
    int[] genes = problem.canonical(IntegerVariable.toInts(solution));
    return IntStream.of(genes).asDoubleStream().toArray();
  }
}
