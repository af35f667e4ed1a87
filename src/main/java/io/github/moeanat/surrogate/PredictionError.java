package io.github.moeanat.surrogate;

import java.io.Serializable;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.util.MathArrays;

/**
 * How well one value was predicted for a batch of solutions.
 *
 * @param size solutions in the batch
 * @param rmse root mean squared error in the value's own unit; NaN for an empty batch
 * @param spearman rank correlation; NaN below two solutions or without any spread
 * @param kendall tau-b; NaN as above
 */
public record PredictionError(int size, double rmse, double spearman, double kendall)
    implements Serializable {

  /**
   * Compares predictions with measurements of the same solutions.
   *
   * @throws org.apache.commons.math3.exception.DimensionMismatchException if there are not as many
   *     of both
   */
  public static PredictionError of(double[] predicted, double[] measured) {
    int n = predicted.length;
    return new PredictionError(
        n,
        MathArrays.distance(predicted, measured) / Math.sqrt(n),
        n < 2 ? Double.NaN : new SpearmansCorrelation().correlation(predicted, measured),
        n < 2 ? Double.NaN : new KendallsCorrelation().correlation(predicted, measured));
  }
}
