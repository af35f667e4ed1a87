package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.NetworkMetadata;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.WeightsFile;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.core.Solution;

/** The supernet that comes with the program, and the problems that start from it. */
class ShippedSupernetTest {

  private static final String FILE = "supernets/cifar100-small.safetensors";
  private static final int MOST_BYTES = 6_000_000;
  // Of the validation images, as docs/supernet.md has them.
  private static final double SMALLEST_ERROR = 1 - 0.489;
  private static final double MIDDLE_ERROR = 1 - 0.572;
  private static final double LARGEST_ERROR = 1 - 0.620;

  @Test
  void itIsSmall() throws IOException {
    try (var stream = getClass().getResourceAsStream("/" + FILE)) {
      int size = stream.readAllBytes().length;
      assertTrue(size <= MOST_BYTES, size + " bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits", "cifar10", "cifar100-small"})
  void defaultSearchesStartFromIt(String name) throws IOException {
    ProblemDefinition problem = definition(name, Map.of());
    assertEquals(List.of(FILE), problem.weights());
    SearchSpace space = problem.space();
    MobileNetV3 network = problem.network(space.widths().get(0));
    WeightsFile.Content shipped = WeightsFile.read(Path.of(FILE));
    Map<String, String> expected = NetworkMetadata.of(network);
    Map<String, String> said = new TreeMap<>(shipped.metadata());
    said.keySet().retainAll(expected.keySet());
    assertEquals(expected, said);
    Weights weights = shipped.weights().withClassifierFor(network, space, 1);
    assertDoesNotThrow(() -> weights.requireShapes(network, space));
    assertDoesNotThrow(weights::requireFinite);
  }

  @Test
  void itsSubnetsKnowCifar100() {
    String data = Shared.path("data/cifar-100-binary").toString();
    ProblemDefinition definition = definition("cifar100-small", Map.of("data.path", data));
    ArchitectureSampler sampler = new ArchitectureSampler(definition.space());
    try (NatProblem problem = new NatProblem(definition, Execution.fromSystem())) {
      assertEquals(SMALLEST_ERROR, error(problem, sampler.smallest()), 0.01);
      assertEquals(MIDDLE_ERROR, error(problem, sampler.middle()), 0.01);
      assertEquals(LARGEST_ERROR, error(problem, sampler.largest()), 0.01);
    }
  }

  private static double error(NatProblem problem, Architecture architecture) {
    Solution solution = problem.newSolution();
    int[] genes = problem.codec().encode(architecture);
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    problem.evaluate(solution);
    return solution.getObjectiveValue(0);
  }

  private static ProblemDefinition definition(String name, Map<String, String> overrides) {
    return ProblemDefinition.read(name, ProblemDefinition.FILES.load(name, overrides));
  }
}
