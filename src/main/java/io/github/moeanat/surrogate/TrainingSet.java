package io.github.moeanat.surrogate;

import java.util.Arrays;
import java.util.Comparator;

/** Checked samples; rows and targets have the same order. */
final class TrainingSet {

  private final double[][] points;
  private final double[] targets;

  private TrainingSet(double[][] points, double[] targets) {
    this.points = points;
    this.targets = targets;
  }

  static TrainingSet of(double[][] x, double[] y) {
    if (x.length == 0 || x.length != y.length) {
      throw new IllegalArgumentException(
          "%d samples with %d targets, expected one target for each of at least one sample"
              .formatted(x.length, y.length));
    }
    if (x[0].length == 0) {
      throw new IllegalArgumentException("the samples have no features, expected at least one");
    }
    for (int row = 0; row < x.length; row++) {
      checkLength(x[row], row, x[0].length);
      if (!Double.isFinite(y[row]) || !Arrays.stream(x[row]).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "sample %d has a number that is not finite: %s with target %s"
                .formatted(row, Arrays.toString(x[row]), y[row]));
      }
    }
    return new TrainingSet(x, y);
  }

  static void checkLength(double[] point, int row, int features) {
    if (point.length != features) {
      throw new IllegalArgumentException(
          "row %d has %d features, expected %d".formatted(row, point.length, features));
    }
  }

  int size() {
    return points.length;
  }

  int features() {
    return points[0].length;
  }

  double target(int row) {
    return targets[row];
  }

  /** Returns the values of a feature, one for each row. */
  double[] column(int feature) {
    double[] column = new double[points.length];
    for (int row = 0; row < column.length; row++) {
      column[row] = points[row][feature];
    }
    return column;
  }

  /**
   * Returns the distinct rows of some of the features, each with the mean target of its copies.
   * They are sorted by value, and copies are added in the order of their targets, so that the order
   * in which the samples were given leaves no trace, not even in the last bit.
   */
  TrainingSet distinct(int... features) {
    Integer[] order = new Integer[points.length];
    Arrays.setAll(order, i -> i);
    double[][] projected = new double[points.length][features.length];
    for (int row = 0; row < points.length; row++) {
      for (int f = 0; f < features.length; f++) {
        projected[row][f] = points[row][features[f]];
      }
    }
    Comparator<Integer> byPoint = (a, b) -> Arrays.compare(projected[a], projected[b]);
    Arrays.sort(order, byPoint.thenComparingDouble(i -> targets[i]));
    double[][] rows = new double[points.length][];
    double[] means = new double[points.length];
    int size = 0;
    for (int from = 0, to; from < order.length; from = to) {
      double sum = 0;
      for (to = from; to < order.length && byPoint.compare(order[from], order[to]) == 0; to++) {
        sum += targets[order[to]];
      }
      rows[size] = projected[order[from]];
      means[size++] = sum / (to - from);
    }
    return new TrainingSet(Arrays.copyOf(rows, size), Arrays.copyOf(means, size));
  }
}
