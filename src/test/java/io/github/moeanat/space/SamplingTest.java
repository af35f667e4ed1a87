package io.github.moeanat.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class SamplingTest {

  private static final int DRAWS = 9000;
  private static final double SIGNIFICANCE = 1e-3;

  private final SearchSpace space = SearchSpace.paper();
  private final ArchitectureSampler sampler = new ArchitectureSampler(space);

  @Test
  void depthsAndLayersAreUniform() {
    RandomGenerator random = new Seeds(7).generator("test");
    long[] depths = new long[3];
    long[] resolutions = new long[17];
    long[] widths = new long[2];
    long[] codes = new long[9];
    ArchitectureCodec codec = new ArchitectureCodec(space);
    for (int n = 0; n < DRAWS; n++) {
      Architecture architecture = sampler.sample(random);
      depths[architecture.depth(3) - 2]++;
      int[] genes = codec.encode(architecture);
      resolutions[genes[0]]++;
      widths[genes[1]]++;
      codes[genes[2] - 1]++;
    }
    assertUniform(depths);
    assertUniform(resolutions);
    assertUniform(widths);
    assertUniform(codes);
  }

  @Test
  void theMiddleSubnetIsTheUpperOneOfTwo() {
    SearchSpace odd = SearchSpace.nat(List.of(16, 20, 24, 28), List.of(0.25));
    Architecture middle = new ArchitectureSampler(odd).middle();
    Layer layer = new Layer(5, 4);
    assertEquals(
        new Architecture(24, 0.25, Collections.nCopies(5, Collections.nCopies(3, layer))), middle);
  }

  @Test
  void thePartOfLargestChoicesHasNoMoreThanThereAre() {
    SearchSpace small = SearchSpace.nat(List.of(16, 24, 32), List.of(0.25));
    assertEquals(
        new SearchSpace(List.of(24, 32), List.of(0.25), List.of(7), List.of(4, 6), 3, 4),
        small.largest(2, 1, 2, 2));
    int all = Integer.MAX_VALUE;
    assertEquals(small, small.largest(all, all, all, all));
    assertThrows(IllegalArgumentException.class, () -> small.largest(0, 1, 1, 1));
  }

  @Test
  void extremesAreTheEndsOfEveryChoice() {
    ArchitectureCodec codec = new ArchitectureCodec(space);
    int[] smallest = codec.encode(sampler.smallest());
    int[] largest = codec.encode(sampler.largest());
    for (int gene = 0; gene < space.genes(); gene++) {
      assertEquals(space.lowerBound(gene), smallest[gene]);
      assertEquals(space.upperBound(gene), largest[gene]);
    }
  }

  @Test
  void slotDistributionHoldsTheSharesOfTheArchive() {
    SlotDistribution slots =
        new SlotDistribution(List.of(new int[] {1, 0}, new int[] {1, 2}, new int[] {3, 2}));
    assertEquals(2 / 3.0, slots.probability(0, 1));
    assertEquals(0, slots.probability(1, 1));
    RandomGenerator random = new Seeds(3).generator("test");
    long[] pairs = new long[4];
    for (int n = 0; n < DRAWS; n++) {
      int[] genes = slots.sample(random);
      pairs[(genes[0] == 1 ? 0 : 2) + (genes[1] == 0 ? 0 : 1)]++;
    }
    double[] independent = {2 / 9.0, 4 / 9.0, 1 / 9.0, 2 / 9.0};
    assertTrue(new ChiSquareTest().chiSquareTest(independent, pairs) > SIGNIFICANCE);
  }

  private static void assertUniform(long[] counts) {
    double[] expected = new double[counts.length];
    java.util.Arrays.fill(expected, 1);
    assertTrue(new ChiSquareTest().chiSquareTest(expected, counts) > SIGNIFICANCE);
  }
}
