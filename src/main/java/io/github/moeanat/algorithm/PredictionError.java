package io.github.moeanat.algorithm;

import java.io.Serializable;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How well one value was predicted for a batch: predictions made before the adaptation against
 * measurements made after it.
 *
 * @param size solutions in the batch
 * @param rmse root mean squared error in the value's own unit; NaN for an empty batch
 * @param spearman rank correlation; NaN below two solutions or without any spread
 * @param kendall tau-b; NaN as above
 */
public record PredictionError(int size, double rmse, double spearman, double kendall)
    implements Serializable {

  static PredictionError of(double[] predicted, double[] measured) {
    int n = predicted.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double error = predicted[i] - measured[i];
      sum += error * error;
    }
    return new PredictionError(
        n,
        Math.sqrt(sum / n),
        n < 2 ? Double.NaN : new SpearmansCorrelation().correlation(predicted, measured),
        n < 2 ? Double.NaN : new KendallsCorrelation().correlation(predicted, measured));
  }
}
