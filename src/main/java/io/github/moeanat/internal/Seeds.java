package io.github.moeanat.internal;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The random sources of one run, one for each purpose. A generator depends on the run's seed, its
 * purpose and its indices only, never on what was drawn before, so that the n-th iteration can be
 * repeated without the n-1 before it and workers can draw in any order.
 *
 * @param seed the run's seed
 */
public record Seeds(long seed) {

  /** Returns the seed for a purpose, for example {@code derive("adaptation", iteration)}. */
  public long derive(String purpose, long... indices) {
    long state = mix(seed + 0x9E3779B97F4A7C15L);
    for (int i = 0; i < purpose.length(); i++) {
      state = mix(state ^ purpose.charAt(i));
    }
    for (long index : indices) {
      state = mix(state + 0x9E3779B97F4A7C15L + index);
    }
    return state;
  }

  /** Returns a fresh generator for a purpose. */
  public RandomGenerator generator(String purpose, long... indices) {
    return new SplittableRandom(derive(purpose, indices));
  }

  // A bijection of 64 bits in which every input bit reaches every output bit (Stafford's mix 13).
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
