package io.github.moeanat.surrogate;

/** A fitted model; immutable, and may be used by several threads. */
@FunctionalInterface
public interface Regressor {

  /**
   * Predicts the value of each row.
   *
   * @param x rows of as many genes as the model was fitted to
   * @throws IllegalArgumentException if a row has another length
   */
  double[] predict(double[][] x);
}
