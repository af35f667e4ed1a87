package io.github.moeanat.space;

import io.github.moeanat.internal.Requires;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The categorical marginals of an archive: option {@code j} of slot {@code i} has the share of the
 * members that hold it. Every slot is drawn by itself, so a drawn genotype need not be a member.
 * This is the distribution from which NAT draws the subnets that it trains.
 */
public final class SlotDistribution {

  private final int[][] columns;

  /**
   * Creates the marginals of some genotypes.
   *
   * @param genotypes canonical genotypes, at least one, all of one length
   */
  public SlotDistribution(List<int[]> genotypes) {
    Requires.atLeast("number of genotypes", genotypes.size(), 1);
    int genes = genotypes.get(0).length;
    columns = new int[genes][genotypes.size()];
    for (int member = 0; member < genotypes.size(); member++) {
      int[] genotype = genotypes.get(member);
      if (genotype.length != genes) {
        throw new IllegalArgumentException(
            "genotypes of %d and %d genes in one archive".formatted(genes, genotype.length));
      }
      for (int gene = 0; gene < genes; gene++) {
        columns[gene][member] = genotype[gene];
      }
    }
  }

  /** Returns the probability of a value in a slot. */
  public double probability(int slot, int value) {
    return Arrays.stream(columns[slot]).filter(v -> v == value).count()
        / (double) columns[slot].length;
  }

  /** Draws a genotype, every slot on its own. */
  public int[] sample(RandomGenerator random) {
    int[] genes = new int[columns.length];
    for (int i = 0; i < genes.length; i++) {
      genes[i] = columns[i][random.nextInt(columns[i].length)];
    }
    return genes;
  }
}
