package io.github.moeanat.experiment.bench;

import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** Repeated measurements of one thing. */
final class Series {

  private Series() {}

  static double median(List<Double> values) {
    return new Median().evaluate(array(values));
  }

  /** Returns the smallest and the largest value for people. */
  static String range(List<Double> values) {
    return Figure.number(values.stream().mapToDouble(v -> v).min().orElse(Double.NaN))
        + " to "
        + Figure.number(values.stream().mapToDouble(v -> v).max().orElse(Double.NaN));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
