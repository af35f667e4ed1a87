package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.cost.Part;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.testing.Jvm;
import io.github.moeanat.testing.Rows;
import io.github.moeanat.testing.Stopping;
import io.github.moeanat.testing.Tiny;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.NSGAII;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.Problem;

class NatProblemTest {

  @Test
  void natNsgaiiAndNatOnOneObjectDoNotSeeEachOther() {
    try (NatProblem problem = Tiny.problem(2)) {
      List<String> first = Rows.of(nat(problem, 7).getResult());
      PRNG.setSeed(1);
      NSGAII nsgaii = new NSGAII(problem);
      nsgaii.setInitialPopulationSize(20);
      nsgaii.run(60);
      assertEquals(first, Rows.of(nat(problem, 7).getResult()));
    }
  }

  @Test
  void theNumberOfWorkersChangesNothing() {
    List<List<String>> fronts = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (int threads : new int[] {1, 2}) {
      try (NatProblem problem = Tiny.problem(threads)) {
        NAT nat = nat(problem, 3);
        fronts.add(Rows.of(nat.getResult()));
        hashes.add(NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash());
      }
    }
    assertEquals(fronts.get(0), fronts.get(1));
    assertEquals(hashes.get(0), hashes.get(1));
  }

  @Test
  void evaluateUsesTheWeightsThatTheProblemWasBuiltWith() {
    try (NatProblem problem = Tiny.problem(2)) {
      FamilyWeights before = problem.startWeights();
      Solution solution = solution(problem, problem.extremes().get(1));
      problem.evaluate(solution);
      double[] values = solution.getObjectiveValues();
      NAT nat = nat(problem, 3);
      assertNotEquals(
          before.hash(), NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash());
      assertEquals(before.hash(), problem.startWeights().hash());
      problem.close();
      Solution again = solution(problem, problem.extremes().get(1));
      problem.evaluate(again);
      assertArrayEquals(values, again.getObjectiveValues());
    }
  }

  @Test
  void equalPhenotypesAreMeasuredOnceAndHitsAreCounted() {
    try (NatProblem problem = Tiny.problem(1)) {
      int[] genes = problem.extremes().get(0);
      Solution first = solution(problem, genes);
      problem.evaluate(first);
      assertEquals(0, problem.cacheHits());
      // Behind an absent third layer the fourth stands for nothing.
      genes[5] = 7;
      Solution shadowed = solution(problem, genes);
      problem.evaluate(shadowed);
      assertEquals(1, problem.cacheHits());
      assertArrayEquals(first.getObjectiveValues(), shadowed.getObjectiveValues());
    }
  }

  @Test
  void distributedEvaluationEqualsEvaluationInTurn() {
    try (NatProblem problem = Tiny.problem(2);
        NatProblem other = Tiny.problem(2);
        DistributedProblem distributed = DistributedProblem.from(other, 3)) {
      List<Solution> spread = new ArrayList<>();
      var random = new Seeds(2).generator("test");
      for (int i = 0; i < 10; i++) {
        int[] genes = problem.sample(random);
        Solution solution = distributed.newSolution();
        for (int g = 0; g < genes.length; g++) {
          ((IntegerVariable) solution.getVariable(g)).setInt(genes[g]);
        }
        distributed.evaluate(solution);
        spread.add(solution);
      }
      for (Solution solution : spread) {
        Solution inTurn = solution(problem, IntegerVariable.toInts(solution));
        problem.evaluate(inTurn);
        assertArrayEquals(inTurn.getObjectiveValues(), solution.getObjectiveValues());
      }
    }
  }

  @Test
  void objectivesAreScaledAndConstraintsAreMargins() {
    try (NatProblem problem =
        Tiny.problem(
            1,
            "objectives",
            "params,error,madds",
            "constraints",
            "madds<=300k,error<=0.5",
            "scale.params",
            "2e5")) {
      int[] smallest = problem.extremes().get(0);
      Solution solution = solution(problem, smallest);
      problem.evaluate(solution);
      Architecture architecture = problem.architecture(solution);
      SubnetCost cost = problem.definition().cost(architecture);
      SubnetCost largest =
          problem.definition().cost(problem.codec().decode(problem.extremes().get(1)));
      double error = solution.getObjectiveValue(1);
      assertEquals(cost.params() / 2e5, solution.getObjectiveValue(0));
      assertEquals(cost.madds() / (double) largest.madds(), solution.getObjectiveValue(2));
      assertEquals((300e3 - cost.madds()) / 300e3, solution.getConstraintValue(0));
      assertEquals((0.5 - error) / 0.5, solution.getConstraintValue(1), 1e-12);
      assertTrue(error > 0 && error < 1);
      Solution cheap = solution(problem, smallest);
      problem.evaluateCheap(cheap);
      assertEquals(solution.getObjectiveValue(0), cheap.getObjectiveValue(0));
      assertEquals(solution.getConstraintValue(0), cheap.getConstraintValue(0));
      assertTrue(Double.isNaN(cheap.getConstraintValue(1)), "the expensive one is left alone");
      Solution big = solution(problem, problem.extremes().get(1));
      problem.evaluateCheap(big);
      assertTrue(big.violatesConstraints());
    }
  }

  @Test
  void everyMetricOfATableOrInClosedFormIsACheapObjectiveAndConstraint(@TempDir Path folder)
      throws IOException {
    Map<String, LatencyTableFile.Entry> entries = new HashMap<>();
    ProblemDefinition tiny = Tiny.problem(1, "strides", "1,2,2,1,2").definition();
    for (Architecture architecture : Part.covering(tiny.space())) {
      for (Part part : Part.of(architecture, tiny.network(architecture.width()))) {
        double milliseconds = part instanceof Part.Block block ? block.shape().kernelSize() : 0.5;
        entries.put(part.key(), new LatencyTableFile.Entry(milliseconds, 0));
      }
    }
    Path table = folder.resolve("table.yaml");
    new LatencyTableFile(List.of(), entries).write(table);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tiny.problem(1, "latency.table", table.toString()));
    assertEquals(
        "-X: latency.table: latency table %s has no entry MBConv-input:8x8x8-output:4x4x8-expand:3-kernel:3-stride:2"
                .formatted(table)
            + "-idskip:0-se:0",
        error.getMessage());
    try (NatProblem problem =
        Tiny.problem(
            1,
            "strides",
            "1,2,2,1,2",
            "objectives",
            "latency,madds-published,madds-nat,activation-memory",
            "constraints",
            "latency<=50,activation-memory<=1k,madds-nat<=1G",
            "latency.table",
            table.toString())) {
      Solution smallest = solution(problem, problem.extremes().get(0));
      problem.evaluateCheap(smallest);
      // Eleven blocks of 3 ms, four other parts, against a fixed block of 3 ms and 20 of 7 ms.
      assertEquals(35.0 / 145, smallest.getObjectiveValue(0), 1e-12);
      assertEquals((50 - 35.0) / 50, smallest.getConstraintValue(0), 1e-12);
      SubnetCost cost = problem.definition().cost(problem.architecture(smallest));
      assertEquals((1e3 - cost.activationBytes()) / 1e3, smallest.getConstraintValue(1));
      assertEquals((1e9 - cost.natMadds()) / 1e9, smallest.getConstraintValue(2));
      Solution largest = solution(problem, problem.extremes().get(1));
      problem.evaluateCheap(largest);
      assertArrayEquals(new double[] {1, 1, 1, 1}, largest.getObjectiveValues());
      assertTrue(largest.violatesConstraints());
    }
  }

  @Test
  void aTableThatLacksABlockOfTheSpaceIsRefusedByItsKey(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("table.yaml");
    new LatencyTableFile(List.of(), Map.of("x", new LatencyTableFile.Entry(1, 0))).write(table);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tiny.problem(1, "latency.table", table.toString()));
    assertEquals(
        "-X: latency.table: latency table "
            + table
            + " has no entry first_conv-input:8x8x3-output:8x8x8",
        error.getMessage());
  }

  @Test
  void natKeepsToCheapConstraints() {
    try (NatProblem problem = Tiny.problem(2, "constraints", "madds<=400k")) {
      NAT nat = nat(problem, 5);
      for (Solution solution : nat.getResult()) {
        assertTrue(solution.isFeasible());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NSGAII", "NSGAIII", "MOEAD", "eMOEA", "SMPSO"})
  void stockAlgorithmsRunItByName(String name) {
    try (Problem problem = ProblemFactory.getInstance().getProblem("NAT-tiny")) {
      TypedProperties properties = TypedProperties.of("populationSize", 20);
      properties.setString("operator", "nat.ux+nat.pm");
      Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
      algorithm.run(40);
      assertTrue(algorithm.getNumberOfEvaluations() >= 40);
      for (Solution solution : algorithm.getResult()) {
        assertEquals(
            ((NatProblem) problem).measurement(solution).orElseThrow().accuracy().error(),
            solution.getObjectiveValue(0));
      }
    }
  }

  @Test
  void cancellingTheWarmUpLeavesNothingBehind(@TempDir Path cache) {
    Execution execution = new Execution(2, "cpu", cache);
    ProblemDefinition definition = Tiny.problem(1).definition();
    try (NatProblem problem = new NatProblem(definition, execution)) {
      problem.reportTo(
          (name, steps) ->
              () -> {
                throw new CancellationException("stop");
              });
      assertThrows(CancellationException.class, problem::startWeights);
      assertEquals(0, cache.toFile().list().length);
      problem.reportTo(Progress.NONE);
      String hash = problem.startWeights().hash();
      assertEquals(1, cache.toFile().list().length);
      try (NatProblem again = new NatProblem(definition, execution)) {
        assertEquals(hash, again.startWeights().hash());
      }
    }
  }

  @Test
  void aStoppedWarmUpGoesOnFromItsLastPart(@TempDir Path stopped, @TempDir Path unbroken) {
    ProblemDefinition definition = Tiny.problem(1, "warmUp.steps", "120").definition();
    String hash;
    try (NatProblem problem = new NatProblem(definition, new Execution(2, "cpu", unbroken))) {
      hash = problem.startWeights().hash();
    }
    Stopping stopping = Stopping.after(110);
    try (NatProblem problem = new NatProblem(definition, new Execution(2, "cpu", stopped))) {
      problem.reportTo(stopping);
      assertThrows(CancellationException.class, problem::startWeights);
      assertEquals(hash, problem.startWeights().hash());
    }
    assertEquals(130, stopping.steps(), "100 of the 110 steps are not done again");
    assertEquals(1, stopped.toFile().list().length);
  }

  @Test
  void aDamagedCacheIsMadeAnew(@TempDir Path cache) throws IOException {
    ProblemDefinition definition = Tiny.problem(1).definition();
    Execution execution = new Execution(2, "cpu", cache);
    String hash;
    try (NatProblem problem = new NatProblem(definition, execution)) {
      hash = problem.startWeights().hash();
    }
    Path file = cache.resolve(cache.toFile().list()[0]);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));
    try (NatProblem problem = new NatProblem(definition, execution)) {
      assertEquals(hash, problem.startWeights().hash());
    }
  }

  @Test
  void networksOfOtherStridesAreWarmedUpAndCachedApart(@TempDir Path cache) {
    Execution execution = new Execution(2, "cpu", cache);
    Set<String> hashes = new HashSet<>();
    Set<Path> latencies = new HashSet<>();
    for (String strides : List.of("2,2,2,1,2", "1,2,2,1,2")) {
      ProblemDefinition definition = Tiny.problem(1, "strides", strides).definition();
      try (NatProblem problem = new NatProblem(definition, execution)) {
        hashes.add(problem.startWeights().hash());
        latencies.add(problem.latencies().file(0.25));
        Architecture smallest = problem.codec().decode(problem.extremes().get(0));
        assertEquals(definition.network(0.25), problem.key("", smallest).network());
      }
    }
    assertEquals(2, hashes.size());
    assertEquals(2, latencies.size());
    assertEquals(2, cache.toFile().list().length);
  }

  @Test
  void aBatchOfMoreImagesThanThereAreIsNamed() {
    try (NatProblem problem = Tiny.problem(1, "training.batch", "1200")) {
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, problem::startWeights);
      assertEquals(
          "NAT-tiny: training.batch is 1200, the data set digits has 1097 training images",
          error.getMessage());
    }
  }

  @Test
  void moreRecalibrationImagesThanThereAreIsNamed() {
    try (NatProblem problem = Tiny.problem(1, "evaluation.recalibrationImages", "2000")) {
      var error = assertThrows(IllegalArgumentException.class, problem::startWeights);
      assertEquals(
          "NAT-tiny: evaluation.recalibrationImages is 2000,"
              + " the data set digits has 1097 training images",
          error.getMessage());
    }
  }

  @Test
  void whatARunHasAdaptedOutlivesTheClosingOfTheProblem() {
    List<String> unbroken;
    try (NatProblem problem = Tiny.problem(1)) {
      unbroken = Rows.of(nat(problem, 4).getResult());
    }
    NatProblem problem = Tiny.problem(1);
    NAT nat = newNat(problem, 4);
    nat.step();
    nat.step();
    problem.close();
    nat.step();
    problem.close();
    String adapted = NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash();
    nat.terminate();
    assertEquals(adapted, NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash());
    nat.run(1000);
    problem.close();
    assertEquals(unbroken, Rows.of(nat.getResult()));
  }

  @Test
  void aClosedAdaptationIsNotStartedAnewUnseen() {
    try (NatProblem problem = Tiny.problem(1)) {
      Adaptation adaptation = problem.startAdaptation(1, Progress.NONE);
      assertTrue(adaptation.save().length > 0);
      adaptation.close();
      assertThrows(IllegalStateException.class, adaptation::save);
    }
  }

  @Test
  void closingWaitsForEvaluationsInOtherThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (NatProblem problem = Tiny.problem(1);
        NatProblem other = Tiny.problem(1)) {
      var random = new Seeds(2).generator("test");
      List<Solution> solutions = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Solution solution = solution(problem, problem.sample(random));
        solutions.add(solution);
        running.add(threads.submit(() -> problem.evaluate(solution)));
      }
      while (!running.get(7).isDone()) {
        problem.close();
        Thread.sleep(50);
      }
      for (int i = 0; i < 8; i++) {
        running.get(i).get();
        Solution undisturbed = solution(other, IntegerVariable.toInts(solutions.get(i)));
        other.evaluate(undisturbed);
        assertArrayEquals(undisturbed.getObjectiveValues(), solutions.get(i).getObjectiveValues());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void membersSayWithWhichWeightsTheyWereMeasured() {
    try (NatProblem problem = Tiny.problem(2)) {
      NAT nat = nat(problem, 3);
      String adapted = NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash();
      for (Solution member : nat.getPopulation()) {
        Measurement measurement = problem.measurement(member).orElseThrow();
        assertEquals(adapted, measurement.key().weights());
        assertEquals(problem.architecture(member), measurement.key().architecture());
        assertEquals(measurement.accuracy().error(), member.getObjectiveValue(0));
      }
      Solution changed = nat.getPopulation().get(0).deepCopy();
      ((IntegerVariable) changed.getVariable(0)).setInt(1 - IntegerVariable.toInts(changed)[0]);
      assertTrue(problem.measurement(changed).isEmpty(), "the values are not this network's");
    }
  }

  @Test
  void aMeasurementIsAValueThatAnotherProcessRepeats(@TempDir Path folder) throws Exception {
    try (NatProblem problem = Tiny.problem(2)) {
      Solution solution = solution(problem, problem.extremes().get(1));
      problem.evaluate(solution);
      Measurement measurement = problem.measurement(solution).orElseThrow();
      Safetensors.write(problem.startWeights().get(0.25), folder.resolve("weights.safetensors"));
      try (ObjectOutputStream stream =
          new ObjectOutputStream(Files.newOutputStream(folder.resolve("key")))) {
        stream.writeObject(measurement.key());
      }
      Process process =
          Jvm.start(
              Jvm.classPathWithout(),
              folder.resolve("printed.txt"),
              List.of(),
              "standalone.RepeatMeasurement",
              folder.toString());
      String printed = "the process ended with " + Jvm.await(process);
      try (ObjectInputStream stream =
          new ObjectInputStream(Files.newInputStream(folder.resolve("measurement")))) {
        assertEquals(measurement, stream.readObject(), printed);
      }
    }
  }

  @Test
  void everyExpensiveValueHasItsPredictionError() {
    try (NatProblem problem = Tiny.problem(2, "constraints", "error<=0.8,madds<=600k")) {
      NAT nat = nat(problem, 3);
      for (IterationRecord record : nat.history()) {
        assertEquals(List.of("error", "error<=0.8"), List.copyOf(record.newErrors().keySet()));
      }
      IterationRecord last = nat.history().get(nat.history().size() - 1);
      // The margin is a linear function of the error, and so must be what is wrong about it.
      assertEquals(
          last.oldErrors().get("error").rmse() / 0.8,
          last.oldErrors().get("error<=0.8").rmse(),
          1e-9);
      assertTrue(last.oldErrors().get("error").rmse() > 0);
    }
  }

  @Test
  void wrongWeightsFilesAreNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weights.safetensors");
    assertRefused(file, IllegalArgumentException.class, "no weights file " + file);
    try (NatProblem wide =
        Tiny.problem(1, "width", "0.5", "warmUp.steps", "0", "warmUp.largestSteps", "0")) {
      Safetensors.write(wide.startWeights().get(0.5), file);
    }
    assertRefused(
        file,
        IllegalArgumentException.class,
        file + ": tensor blocks.1.conv.point_linear.conv.conv.weight has shape [16");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(file, IllegalArgumentException.class, file + " is damaged");
  }

  private static void assertRefused(Path file, Class<? extends Exception> type, String message) {
    try (NatProblem problem = Tiny.problem(1, "supernet.weights", file.toString())) {
      Exception error = assertThrows(type, problem::startWeights);
      assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }
  }

  private static NAT nat(NatProblem problem, long seed) {
    NAT nat = newNat(problem, seed);
    nat.run(1000);
    assertEquals(6, nat.history().size());
    return nat;
  }

  private static NAT newNat(NatProblem problem, long seed) {
    NAT nat =
        (NAT) AlgorithmFactory.getInstance().getAlgorithm("tiny", new TypedProperties(), problem);
    nat.getSettings().setSeed(String.valueOf(seed));
    return nat;
  }

  private static Solution solution(NatProblem problem, int[] genes) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }
}
