package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.MathArrays;

/**
 * How well a model predicts samples that it was not fitted to, by cross-validation.
 *
 * @param samples how many were predicted: each once, by a model of the other parts
 * @param folds number of parts
 * @param rmse root mean squared error in the value's own unit
 * @param mae mean absolute error
 * @param spearman rank correlation of all predictions
 * @param kendall tau-b of all predictions
 */
public record HeldOutError(
    int samples, int folds, double rmse, double mae, double spearman, double kendall) {

  /**
   * Cross-validates a model.
   *
   * @param x one row of features for each sample
   * @param y the value of each sample
   * @param folds number of random parts of equal size, up to one
   * @param seed decides the parts
   * @param fit fits the model
   * @throws IllegalArgumentException if there are fewer than two samples for each part
   */
  public static HeldOutError of(
      double[][] x,
      double[] y,
      int folds,
      long seed,
      BiFunction<double[][], double[], Regressor> fit) {
    Requires.atLeast("number of samples", x.length, 2 * folds);
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.length).boxed().toList());
    Collections.shuffle(order, new Random(new Seeds(seed).derive("cross-validation")));
    double[] predicted = new double[x.length];
    for (int fold = 0; fold < folds; fold++) {
      int held = fold;
      int[] out = IntStream.range(0, x.length).filter(i -> i % folds == held).toArray();
      int[] in = IntStream.range(0, x.length).filter(i -> i % folds != held).toArray();
      double[][] rows = IntStream.of(in).mapToObj(i -> x[order.get(i)]).toArray(double[][]::new);
      double[] targets = IntStream.of(in).mapToDouble(i -> y[order.get(i)]).toArray();
      double[][] points = IntStream.of(out).mapToObj(i -> x[order.get(i)]).toArray(double[][]::new);
      double[] values = fit.apply(rows, targets).predict(points);
      for (int i = 0; i < out.length; i++) {
        predicted[order.get(out[i])] = values[i];
      }
    }
    PredictionError error = PredictionError.of(predicted, y);
    return new HeldOutError(
        y.length,
        folds,
        error.rmse(),
        MathArrays.distance1(predicted, y) / y.length,
        error.spearman(),
        error.kendall());
  }
}
