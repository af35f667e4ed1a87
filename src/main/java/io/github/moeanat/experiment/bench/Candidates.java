package io.github.moeanat.experiment.bench;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Subnets that are measured at one time.
 *
 * @param description what they are, for the table
 * @param subnets themselves
 * @param problem whose search space they are in
 */
public record Candidates(
    String description, List<Architecture> subnets, ProblemDefinition problem) {

  /** Copies the list. */
  public Candidates {
    subnets = List.copyOf(subnets);
  }

  /** Returns the genes of each. */
  List<List<Integer>> genes() {
    ArchitectureCodec codec = new ArchitectureCodec(problem.space());
    return subnets.stream()
        .map(subnet -> IntStream.of(codec.encode(subnet)).boxed().toList())
        .toList();
  }
}
