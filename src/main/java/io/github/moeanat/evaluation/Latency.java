package io.github.moeanat.evaluation;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * What repeated passes of one network took.
 *
 * @param median ms for a batch
 * @param low lower end of a 95 % confidence interval of the median in ms
 * @param high its upper end
 */
public record Latency(double median, double low, double high) implements Serializable {

  private static final double OUTSIDE = 0.05;

  /**
   * Sums repeated passes up. The interval is bounded by two of them: by the k-th smallest and the
   * k-th largest, with the largest k for which no more than 5 % of all samples would leave the true
   * median outside, whatever the distribution. It holds if the passes do not depend on each other.
   *
   * @param times ms, at least {@link LatencySettings#FEWEST_REPEATS}
   */
  public static Latency of(double[] times) {
    int count = Requires.atLeast("repeats", times.length, LatencySettings.FEWEST_REPEATS);
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    // The smallest number of passes below the median that is not too rare; fewer are.
    int k = new BinomialDistribution(null, count, 0.5).inverseCumulativeProbability(OUTSIDE / 2);
    return new Latency(median, sorted[k - 1], sorted[count - k]);
  }
}
