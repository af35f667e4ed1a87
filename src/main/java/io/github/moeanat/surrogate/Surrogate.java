package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Requires;
import org.moeaframework.core.configuration.Configurable;

/**
 * A kind of regression with its settings, which are properties under {@code surrogate.}. Fitting
 * leaves it unchanged.
 */
public interface Surrogate extends Configurable {

  /** Name by which {@link Surrogates#byName} finds it. */
  String name();

  /**
   * Fits a model.
   *
   * @param x one row of genes for each sample, as they are: nothing needs to be scaled
   * @param y the measured value of each sample
   * @param seed fixes everything random; the same data and seed give the same model on any number
   *     of threads
   * @throws IllegalArgumentException if there is no sample, if the sizes do not fit each other or a
   *     number is not finite
   */
  Regressor fit(double[][] x, double[] y, long seed);

  /**
   * Sets how many threads fit and predict, where the work is worth more than one. It says how the
   * work is done and changes no result, so it is not a property.
   *
   * @throws IllegalArgumentException if the number is below one
   */
  default void setThreads(int threads) {
    Requires.atLeast("threads", threads, 1);
  }
}
