package io.github.moeanat.problem.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.cost.Part;
import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.surrogate.HeldOutError;
import io.github.moeanat.testing.Tables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.NondominatedPopulation;

class TabularProblemTest {

  @TempDir private Path folder;

  @Test
  void aPublishedCompleteTableIsLookedUp() {
    TabularProblem problem = Tables.macro();
    assertEquals(8, problem.getNumberOfVariables());
    assertEquals(6561, problem.rows());
    // The row of 02012100 in the file.
    double[] known = objectives(problem, 0, 2, 0, 1, 2, 1, 0, 0);
    assertEquals((100 - 89.19666544596355) / 100, known[0]);
    assertEquals(47327744 / 100e6, known[1]);
    double best =
        problem.measured().stream().mapToDouble(s -> s.getObjectiveValue(0)).min().orElseThrow();
    // The best mean accuracy that the authors report is 93.13 %.
    assertEquals(1 - 0.9313, best, 5e-5);
  }

  @Test
  void theTrueFrontIsThatOfAllPairs() {
    TabularProblem problem = Tables.macro();
    List<Solution> all = problem.measured();
    NondominatedPopulation front = problem.front();
    // Skipped layers make some of the networks equal; each front member is there once.
    Set<String> expected = new HashSet<>();
    for (Solution one : all) {
      if (all.stream().noneMatch(other -> dominates(other, one))) {
        expected.add(Arrays.toString(one.getObjectiveValues()));
      }
    }
    assertEquals(35, front.size());
    assertEquals(expected.size(), front.size());
    for (Solution member : front) {
      assertTrue(expected.contains(Arrays.toString(member.getObjectiveValues())));
      Solution again = problem.newSolution();
      for (int i = 0; i < again.getNumberOfVariables(); i++) {
        again.setVariable(i, member.getVariable(i).copy());
      }
      problem.evaluate(again);
      assertArrayEquals(member.getObjectiveValues(), again.getObjectiveValues());
    }
  }

  private static boolean dominates(Solution a, Solution b) {
    double[] x = a.getObjectiveValues();
    double[] y = b.getObjectiveValues();
    return x[0] <= y[0] && x[1] <= y[1] && (x[0] < y[0] || x[1] < y[1]);
  }

  @Test
  void cheapValuesAreSetWithoutTheOthers() {
    TabularProblem problem = Tables.macro();
    assertFalse(problem.isCheapObjective(0));
    assertTrue(problem.isCheapObjective(1));
    Solution solution = solution(problem, 0, 2, 0, 1, 2, 1, 0, 0);
    solution.setObjectiveValue(0, -7);
    problem.evaluateCheap(solution);
    assertArrayEquals(new double[] {-7, 47327744 / 100e6}, solution.getObjectiveValues());
  }

  @Test
  void aModelOfPublishedSamplesRanksUnseenSubnets() {
    TabularProblem problem = Tables.ofa();
    assertEquals(22, problem.getNumberOfVariables());
    HeldOutError error = problem.heldOutError(problem.definition().values().get("error"));
    System.out.println(error);
    assertEquals(2610, error.samples());
    // The measurements have a standard error of about 0.004 of their own.
    assertTrue(error.rmse() < 0.0035, error::toString);
    assertTrue(error.spearman() > 0.985, error::toString);
    assertTrue(error.kendall() > 0.895, error::toString);
    assertThrows(
        IllegalStateException.class,
        () -> problem.heldOutError(problem.definition().values().get("madds")));
  }

  @Test
  void costsOfSubnetsAreCounted() {
    TabularProblem problem = Tables.ofa("objectives", "error,madds,params,activation-memory");
    Solution largest = solution(problem, problem.extremes().get(1));
    problem.evaluate(largest);
    assertEquals(1, largest.getObjectiveValue(1), "in units of the largest");
    assertEquals(1, largest.getObjectiveValue(2));
    assertEquals(1, largest.getObjectiveValue(3));
    double[] cells = problem.cells(problem.definition().values().get("madds"));
    assertTrue(Arrays.stream(cells).min().orElseThrow() > 50e6);
    assertTrue(Arrays.stream(cells).max().orElseThrow() < 500e6);
  }

  @Test
  void genesThatStandForNothingDoNotMatter() {
    TabularProblem problem = Tables.ofa();
    int[] genes = problem.extremes().get(0);
    int[] other = genes.clone();
    other[5] = 9;
    assertEquals(0, genes[4], "an absent layer before it");
    assertArrayEquals(genes, problem.canonical(other));
    assertArrayEquals(objectives(problem, genes), objectives(problem, other));
  }

  @Test
  void noiseIsOffUnlessAskedForAndRepeats() {
    TabularProblem plain = Tables.macro();
    TabularProblem noisy = Tables.macro("noise.error", "0.5");
    TabularProblem again = Tables.macro("noise.error", "0.5");
    TabularProblem other = Tables.macro("noise.error", "0.5", "noise.seed", "2");
    RandomGenerator random = new Seeds(1).generator("test");
    int[][] points =
        IntStream.range(0, 500).mapToObj(i -> plain.sample(random)).toArray(int[][]::new);
    double[] noise =
        Arrays.stream(points)
            .mapToDouble(p -> 100 * (objectives(noisy, p)[0] - objectives(plain, p)[0]))
            .toArray();
    double deviation = Math.sqrt(Arrays.stream(noise).map(x -> x * x).average().orElseThrow());
    assertEquals(0.5, deviation, 0.05);
    assertEquals(0, Arrays.stream(noise).average().orElseThrow(), 0.08);
    assertArrayEquals(objectives(noisy, points[0]), objectives(noisy, points[0]));
    assertArrayEquals(objectives(noisy, points[0]), objectives(again, points[0]));
    assertNotEquals(objectives(noisy, points[0])[0], objectives(other, points[0])[0]);
    assertEquals(objectives(plain, points[0])[1], objectives(noisy, points[0])[1]);
    assertEquals(plain.front().size(), noisy.front().size(), "the true front has none");
  }

  @Test
  void constraintsAreMargins() {
    TabularProblem problem = Tables.macro("constraints", "flops<=50M,error<=12");
    assertEquals(2, problem.getNumberOfConstraints());
    assertTrue(problem.isCheapConstraint(0));
    assertFalse(problem.isCheapConstraint(1));
    Solution solution = solution(problem, 0, 2, 0, 1, 2, 1, 0, 0);
    problem.evaluate(solution);
    assertEquals((50e6 - 47327744) / 50e6, solution.getConstraintValue(0), 1e-12);
    assertEquals((12 - (100 - 89.19666544596355)) / 12, solution.getConstraintValue(1), 1e-12);
    assertTrue(solution.isFeasible());
    for (Solution member : problem.front()) {
      assertTrue(member.isFeasible());
      assertTrue(member.getObjectiveValue(1) <= 0.5);
    }
  }

  @Test
  void aSerialisedProblemHasItsTableWithIt() throws IOException, ClassNotFoundException {
    Path table = folder.resolve("table.csv");
    Files.writeString(table, "a,b,err\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n");
    TabularProblem complete = Tables.small(table, "all");
    TabularProblem sampled = Tables.ofa();
    byte[] first = serialised(complete);
    byte[] second = serialised(sampled);
    Files.delete(table);
    assertArrayEquals(new double[] {3}, objectives(restored(first), 1, 0));
    int[] genes = sampled.extremes().get(1);
    assertArrayEquals(objectives(sampled, genes), objectives(restored(second), genes));
  }

  @Test
  void latenciesAreCountedByATableThatTravelsWithTheProblem()
      throws IOException, ClassNotFoundException {
    MobileNetV3 network = new MobileNetV3(0.25, 2, 10);
    Map<String, LatencyTableFile.Entry> entries = new HashMap<>();
    for (Architecture architecture :
        Part.covering(SearchSpace.nat(List.of(24, 32, 40), List.of(0.25)))) {
      Part.of(architecture, network)
          .forEach(part -> entries.put(part.key(), new LatencyTableFile.Entry(0.5, 0)));
    }
    Path latencies = folder.resolve("latency.yaml");
    new LatencyTableFile(List.of(), entries).write(latencies);
    Map<String, String> keys =
        Map.of(
            "objectives",
            "error,latency",
            "latency.table",
            latencies.toString(),
            "scale.latency",
            "1");
    TabularProblem problem =
        new TabularProblem(
            TableDefinition.read(
                "small-sample", ProblemDefinition.FILES.load("small-sample", keys)));
    assertTrue(problem.isCheapObjective(1));
    byte[] bytes = serialised(problem);
    Files.delete(latencies);
    int[] genes = problem.extremes().get(1);
    // Stem, fixed block, 20 blocks, final expansion, feature mix and classifier.
    assertEquals(0.5 * 25, objectives(problem, genes)[1], 1e-9);
    assertArrayEquals(objectives(problem, genes), objectives(restored(bytes), genes));
  }

  @Test
  void whatComesWithTheProgramDoesNotTravel() throws IOException, ClassNotFoundException {
    TabularProblem problem = TabularProblem.named("small-complete");
    int[] genes = problem.extremes().get(1);
    double[] values = objectives(problem, genes);
    byte[] bytes = serialised(problem);
    assertTrue(bytes.length < 20_000, bytes.length + " bytes");
    assertArrayEquals(values, objectives(restored(bytes), genes));
  }

  @Test
  void severalThreadsGetTheSameValues() {
    TabularProblem problem = Tables.ofa();
    RandomGenerator random = new Seeds(2).generator("test");
    List<int[]> points = IntStream.range(0, 300).mapToObj(i -> problem.sample(random)).toList();
    List<double[]> together = points.parallelStream().map(p -> objectives(problem, p)).toList();
    TabularProblem alone = Tables.ofa();
    for (int i = 0; i < points.size(); i++) {
      assertArrayEquals(objectives(alone, points.get(i)), together.get(i));
    }
  }

  @Test
  void creatingAProblemReadsNoTable() {
    TabularProblem problem = Tables.small(folder.resolve("absent.csv"), "all");
    assertEquals(2, problem.newSolution().getNumberOfVariables());
    String message =
        assertThrows(IllegalArgumentException.class, () -> objectives(problem, 0, 0)).getMessage();
    assertEquals(
        "small.properties: no file '%s' for the key table".formatted(folder.resolve("absent.csv")),
        message);
  }

  static byte[] serialised(TabularProblem problem) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(problem);
    }
    return bytes.toByteArray();
  }

  static TabularProblem restored(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (TabularProblem) stream.readObject();
    }
  }

  private static Solution solution(TabularProblem problem, int... genes) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }

  static double[] objectives(TabularProblem problem, int... genes) {
    Solution solution = solution(problem, genes);
    problem.evaluate(solution);
    return solution.getObjectiveValues();
  }
}
