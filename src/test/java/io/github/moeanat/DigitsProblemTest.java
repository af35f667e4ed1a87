package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.NatProblem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.core.Epsilons;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;

/** The registered problem itself, as stock algorithms find it; its supernet is warmed up once. */
@Tag("slow")
class DigitsProblemTest {

  private static NatProblem problem;

  @BeforeAll
  static void open() {
    problem = (NatProblem) ProblemFactory.getInstance().getProblem("NAT-digits");
  }

  @AfterAll
  static void close() {
    problem.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NSGAII", "NSGAIII", "MOEAD", "eMOEA", "SMPSO"})
  void stockAlgorithmsRunItByName(String name) {
    PRNG.setSeed(1);
    TypedProperties properties = TypedProperties.of("populationSize", 20);
    properties.setString("operator", "nat.ux+nat.pm");
    Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
    algorithm.run(40);
    assertTrue(algorithm.getNumberOfEvaluations() >= 40);
    NondominatedPopulation result = algorithm.getResult();
    assertFalse(result.isEmpty());
    for (Solution solution : result) {
      double error = problem.measurement(solution).orElseThrow().accuracy().error();
      assertEquals(error, solution.getObjectiveValue(0));
      double madds =
          problem.definition().cost(problem.architecture(solution)).madds()
              / (double) problem.definition().cost(problem.architecture(largest())).madds();
      assertEquals(madds, solution.getObjectiveValue(1), 1e-12);
    }
  }

  @Test
  void itsEpsilonsAreThoseOfItsFile() {
    Epsilons epsilons = ProblemFactory.getInstance().getEpsilons("NAT-digits");
    assertEquals(0.005, epsilons.get(0));
    assertEquals(0.005, epsilons.get(1));
  }

  private static Solution largest() {
    Solution solution = problem.newSolution();
    int[] genes = problem.extremes().get(1);
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }
}
