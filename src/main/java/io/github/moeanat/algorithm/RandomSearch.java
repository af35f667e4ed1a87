package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;

/**
 * Candidates from the problem's sampler: what NAT is compared with to see what its search is worth.
 *
 * @param size samples drawn
 */
record RandomSearch(int size) implements CandidateSearch {

  @Override
  public List<Solution> search(
      ExpensiveProblem problem,
      SurrogateEvaluator evaluator,
      List<Genotype> archive,
      RandomGenerator random,
      Progress progress) {
    Set<Genotype> samples = new LinkedHashSet<>();
    for (int i = 0; i < size; i++) {
      samples.add(Genotype.of(problem.sample(random)));
    }
    return evaluator.predict(samples);
  }
}
