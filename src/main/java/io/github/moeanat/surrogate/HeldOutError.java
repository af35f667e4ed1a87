package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Seeds;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

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
    int[] order = permutation(x.length, new Seeds(seed).generator("cross-validation"));
    double[] predicted = new double[x.length];
    for (int fold = 0; fold < folds; fold++) {
      int held = fold;
      int[] out = IntStream.range(0, x.length).filter(i -> i % folds == held).toArray();
      int[] in = IntStream.range(0, x.length).filter(i -> i % folds != held).toArray();
      double[][] rows = IntStream.of(in).mapToObj(i -> x[order[i]]).toArray(double[][]::new);
      double[] targets = IntStream.of(in).mapToDouble(i -> y[order[i]]).toArray();
      double[][] points = IntStream.of(out).mapToObj(i -> x[order[i]]).toArray(double[][]::new);
      double[] values = fit.apply(rows, targets).predict(points);
      for (int i = 0; i < out.length; i++) {
        predicted[order[out[i]]] = values[i];
      }
    }
    double squares = 0;
    double distances = 0;
    for (int i = 0; i < y.length; i++) {
      squares += (predicted[i] - y[i]) * (predicted[i] - y[i]);
      distances += Math.abs(predicted[i] - y[i]);
    }
    return new HeldOutError(
        y.length,
        folds,
        Math.sqrt(squares / y.length),
        distances / y.length,
        new SpearmansCorrelation().correlation(predicted, y),
        new KendallsCorrelation().correlation(predicted, y));
  }

  private static int[] permutation(int size, RandomGenerator random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
