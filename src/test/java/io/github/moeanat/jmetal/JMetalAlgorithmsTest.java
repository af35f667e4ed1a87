package io.github.moeanat.jmetal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.testing.Grid;
import io.github.moeanat.testing.Tiny;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.AlgorithmException;
import org.moeaframework.algorithm.AlgorithmTerminationException;
import org.moeaframework.algorithm.DefaultAlgorithms;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.runtime.InstrumentedAlgorithm;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.termination.CompoundTerminationCondition;
import org.moeaframework.core.termination.MaxElapsedTime;
import org.moeaframework.core.termination.MaxFunctionEvaluations;
import org.moeaframework.core.variable.RealVariable;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.DTLZ.DTLZ2;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;
import org.moeaframework.problem.ZDT.ZDT5;
import org.moeaframework.problem.single.Sphere;
import org.uma.jmetal.algorithm.multiobjective.gde3.GDE3Builder;
import org.uma.jmetal.algorithm.multiobjective.nsgaii.NSGAIIBuilder;
import org.uma.jmetal.algorithm.multiobjective.smpso.SMPSOBuilder;
import org.uma.jmetal.operator.crossover.impl.DifferentialEvolutionCrossover;
import org.uma.jmetal.operator.crossover.impl.SBXCrossover;
import org.uma.jmetal.operator.mutation.impl.PolynomialMutation;
import org.uma.jmetal.problem.doubleproblem.impl.AbstractDoubleProblem;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.util.archive.impl.CrowdingDistanceArchive;
import org.uma.jmetal.util.comparator.dominanceComparator.impl.DominanceWithConstraintsComparator;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;
import org.uma.jmetal.util.pseudorandom.PseudoRandomGenerator;
import org.uma.jmetal.util.pseudorandom.impl.JavaRandomGenerator;

class JMetalAlgorithmsTest {

  private static final int SEED = 7;

  static Stream<String> names() {
    return JMetalAlgorithms.names().stream();
  }

  static Stream<String> namesForConstraints() {
    return Arrays.stream(JMetalMethod.values())
        .filter(JMetalMethod::heedsConstraints)
        .map(JMetalMethod::registeredName);
  }

  // ---- every algorithm ----

  @ParameterizedTest
  @MethodSource("names")
  void whatIsAskedForIsSpentAndReported(String name) {
    // Less than a population, a part of one more than some, and whole ones.
    for (int evaluations : new int[] {30, 250, 300}) {
      // jMetal's exact hypervolume takes half a second a step with many.
      for (int objectives : new int[] {2, 3, name.startsWith("SMSEMOA") ? 3 : 6}) {
        Grid grid = Grid.free(objectives);
        Algorithm algorithm = run(name, grid, SEED, evaluations);
        String run = name + " " + objectives + " objectives " + evaluations;
        assertEquals(evaluations, algorithm.getNumberOfEvaluations(), run);
        assertEquals(evaluations, grid.evaluations(), run);
        assertFalse(algorithm.getResult().isEmpty(), run);
        for (Solution solution : algorithm.getResult()) {
          Solution direct = solution.copy();
          grid.evaluate(direct);
          assertArrayEquals(direct.getObjectiveValues(), solution.getObjectiveValues(), run);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void seedsOfTheFrameworkDecideTheRun(String name) {
    List<String> first = genes(run(name, Grid.free(2), SEED, 350));
    assertEquals(first, genes(run(name, Grid.free(2), SEED, 350)));
    assertNotEquals(first, genes(run(name, Grid.free(2), SEED + 1, 350)));
  }

  @ParameterizedTest
  @MethodSource("namesForConstraints")
  void feasibleSolutionsAreFoundWhereTheUnconstrainedFrontIsInfeasible(String name) {
    Grid grid = Grid.constrained(2);
    Algorithm algorithm = run(name, grid, SEED, 2050);
    assertEquals(2050, algorithm.getNumberOfEvaluations());
    assertEquals(2050, grid.evaluations());
    assertFalse(algorithm.getResult().isEmpty());
    double nearest = Double.POSITIVE_INFINITY;
    for (Solution solution : algorithm.getResult()) {
      assertTrue(solution.isFeasible(), name);
      nearest = Math.min(nearest, solution.getConstraintValue(0));
    }
    // The constrained front is at 0.04; random solutions have 0.46 in the mean.
    assertTrue(nearest < 0.08, name + " came to " + nearest);
    assertEquals(genes(algorithm), genes(run(name, Grid.constrained(2), SEED, 2050)));
  }

  @Test
  void whoIgnoresConstraintsTakesNone() {
    for (String name : names().toList()) {
      if (namesForConstraints().noneMatch(name::equals)) {
        assertRefused(name, Grid.constrained(2), "unconstrained problems only");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void realVariablesAreSearchedToo(String name) {
    Algorithm algorithm = run(name, new DTLZ2(2), SEED, 250);
    assertEquals(250, algorithm.getNumberOfEvaluations());
    assertFalse(algorithm.getResult().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MOEAD", "ConstraintMOEAD", "MOEADD", "MOEADDRA", "MOEADSTM"})
  void everyVersionOfMoeaDRuns(String variant) {
    Grid grid = Grid.free(3);
    Algorithm algorithm = create("MOEAD-JMetal", grid, "variant", variant);
    algorithm.run(455);
    assertEquals(455, grid.evaluations());
    assertFalse(algorithm.getResult().isEmpty());
  }

  @Test
  void theFrameworkFindsAndListsThem() {
    Set<String> listed = AlgorithmFactory.getInstance().getAllDiagnosticToolAlgorithms();
    assertTrue(listed.containsAll(JMetalAlgorithms.names()));
    assertEquals("MOCell-JMetal", create("mocell", Grid.free(2)).getName());
    assertNull(new JMetalAlgorithms().getAlgorithm("NSGAII", new TypedProperties(), Grid.free(2)));
  }

  @Test
  void namesOfTheFrameworksOwnStayTheFrameworks() {
    for (String name : JMetalAlgorithms.names()) {
      String plain = name.replace("-JMetal", "");
      boolean stock =
          new DefaultAlgorithms().getAlgorithm(plain, new TypedProperties(), Grid.free(2)) != null;
      assertEquals(!stock, JMetalMethod.named(plain).isPresent(), plain);
    }
  }

  // ---- the same as jMetal itself ----

  @ParameterizedTest
  @ValueSource(strings = {"NSGAII-JMetal", "GDE3-JMetal", "SMPSO-JMetal"})
  void theResultIsThatOfJMetalAlone(String name) {
    Grid grid = Grid.constrained(2);
    Algorithm ours = create(name, grid, "populationSize", "20");
    PRNG.setSeed(SEED);
    ours.run(400);
    PRNG.setSeed(SEED);
    PseudoRandomGenerator before = JMetalRandom.getInstance().getRandomGenerator();
    JMetalRandom.getInstance()
        .setRandomGenerator(new JavaRandomGenerator(PRNG.getRandom().nextLong()));
    List<DoubleSolution> theirs;
    try {
      theirs = alone(name, new Alone(grid));
    } finally {
      JMetalRandom.getInstance().setRandomGenerator(before);
    }
    Set<List<Double>> fronts =
        theirs.stream()
            .map(solution -> Arrays.stream(solution.objectives()).boxed().toList())
            .collect(Collectors.toSet());
    List<List<Double>> found = new ArrayList<>();
    for (Solution solution : ours.getResult()) {
      found.add(
          List.of(
              solution.getObjective(0).getCanonicalValue(),
              solution.getObjective(1).getCanonicalValue()));
    }
    assertEquals(fronts, Set.copyOf(found));
  }

  private static List<DoubleSolution> alone(String name, Alone problem) {
    var mutation = new PolynomialMutation(1.0 / problem.numberOfVariables(), 20);
    var dominance = new DominanceWithConstraintsComparator<DoubleSolution>();
    var algorithm =
        switch (name) {
          case "NSGAII-JMetal" ->
              new NSGAIIBuilder<>(problem, new SBXCrossover(1, 15), mutation, 20)
                  .setDominanceComparator(dominance)
                  .setMaxEvaluations(400)
                  .build();
          case "GDE3-JMetal" ->
              new GDE3Builder(problem)
                  .setPopulationSize(20)
                  .setMaxEvaluations(400)
                  .setCrossover(
                      new DifferentialEvolutionCrossover(
                          0.1, 0.5, DifferentialEvolutionCrossover.DE_VARIANT.RAND_1_BIN))
                  .build();
          default ->
              new SMPSOBuilder(problem, new CrowdingDistanceArchive<>(20, dominance))
                  .setSwarmSize(20)
                  .setMaxIterations(20)
                  .setMutation(mutation)
                  .setDominanceComparator(dominance)
                  .build();
        };
    algorithm.run();
    return algorithm.result();
  }

  // ---- steps ----

  @Test
  void aStepIsWhatTheAlgorithmAsksForAtOnce() {
    Grid grid = Grid.free(2);
    Algorithm generational = create("NSGAII-JMetal", grid, "populationSize", "20");
    for (int i = 1; i <= 3; i++) {
      generational.step();
      assertEquals(20 * i, generational.getNumberOfEvaluations());
      assertFalse(generational.getResult().isEmpty());
    }
    generational.terminate();
    Algorithm steady = create("SMSEMOA-JMetal", grid, "populationSize", "20");
    for (int i = 1; i <= 25; i++) {
      steady.step();
      assertEquals(i, steady.getNumberOfEvaluations());
      assertFalse(steady.getResult().isEmpty());
      steady.getResult().forEach(solution -> assertTrue(solution.getObjectiveValue(0) != 0));
    }
    steady.terminate();
  }

  @ParameterizedTest
  @CsvSource({"SPEA2-JMetal, 100", "IBEA-JMetal, 100", "AbYSS-JMetal, 20"})
  void nothingThatWasPaidForIsMissingFromTheResult(String name, int population) {
    // The best of all is met last: in the result of these it would appear a generation later.
    int evaluations = population * 2 + 51;
    Problem problem = withABest(Grid.free(2), evaluations);
    assertTrue(isBestThere(run(name, problem, SEED, evaluations)));
  }

  @Test
  void childrenOfAGenerationThatWasCutAreInTheResult() {
    // A population is 91 directions: the best is born in the middle of the third.
    Algorithm algorithm =
        create("MOEAD-JMetal", withABest(Grid.free(3), 250), "variant", "MOEADSTM");
    PRNG.setSeed(SEED);
    algorithm.run(255);
    assertTrue(isBestThere(algorithm));
  }

  /** The nth solution is the best in the first objective, and too bad in the others to be kept. */
  private static Problem withABest(Grid grid, int nth) {
    AtomicInteger left = new AtomicInteger(nth);
    return new ProblemWrapper(grid) {
      @Override
      public void evaluate(Solution solution) {
        super.evaluate(solution);
        if (left.decrementAndGet() == 0) {
          for (int i = 0; i < solution.getNumberOfObjectives(); i++) {
            solution.setObjectiveValue(i, i == 0 ? -1 : 1e6);
          }
        }
      }
    };
  }

  private static boolean isBestThere(Algorithm algorithm) {
    return algorithm.getResult().asList().stream()
        .anyMatch(solution -> solution.getObjectiveValue(0) == -1);
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    String[][] wrong = {
      {"NSGAIII-JMetal", "one of them", "populationSize", "20", "numberOfDivisions", "4"},
      {"NSGAIII-JMetal", "expected at most 20000", "numberOfDivisions", "1000"},
      {"NSGAIII-JMetal", "expected at least 6", "populationSize", "4"},
      {"MOEAD-JMetal", "expected at most 91", "neighborSize", "92"},
      {"WASFGA-JMetal", "expected a number above 0 and below 1/3", "weightEpsilon", "0"},
      {"GWASFGA-JMetal", "expected a number above 0 and below 1/3", "weightEpsilon", "0.34"}
    };
    for (String[] line : wrong) {
      String[] properties = Arrays.copyOfRange(line, 2, line.length);
      ProviderException error =
          assertThrows(
              ProviderException.class, () -> create(line[0], Grid.free(3), properties), line[0]);
      assertTrue(error.getMessage().contains(line[1]), error.getMessage());
    }
  }

  @Test
  void anyConditionMayEndARun() {
    Grid grid = Grid.free(2);
    Algorithm algorithm = create("NSGAIII-JMetal", grid);
    algorithm.run(
        new CompoundTerminationCondition(
            new MaxElapsedTime(Duration.ofHours(1)), new MaxFunctionEvaluations(130)));
    assertEquals(130, grid.evaluations());
    Algorithm other = create("NSGAIII-JMetal", grid);
    other.run(new MaxElapsedTime(Duration.ofMillis(50)));
    assertTrue(other.isTerminated());
    assertEquals(0, other.getNumberOfEvaluations() % 100, "a part of a population");
  }

  @Test
  void maxEvaluationsEndsARunByItself() {
    Grid grid = Grid.free(2);
    Algorithm algorithm = create("NSGAII-JMetal", grid, "maxEvaluations", "130");
    algorithm.run(1000);
    assertEquals(130, algorithm.getNumberOfEvaluations());
    assertEquals(130, grid.evaluations());
    assertTrue(algorithm.isTerminated());
  }

  @Test
  void aRunThatEndedCanNotGoOnAndLeavesNoThread() throws InterruptedException {
    Algorithm algorithm = run("RNSGAII-JMetal", Grid.free(2), SEED, 150);
    assertThrows(AlgorithmTerminationException.class, () -> algorithm.run(10));
    assertEquals(150, algorithm.getNumberOfEvaluations());
    assertFalse(algorithm.getResult().isEmpty());
    assertNoThread("RNSGAII-JMetal", () -> {});
  }

  @Test
  void aForgottenRunLeavesNoThread() throws InterruptedException {
    create("GWASFGA-JMetal", Grid.free(2)).step();
    assertNoThread("GWASFGA-JMetal", System::gc);
  }

  private static void assertNoThread(String name, Runnable help) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      help.run();
      if (Thread.getAllStackTraces().keySet().stream()
          .noneMatch(thread -> thread.getName().equals(name))) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the thread of " + name + " is still there");
  }

  @Test
  void itsStateIsNotSaved() throws IOException {
    Algorithm algorithm = create("NSGAII-JMetal", Grid.free(2));
    algorithm.step();
    try (ObjectOutputStream stream = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThrows(NotSerializableException.class, () -> algorithm.saveState(stream));
    }
    algorithm.terminate();
  }

  @Test
  void aFailingEvaluationIsToldAndMayBeRepeated() {
    AtomicInteger calls = new AtomicInteger();
    Problem problem =
        new ProblemWrapper(Grid.free(2)) {
          @Override
          public void evaluate(Solution solution) {
            if (calls.incrementAndGet() == 150) {
              throw new IllegalStateException("no value");
            }
            super.evaluate(solution);
          }
        };
    Algorithm algorithm = create("NSGAII-JMetal", problem);
    algorithm.step();
    assertEquals(
        "no value", assertThrows(IllegalStateException.class, algorithm::step).getMessage());
    algorithm.step();
    assertFalse(algorithm.getResult().isEmpty());
    algorithm.terminate();
  }

  @Test
  void aFailureOfTheAlgorithmIsTold() {
    // Niches of what is no number.
    Problem problem =
        new ProblemWrapper(Grid.free(2)) {
          @Override
          public void evaluate(Solution solution) {
            solution.setObjectiveValue(0, Double.NaN);
            solution.setObjectiveValue(1, Double.NaN);
          }
        };
    Algorithm algorithm = create("NSGAIII-JMetal", problem, "populationSize", "4");
    AlgorithmException e = assertThrows(AlgorithmException.class, () -> algorithm.run(5000));
    assertTrue(e.getMessage().startsWith("NSGAIII-JMetal failed: "), e.getMessage());
  }

  // ---- several at a time ----

  @Test
  void runsOfOneProcessDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
    List<String> expected = genes(run("NSGAII-JMetal", Grid.free(2), SEED, 2000));
    JMetalRandom random = JMetalRandom.getInstance();
    random.setSeed(3);
    double[] drawn = {random.nextDouble(), random.nextDouble()};
    random.setSeed(3);
    double first = random.nextDouble();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<String>>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(threads.submit(() -> genes(run("NSGAII-JMetal", Grid.free(2), SEED, 2000))));
      }
      for (Future<List<String>> result : results) {
        assertEquals(expected, result.get());
      }
    } finally {
      threads.shutdown();
    }
    assertArrayEquals(drawn, new double[] {first, random.nextDouble()});
  }

  @Test
  void aDistributedProblemGivesTheSameResult() {
    List<String> expected = genes(run("SPEA2-JMetal", Grid.free(2), SEED, 350));
    try (DistributedProblem problem = DistributedProblem.from(Grid.free(2), 2)) {
      assertEquals(expected, genes(run("SPEA2-JMetal", problem, SEED, 350)));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theInstrumenterSeesTheCourseOfARun(String name) {
    Problem problem = new DTLZ2(2);
    InstrumentedAlgorithm<?> algorithm =
        new Instrumenter()
            .withReferenceSet(ProblemFactory.getInstance().getReferenceSet("DTLZ2_2"))
            .withFrequency(Frequency.ofEvaluations(100))
            .attachAll()
            .instrument(create(name, problem));
    PRNG.setSeed(SEED);
    algorithm.run(300);
    assertEquals(300, algorithm.getNumberOfEvaluations());
    assertEquals(
        points(run(name, problem, SEED, 300)), points(algorithm), "watching changes nothing");
    assertTrue(algorithm.getSeries().size() >= 2, algorithm.getSeries().size() + " records");
  }

  @Test
  void subnetsOfASupernetAreSearched() {
    try (NatProblem problem = Tiny.problem(1)) {
      Algorithm algorithm = create("NSGAIII-JMetal", problem, "populationSize", "8");
      algorithm.run(20);
      assertEquals(20, algorithm.getNumberOfEvaluations());
      for (Solution solution : algorithm.getResult()) {
        Solution direct = problem.newSolution();
        for (int i = 0; i < solution.getNumberOfVariables(); i++) {
          direct.setVariable(i, solution.getVariable(i).copy());
        }
        problem.evaluate(direct);
        assertArrayEquals(direct.getObjectiveValues(), solution.getObjectiveValues());
      }
    }
  }

  // ---- refusals ----

  @Test
  void problemsThatCanNotBeSolvedAreRefusedWithTheReason() {
    assertRefused("NSGAII-JMetal", new ZDT5(), "RealVariable");
    assertRefused("NSGAII-JMetal", new Sphere(), "two objectives");
    assertRefused("MOSA", Grid.constrained(2), "MOSA-JMetal", "ConstrainedGrid has 2");
    assertRefused(
        "MOEAD-JMetal", Grid.constrained(2), new String[] {"variant", "MOEADD"}, "CONSTRAINTMOEAD");
  }

  @Test
  void propertiesThatNobodyReadsAreRefused() {
    assertRefused(
        "NSGAII-JMetal",
        Grid.free(2),
        new String[] {"populatonSize", "10"},
        "Properties not accessed: populatonSize",
        "populationSize");
    assertRefused(
        "GDE3-JMetal", Grid.free(2), new String[] {"sbx.rate", "1"}, "sbx.rate", "de.stepSize");
    // What the framework's tools hand to all is not.
    create("OMOPSO-JMetal", Grid.free(2), "epsilon", "0.01,0.02", "maxEvaluations", "100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NSGAII-JMetal | populationSize | 7 | populationSize is 7, expected an even number",
        "NSGAII-JMetal | populationSize | 2 | populationSize is 2, expected at least 4",
        "NSGAII-JMetal | populationSize | ten | populationSize is 'ten', expected a whole number",
        "NSGAII-JMetal | sbx.rate | 1.5 | sbx.rate is 1.5, expected a number from 0.0 to 1.0",
        "NSGAII-JMetal | pm.rate | x | pm.rate is 'x', expected a number",
        "NSGAII-JMetal | maxEvaluations | 0 | maxEvaluations is 0, expected at least 1",
        "AbYSS-JMetal | populationSize | 10 | populationSize is 10, expected at least 20",
        "PAES-JMetal | bisections | 20 | bisections is 20, expected at most 12 for 2 objectives",
        "MOEAD-JMetal | variant | MOEADX | variant is 'MOEADX', expected one of",
        "WASFGA-JMetal | referencePoint | 1 | referencePoint has 1 numbers, expected 2",
        "RNSGAII-JMetal | interestPoint | a,b | interestPoint is 'a,b', expected numbers",
      })
  void wrongValuesAreRefused(String name, String key, String value, String expected) {
    assertRefused(name, Grid.free(2), new String[] {key, value}, expected);
  }

  private static void assertRefused(String name, Problem problem, String... expected) {
    assertRefused(name, problem, new String[0], expected);
  }

  private static void assertRefused(
      String name, Problem problem, String[] properties, String... expected) {
    String message =
        assertThrows(ProviderException.class, () -> create(name, problem, properties)).getMessage();
    for (String part : expected) {
      assertTrue(message.contains(part), message);
    }
  }

  private static List<String> points(Algorithm algorithm) {
    return algorithm.getResult().asList().stream()
        .map(solution -> Arrays.toString(solution.getObjectiveValues()))
        .sorted()
        .toList();
  }

  private static Algorithm create(String name, Problem problem, String... properties) {
    TypedProperties typed = new TypedProperties();
    for (int i = 0; i < properties.length; i += 2) {
      typed.setString(properties[i], properties[i + 1]);
    }
    return AlgorithmFactory.getInstance().getAlgorithm(name, typed, problem);
  }

  private static Algorithm run(String name, Problem problem, long seed, int evaluations) {
    PRNG.setSeed(seed);
    Algorithm algorithm = create(name, problem);
    algorithm.run(evaluations);
    return algorithm;
  }

  private static List<String> genes(Algorithm algorithm) {
    List<String> genes = new ArrayList<>();
    for (Solution solution : algorithm.getResult()) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < solution.getNumberOfVariables(); i++) {
        text.append(solution.getVariable(i).encode()).append(' ');
      }
      genes.add(text.toString());
    }
    return genes;
  }

  /** The grid as jMetal alone sees it: reals, rounded when they are evaluated. */
  private static final class Alone extends AbstractDoubleProblem {

    private static final long serialVersionUID = 1L;

    private final transient Grid grid;

    Alone(Grid grid) {
      this.grid = grid;
      name(grid.getName());
      numberOfObjectives(grid.getNumberOfObjectives());
      numberOfConstraints(grid.getNumberOfConstraints());
      List<Double> low = new ArrayList<>();
      List<Double> high = new ArrayList<>();
      for (int i = 0; i < grid.getNumberOfVariables(); i++) {
        low.add(-0.5);
        high.add(20.5);
      }
      variableBounds(low, high);
    }

    @Override
    public DoubleSolution evaluate(DoubleSolution solution) {
      Solution own = grid.newSolution();
      for (int i = 0; i < own.getNumberOfVariables(); i++) {
        ((RealVariable) own.getVariable(i)).setValue(solution.variables().get(i));
      }
      grid.evaluate(own);
      Values.copy(own, solution);
      return solution;
    }
  }
}
