package io.github.moeanat.algorithm;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;

/**
 * Finds a genotype that was not measured yet. Spaces of up to 2^20 genotypes are walked through, so
 * for them it knows if there is none; of larger ones as many are tried before it gives up.
 */
final class UnmeasuredSampler {

  private static final int SAMPLES = 1000;
  private static final long WALKED_THROUGH = 1 << 20;

  private final ExpensiveProblem problem;
  private final int[] min;
  private final int[] count;

  UnmeasuredSampler(ExpensiveProblem problem) {
    this.problem = problem;
    Solution solution = problem.newSolution();
    min = new int[problem.getNumberOfVariables()];
    count = new int[min.length];
    for (int i = 0; i < min.length; i++) {
      IntegerVariable variable = (IntegerVariable) solution.getVariable(i);
      min[i] = variable.min();
      count[i] = variable.max() - variable.min() + 1;
    }
  }

  /** Returns a canonical genotype that is not in {@code known}, or empty if all are. */
  Optional<Genotype> sample(Set<Genotype> known, RandomGenerator random) {
    for (int i = 0; i < SAMPLES; i++) {
      Genotype genotype = Genotype.of(problem.sample(random));
      if (!known.contains(genotype)) {
        return Optional.of(genotype);
      }
    }
    long size = size();
    long start = size > WALKED_THROUGH ? 0 : random.nextLong(size);
    for (long i = 0; i < Math.min(size, WALKED_THROUGH); i++) {
      Genotype genotype = Genotype.of(problem.canonical(genes((start + i) % size)));
      if (!known.contains(genotype)) {
        return Optional.of(genotype);
      }
    }
    return Optional.empty();
  }

  private long size() {
    double product = 1;
    for (int c : count) {
      product *= c;
    }
    return product > Long.MAX_VALUE / 2.0 ? Long.MAX_VALUE / 2 : (long) product;
  }

  private int[] genes(long index) {
    int[] genes = min.clone();
    long rest = index;
    for (int i = 0; i < genes.length; i++) {
      genes[i] += (int) (rest % count[i]);
      rest /= count[i];
    }
    return genes;
  }
}
