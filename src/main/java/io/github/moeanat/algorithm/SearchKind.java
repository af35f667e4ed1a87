package io.github.moeanat.algorithm;

/** Where candidates for measurement come from. */
public enum SearchKind {
  /** NSGA-III on predicted values, as the paper does it. */
  NSGA3,
  /** The problem's sampler, for comparison. */
  RANDOM
}
