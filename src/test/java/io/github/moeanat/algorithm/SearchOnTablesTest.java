package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.problem.table.TabularProblem;
import io.github.moeanat.testing.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.core.Epsilons;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.indicator.Hypervolume;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.Problem;

/** NAT and stock algorithms by name on published tables, as on any problem. */
class SearchOnTablesTest {

  private static final int EVALUATIONS = 200;

  @Test
  void natFindsMoreThanOthersOnACompleteTable() {
    TabularProblem problem = Tables.macro();
    double best = volume(problem, problem.front());
    double nat = volume(problem, run("NAT", problem, EVALUATIONS)) / best;
    double nsga2 = volume(problem, run("NSGAII", problem, EVALUATIONS)) / best;
    double random = volume(problem, run("Random", problem, EVALUATIONS)) / best;
    System.out.printf("of the true hypervolume: %.4f %.4f %.4f%n", nat, nsga2, random);
    assertTrue(nat > 0.98 && nat <= 1, () -> "NAT " + nat);
    assertTrue(nat > nsga2 && nat > random && nsga2 <= 1 && random <= 1);
  }

  @Test
  void allRunOnASampledTable() {
    TabularProblem problem = Tables.ofa();
    double nat = volume(problem, run("NAT", problem, EVALUATIONS));
    double nsga2 = volume(problem, run("NSGAII", problem, EVALUATIONS));
    double random = volume(problem, run("Random", problem, EVALUATIONS));
    System.out.printf("hypervolume: %.4f %.4f %.4f%n", nat, nsga2, random);
    assertTrue(nat > nsga2 && nat > random && random > 0);
  }

  @Test
  void tablesAreFoundByNameWithReferenceSetAndEpsilons() {
    ProblemFactory factory = ProblemFactory.getInstance();
    try (Problem problem = factory.getProblem("Small-complete")) {
      assertTrue(problem instanceof TabularProblem);
      NondominatedPopulation reference = factory.getReferenceSet("Small-complete");
      assertNotNull(reference);
      NondominatedPopulation front = ((TabularProblem) problem).front();
      assertEquals(front.size(), reference.size());
      Epsilons epsilons = factory.getEpsilons("Small-complete");
      assertArrayEquals(new double[] {0.005, 0.01, 0.01}, epsilons.toArray());
      assertTrue(run("NSGAIII", problem, 100).size() > 0);
    }
    assertTrue(factory.getAllDiagnosticToolProblems().contains("Small-complete"));
  }

  @Test
  void manyThreadsGiveTheSameRun() {
    TabularProblem problem = Tables.macro();
    List<Solution> alone = run("NSGAII", problem, EVALUATIONS).asList();
    try (Problem distributed = DistributedProblem.from(Tables.macro(), 2)) {
      List<Solution> together = run("NSGAII", distributed, EVALUATIONS).asList();
      assertEquals(alone.size(), together.size());
      for (int i = 0; i < alone.size(); i++) {
        assertArrayEquals(alone.get(i).getObjectiveValues(), together.get(i).getObjectiveValues());
      }
    }
  }

  private static NondominatedPopulation run(String name, Problem problem, int evaluations) {
    PRNG.setSeed(1);
    TypedProperties properties = new TypedProperties();
    if (name.equals("NAT")) {
      properties.setString("surrogate", "rbf");
      properties.setInt("initialArchiveSize", 40);
      properties.setInt("newMembers", 16);
      properties.setLong("seed", 1);
    } else {
      properties.setInt("populationSize", 40);
      properties.setString("operator", "nat.ux+nat.pm");
    }
    Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
    algorithm.run(evaluations);
    assertTrue(algorithm.getNumberOfEvaluations() >= evaluations);
    return algorithm.getResult();
  }

  private static double volume(TabularProblem problem, NondominatedPopulation front) {
    double[] reference = problem.referencePoint();
    return new Hypervolume(problem, new double[reference.length], reference).evaluate(front);
  }
}
