package io.github.moeanat.problem.table;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which genotypes there are, and how the rows of a table name them. */
public sealed interface TableSpace extends Serializable permits GeneSpace, NetworkSpace {

  /** Number of genes. */
  int genes();

  /** Smallest value of a gene. */
  int low(int gene);

  /** Largest value of a gene. */
  int high(int gene);

  /** Returns the genotype that stands for all genotypes of the same architecture. */
  int[] canonical(int[] genes);

  /** Draws a canonical genotype. */
  int[] sample(RandomGenerator random);

  /** Canonical genotypes that every first sample should hold. */
  List<int[]> extremes();

  /** Number of canonical genotypes. */
  BigInteger size();

  /**
   * Returns all canonical genotypes in ascending order.
   *
   * @throws IllegalArgumentException if there are more than {@code most}
   */
  List<int[]> all(int most);

  /** Returns what a model sees of a canonical genotype. */
  double[] features(int[] genes);

  /** Returns the canonical genotype that a row names. */
  int[] read(TableRow row);
}
