package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.moeaframework.core.configuration.Prefix;
import org.moeaframework.core.configuration.Property;

/**
 * NAT's accuracy predictor: many cubic RBF interpolants, each on a random subset of the features
 * (of random size) and on all samples; their mean, or median, is the prediction.
 *
 * <p>Samples that are equal in a member's features count once for it, with the mean of their
 * targets. A member draws its features again as long as it has no more distinct samples than
 * features; with samples too few for that it keeps its last draw and is treated as {@link
 * RbfSurrogate} says.
 */
@Prefix("surrogate")
public final class RbfEnsembleSurrogate implements Surrogate {

  /** Name of this surrogate. */
  public static final String NAME = "rbf-ensemble";

  private static final int DRAWS = 100;
  private static final int BLOCK = 64;

  /** How the members' predictions become one. */
  public enum Combine {
    /** Their mean. */
    MEAN,
    /** Their median, which a few wild members do not move. */
    MEDIAN
  }

  private int members = 500;
  private double ridge = RbfSurrogate.DEFAULT_RIDGE;
  private Combine combine = Combine.MEAN;
  private int threads = Runtime.getRuntime().availableProcessors();

  /** Creates the surrogate with NAT's settings: the mean of 500 members. */
  public RbfEnsembleSurrogate() {}

  @Override
  public String name() {
    return NAME;
  }

  /** Number of interpolants. */
  public int getMembers() {
    return members;
  }

  /**
   * Sets the number of interpolants.
   *
   * @throws IllegalArgumentException if it is below one
   */
  @Property
  public void setMembers(int members) {
    this.members = Requires.atLeast("members", members, 1);
  }

  /** What is added to each kernel matrix' diagonal. */
  public double getRidge() {
    return ridge;
  }

  /**
   * Sets what is added to each kernel matrix' diagonal.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  @Property
  public void setRidge(double ridge) {
    this.ridge = Requires.inRange("ridge", ridge, 0, Double.MAX_VALUE);
  }

  /** How the members' predictions become one. */
  public Combine getCombine() {
    return combine;
  }

  /** Sets how the members' predictions become one. */
  @Property
  public void setCombine(Combine combine) {
    this.combine = combine;
  }

  /** Sets the number of threads; all processors unless set. */
  @Override
  public void setThreads(int threads) {
    this.threads = Requires.atLeast("threads", threads, 1);
  }

  @Override
  public Regressor fit(double[][] x, double[] y, long seed) {
    TrainingSet samples = TrainingSet.of(x, y);
    Seeds seeds = new Seeds(seed);
    CubicRbf[] models = new CubicRbf[members];
    double fixedRidge = ridge;
    Workers.run(
        members,
        threads,
        member ->
            models[member] = member(samples, seeds.generator("rbf-ensemble", member), fixedRidge));
    return new Ensemble(models, samples.features(), combine, threads);
  }

  private static CubicRbf member(TrainingSet samples, RandomGenerator random, double ridge) {
    int[] features = draw(samples.features(), random);
    TrainingSet distinct = samples.distinct(features);
    for (int n = 1; n < DRAWS && distinct.size() <= features.length; n++) {
      features = draw(samples.features(), random);
      distinct = samples.distinct(features);
    }
    return CubicRbf.fit(distinct, features, ridge);
  }

  // A uniform size first, then a uniform subset of that size.
  static int[] draw(int features, RandomGenerator random) {
    int size = 1 + random.nextInt(features);
    int[] all = new int[features];
    Arrays.setAll(all, i -> i);
    for (int i = 0; i < size; i++) {
      int other = i + random.nextInt(features - i);
      int drawn = all[other];
      all[other] = all[i];
      all[i] = drawn;
    }
    int[] drawn = Arrays.copyOf(all, size);
    Arrays.sort(drawn);
    return drawn;
  }

  // A block of points goes through all members in their order, so that sums do not depend on the
  // threads, and a member's data are read once for many points.
  private static final class Ensemble implements Regressor {

    private final CubicRbf[] models;
    private final int features;
    private final Combine combine;
    private final int threads;

    Ensemble(CubicRbf[] models, int features, Combine combine, int threads) {
      this.models = models;
      this.features = features;
      this.combine = combine;
      this.threads = threads;
    }

    @Override
    public double[] predict(double[][] x) {
      for (int row = 0; row < x.length; row++) {
        TrainingSet.checkLength(x[row], row, features);
      }
      double[] predicted = new double[x.length];
      int share = Math.max(1, Math.min(BLOCK, (x.length + threads - 1) / threads));
      int blocks = (x.length + share - 1) / share;
      Workers.run(
          blocks,
          threads,
          block -> {
            int from = block * share;
            predictBlock(x, from, Math.min(x.length, from + share), predicted);
          });
      return predicted;
    }

    private void predictBlock(double[][] x, int from, int to, double[] predicted) {
      double[] scratch =
          new double[Arrays.stream(models).mapToInt(CubicRbf::size).max().orElseThrow()];
      double[][] opinions = new double[to - from][models.length];
      for (int member = 0; member < models.length; member++) {
        for (int i = from; i < to; i++) {
          opinions[i - from][member] = models[member].predict(x[i], scratch);
        }
      }
      for (int i = from; i < to; i++) {
        predicted[i] = combined(opinions[i - from]);
      }
    }

    private double combined(double[] opinions) {
      if (combine == Combine.MEAN) {
        return Arrays.stream(opinions).sum() / opinions.length;
      }
      Arrays.sort(opinions);
      int half = opinions.length / 2;
      return opinions.length % 2 == 1 ? opinions[half] : (opinions[half - 1] + opinions[half]) / 2;
    }
  }
}
