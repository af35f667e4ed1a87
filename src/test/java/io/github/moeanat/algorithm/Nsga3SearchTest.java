package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.surrogate.RbfSurrogate;
import io.github.moeanat.testing.AdaptiveGrid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.OperatorFactory;

class Nsga3SearchTest {

  private final AdaptiveGrid grid = new AdaptiveGrid(6, 8);
  private final SurrogateEvaluator evaluator =
      new SurrogateEvaluator(grid, new Measurements(grid, grid));
  private final Set<Genotype> archive = new LinkedHashSet<>();
  private final List<Solution> measured = new ArrayList<>();

  @BeforeEach
  void fit() {
    RandomGenerator random = new Seeds(3).generator("archive");
    while (archive.size() < 12) {
      archive.add(Genotype.of(grid.sample(random)));
    }
    for (Genotype genotype : archive) {
      Solution solution = genotype.newSolution(grid);
      grid.evaluate(solution);
      measured.add(solution);
    }
    evaluator.fit(new RbfSurrogate(), measured, new Seeds(1), 1, Progress.NONE.begin("fitting", 1));
  }

  @Test
  void theFirstPopulationIsTheArchiveFilledUpByTheSampler() {
    Set<Genotype> start = genotypes(search(30, 1));
    assertTrue(start.containsAll(archive));
    RandomGenerator random = new Seeds(1).generator("candidates");
    Set<Genotype> expected = new HashSet<>(archive);
    for (int i = 0; i < 30 - 12; i++) {
      expected.add(Genotype.of(grid.sample(random)));
    }
    assertEquals(expected, start);
  }

  @Test
  void anArchiveAboveThePopulationIsCut() {
    List<Solution> start = search(5, 1);
    assertEquals(5, start.size());
    assertTrue(archive.containsAll(genotypes(start)));
  }

  @Test
  void theArchiveItselfIsNotTouchedAndLaterGenerationsArePredictedToBeBetter() {
    List<double[]> before = measured.stream().map(Solution::getObjectiveValues).toList();
    double first = best(search(30, 1));
    double last = best(search(30, 30));
    assertTrue(last < first, last + " against " + first);
    for (int i = 0; i < measured.size(); i++) {
      assertEquals(before.get(i)[0], measured.get(i).getObjectiveValue(0));
    }
  }

  private List<Solution> search(int populationSize, int generations) {
    PRNG.setSeed(1);
    return new Nsga3Search(
            populationSize,
            generations,
            OperatorFactory.getInstance()
                .getVariation("nat.ux+nat.pm", new TypedProperties(), grid))
        .search(
            grid,
            evaluator,
            List.copyOf(archive),
            new Seeds(1).generator("candidates"),
            Progress.NONE);
  }

  private Set<Genotype> genotypes(List<Solution> solutions) {
    Set<Genotype> genotypes = new HashSet<>();
    solutions.forEach(solution -> genotypes.add(evaluator.genotype(solution)));
    return genotypes;
  }

  private static double best(List<Solution> solutions) {
    return solutions.stream().mapToDouble(s -> s.getObjectiveValue(0)).min().orElseThrow();
  }
}
