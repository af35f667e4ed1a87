package io.github.moeanat.problem;

import io.github.moeanat.internal.Requires;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Whole numbers in proportion to others, by the method of the largest remainder. */
final class Shares {

  private Shares() {}

  /**
   * Cuts a total into shares; a weight of 0 has none. Of equal remainders the first is served
   * first.
   *
   * @param weights not negative, one of them above 0
   * @return as many numbers, which add up to the total
   */
  static int[] of(int total, int... weights) {
    int sum = Arrays.stream(weights).sum();
    Requires.atLeast("sum of the weights", sum, 1);
    int[] shares =
        Arrays.stream(weights).map(weight -> (int) ((long) total * weight / sum)).toArray();
    int missing = total - Arrays.stream(shares).sum();
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingLong(i -> -((long) total * weights[i] % sum)))
        .limit(missing)
        .forEach(i -> shares[i]++);
    return shares;
  }
}
