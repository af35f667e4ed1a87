package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Requires;
import java.util.stream.IntStream;
import org.moeaframework.core.configuration.Prefix;
import org.moeaframework.core.configuration.Property;

/**
 * Radial basis function interpolation with the cubic kernel and a linear tail, on all features as
 * they are.
 *
 * <ul>
 *   <li>Samples with equal genes count once, with the mean of their targets.
 *   <li>A feature that is constant, or a combination of others, is allowed; where the samples do
 *       not determine the tail, it is the one with the smallest sum of squared slopes.
 *   <li>So with no more distinct samples than features the model is linear: the flattest plane
 *       through all samples. One sample gives a constant.
 * </ul>
 */
@Prefix("surrogate")
public final class RbfSurrogate implements Surrogate {

  /** Name of this surrogate. */
  public static final String NAME = "rbf";

  /** Far below any eigenvalue of the kernel on distinct integers, so that samples are met. */
  static final double DEFAULT_RIDGE = 1e-9;

  private double ridge = DEFAULT_RIDGE;

  /** Creates the surrogate with the default ridge. */
  public RbfSurrogate() {}

  @Override
  public String name() {
    return NAME;
  }

  /** What is added to the kernel matrix' diagonal. */
  public double getRidge() {
    return ridge;
  }

  /**
   * Sets what is added to the kernel matrix' diagonal: zero interpolates, more smooths. It is
   * measured against cubed distances, so the default suits genes, whose distances are at least one.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  @Property
  public void setRidge(double ridge) {
    this.ridge = Requires.inRange("ridge", ridge, 0, Double.MAX_VALUE);
  }

  /** Fits the interpolant; the seed is not used, nothing in it is random. */
  @Override
  public Regressor fit(double[][] x, double[] y, long seed) {
    TrainingSet samples = TrainingSet.of(x, y);
    int[] all = IntStream.range(0, samples.features()).toArray();
    CubicRbf model = CubicRbf.fit(samples.distinct(all), all, ridge);
    return points -> {
      double[] scratch = new double[model.size()];
      double[] predicted = new double[points.length];
      for (int i = 0; i < points.length; i++) {
        TrainingSet.checkLength(points[i], i, all.length);
        predicted[i] = model.predict(points[i], scratch);
      }
      return predicted;
    };
  }
}
