package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Seeds;
import java.io.Serializable;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Gradient boosting of symmetric trees: all nodes of a level ask the same question, as CatBoost has
 * them. A prediction takes about a microsecond.
 *
 * <p>Each of the trees is fitted to what the ones before it leave over, on four fifths of the
 * samples and half of the features, and added with a tenth of its values. It is no interpolant: it
 * smooths over the noise of measurements.
 */
public final class BoostedTrees implements Regressor, Serializable {

  private static final long serialVersionUID = 1L;
  private static final int TREES = 300;
  private static final int DEPTH = 3;
  private static final int LEAVES = 1 << DEPTH;
  private static final double RATE = 0.1;
  private static final double ROWS = 0.8;
  private static final double FEATURES = 0.5;
  // Samples of the value 0 that are added to every leaf.
  private static final double SHRINKING = 1;
  private static final int MOST_BINS = 64;

  private final int features;
  private final double base;
  private final int[] asked = new int[TREES * DEPTH];
  private final double[] cuts = new double[TREES * DEPTH];
  private final double[] values = new double[TREES * LEAVES];

  private BoostedTrees(TrainingSet samples, RandomGenerator random) {
    features = samples.features();
    base = IntStream.range(0, samples.size()).mapToDouble(samples::target).sum() / samples.size();
    double[] rest = new double[samples.size()];
    Arrays.setAll(rest, row -> samples.target(row) - base);
    double[][] edges = new double[features][];
    byte[][] bins = new byte[features][];
    for (int f = 0; f < features; f++) {
      double[] column = samples.column(f);
      edges[f] = edges(column);
      bins[f] = bins(column, edges[f]);
    }
    for (int tree = 0; tree < TREES; tree++) {
      grow(tree, edges, bins, rest, random);
    }
  }

  /**
   * Fits a model.
   *
   * @param x one row of features for each sample, as they are
   * @param y the value of each sample
   * @param seed fixes everything random; the order of the samples does not matter
   * @throws IllegalArgumentException if there is no sample, if the sizes do not fit each other or a
   *     number is not finite
   */
  public static BoostedTrees fit(double[][] x, double[] y, long seed) {
    TrainingSet samples = TrainingSet.of(x, y);
    int[] all = IntStream.range(0, samples.features()).toArray();
    return new BoostedTrees(samples.distinct(all), new Seeds(seed).generator("boosted-trees"));
  }

  @Override
  public double[] predict(double[][] x) {
    double[] predicted = new double[x.length];
    for (int row = 0; row < x.length; row++) {
      TrainingSet.checkLength(x[row], row, features);
      predicted[row] = predict(x[row]);
    }
    return predicted;
  }

  /**
   * Predicts the value of one point.
   *
   * @param point as many features as the model was fitted to
   */
  public double predict(double[] point) {
    double sum = base;
    for (int tree = 0; tree < TREES; tree++) {
      int leaf = 0;
      for (int i = tree * DEPTH; i < (tree + 1) * DEPTH; i++) {
        // 1 for a feature above the cut: the sign of the difference. Answers follow no pattern, and
        // a branch for each would be mispredicted half of the time.
        long sign = Double.doubleToRawLongBits(cuts[i] - point[asked[i]]) >>> (Long.SIZE - 1);
        leaf = 2 * leaf + (int) sign;
      }
      sum += values[tree * LEAVES + leaf];
    }
    return sum;
  }

  private void grow(
      int tree, double[][] edges, byte[][] bins, double[] rest, RandomGenerator random) {
    int[] rows = drawn(rest.length, ROWS, random);
    int[] columns = drawn(features, FEATURES, random);
    int[] leaves = new int[rest.length];
    for (int level = 0; level < DEPTH; level++) {
      int best = columns[0];
      // Behind the last bin lies nothing: such a question leaves all samples where they are.
      int cut = edges[best].length;
      double most = 0;
      for (int f : columns) {
        double[] gains = gains(bins[f], edges[f].length + 1, leaves, 1 << level, rows, rest);
        for (int bin = 0; bin < edges[f].length; bin++) {
          if (gains[bin] > most) {
            most = gains[bin];
            best = f;
            cut = bin;
          }
        }
      }
      int place = tree * DEPTH + level;
      asked[place] = best;
      cuts[place] = cut < edges[best].length ? edges[best][cut] : Double.POSITIVE_INFINITY;
      for (int row = 0; row < leaves.length; row++) {
        leaves[row] = 2 * leaves[row] + (bins[best][row] > cut ? 1 : 0);
      }
    }
    double[] sums = new double[LEAVES];
    int[] counts = new int[LEAVES];
    for (int row : rows) {
      sums[leaves[row]] += rest[row];
      counts[leaves[row]]++;
    }
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      values[tree * LEAVES + leaf] = RATE * sums[leaf] / (counts[leaf] + SHRINKING);
    }
    for (int row = 0; row < rest.length; row++) {
      rest[row] -= values[tree * LEAVES + leaves[row]];
    }
  }

  // What the sum of squares loses by a cut behind each bin, up to a constant of the level.
  private static double[] gains(
      byte[] bins, int size, int[] leaves, int nodes, int[] rows, double[] rest) {
    double[] sums = new double[nodes * size];
    int[] counts = new int[nodes * size];
    for (int row : rows) {
      int place = leaves[row] * size + bins[row];
      sums[place] += rest[row];
      counts[place]++;
    }
    double[] gains = new double[size - 1];
    for (int node = 0; node < nodes; node++) {
      double sum = 0;
      int count = 0;
      for (int i = node * size; i < (node + 1) * size; i++) {
        sum += sums[i];
        count += counts[i];
      }
      double lowSum = 0;
      int lowCount = 0;
      for (int bin = 0; bin < gains.length; bin++) {
        lowSum += sums[node * size + bin];
        lowCount += counts[node * size + bin];
        gains[bin] += share(lowSum, lowCount) + share(sum - lowSum, count - lowCount);
      }
    }
    return gains;
  }

  private static double share(double sum, int count) {
    return sum * sum / (count + SHRINKING);
  }

  // Values between which a cut may lie: in the middle of neighbours, of quantiles if there are
  // many.
  private static double[] edges(double[] column) {
    double[] distinct = Arrays.stream(column).sorted().distinct().toArray();
    int bins = Math.min(distinct.length, MOST_BINS);
    double[] edges = new double[bins - 1];
    for (int i = 1; i < bins; i++) {
      int at = (int) ((long) i * distinct.length / bins);
      edges[i - 1] = (distinct[at - 1] + distinct[at]) / 2;
    }
    return edges;
  }

  private static byte[] bins(double[] column, double[] edges) {
    byte[] bins = new byte[column.length];
    for (int row = 0; row < bins.length; row++) {
      int place = Arrays.binarySearch(edges, column[row]);
      bins[row] = (byte) (place < 0 ? -place - 1 : place);
    }
    return bins;
  }

  /** Returns a random share of the numbers below a size in ascending order, at least one. */
  private static int[] drawn(int size, double share, RandomGenerator random) {
    int wanted = Math.max(1, (int) Math.round(share * size));
    int[] drawn = new int[wanted];
    int found = 0;
    for (int i = 0; found < wanted; i++) {
      if (random.nextDouble() * (size - i) < wanted - found) {
        drawn[found++] = i;
      }
    }
    return drawn;
  }
}
