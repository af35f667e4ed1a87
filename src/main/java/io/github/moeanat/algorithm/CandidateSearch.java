package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.List;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;

/** Finds candidates for measurement on predicted values. */
interface CandidateSearch {

  /**
   * Searches from an archive.
   *
   * @param problem gives samples and fresh solutions
   * @param evaluator fitted to the archive; every returned solution was predicted by it
   * @param archive genotypes of the archive
   * @param random draws samples; components of the framework draw from the framework's generator
   */
  List<Solution> search(
      ExpensiveProblem problem,
      SurrogateEvaluator evaluator,
      List<Genotype> archive,
      RandomGenerator random,
      Progress progress);
}
