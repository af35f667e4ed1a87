package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.testing.Rows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moeaframework.algorithm.NSGAII;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.parallel.DistributedProblem;

/** Latency measured on this machine as objective and constraint. */
class MeasuredLatencyTest {

  private static final String[] OBJECTIVES = {"objectives", "error,measured-latency"};
  private static final int REPEATS = 6;

  @TempDir private Path cache;
  private final AtomicLong looks = new AtomicLong();

  @Test
  void itIsAnObjectiveAndAConstraintByName() {
    try (NatProblem problem =
        problem(
            this::clock,
            "objectives",
            "error,measured-latency,madds",
            "constraints",
            "measured-latency<=0.01",
            "scale.measured-latency",
            "2.5")) {
      assertFalse(problem.isCheapObjective(1));
      assertFalse(problem.isCheapConstraint(0));
      Solution solution = solution(problem, problem.extremes().get(0));
      problem.evaluateCheap(solution);
      assertTrue(Double.isNaN(solution.getObjectiveValue(1)), "nothing cheap tells it");
      assertEquals(0, looks.get());
      problem.evaluate(solution);
      // Pass t takes 2t + 1 us; the median of the third and the fourth is 6 us.
      Latency latency = problem.measurement(solution).orElseThrow().latency();
      assertEquals(new Latency(0.006, 0.001, 0.011), latency);
      assertEquals(0.006 / 2.5, solution.getObjectiveValue(1));
      assertEquals((0.01 - 0.006) / 0.01, solution.getConstraintValue(0));
      assertTrue(solution.isFeasible());
      Solution second = solution(problem, problem.extremes().get(1));
      problem.evaluate(second);
      assertTrue(second.violatesConstraints(), "passes take longer by now");
      assertEquals(latency, problem.measuredLatency(problem.architecture(solution)).orElseThrow());
    }
  }

  @Test
  void aProblemThatDoesNotLookAtItMeasuresNone() {
    try (NatProblem problem = problem(this::clock)) {
      Solution solution = solution(problem, problem.extremes().get(0));
      problem.evaluate(solution);
      assertTrue(problem.measuredLatency(problem.architecture(solution)).isEmpty());
      assertEquals(0, looks.get());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "measuredLatency.batch | 0 | a whole number from 1 to 1024",
        "measuredLatency.threads | two | a whole number from 1 to 1024",
        "measuredLatency.warmUp | -1 | a whole number from 0 to 1000000",
        "measuredLatency.repeats | 5 | a whole number from 6 to 1000000",
        "constraints | measured-latency<=-1 | a comma-separated list of bounds such as madds<=2e6",
        "scale.measured-latency | 0 | a number from 1.0E-6 to 1.0E15"
      })
  void wrongSettingsAreNamed(String key, String value, String expected) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> problem(this::clock, key, value));
    assertEquals("-X: %s is '%s', expected %s".formatted(key, value, expected), error.getMessage());
  }

  @Test
  void anotherRunReadsWhatTheFirstHasMeasuredAndEndsAlike() {
    List<String> first;
    try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      nat.run(1000);
      first = Rows.of(nat.getPopulation());
      assertEquals(
          List.of("error", "measured-latency"),
          List.copyOf(nat.history().get(0).newErrors().keySet()),
          "each has a predictor of its own");
      // Members are measured again with every adaptation, but timed once.
      assertEquals(measuredOnce(nat), looks.get());
    }
    LongSupplier broken =
        () -> {
          throw new IllegalStateException("nothing is measured twice");
        };
    try (NatProblem problem = problem(broken, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      nat.run(1000);
      assertEquals(first, Rows.of(nat.getPopulation()));
      assertEquals(Map.of(), nat.failures());
    }
  }

  private static long measuredOnce(NAT nat) {
    return 2L
        * REPEATS
        * nat.history().stream().mapToLong(iteration -> iteration.newMembers()).sum();
  }

  @Test
  void anotherSeedMeasuresOnlyWhatIsNew() {
    try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      nat.run(1000);
      looks.set(0);
      NAT other = nat(problem, 4);
      other.run(1000);
      // Smallest and largest, at least, belong to both.
      assertTrue(looks.get() > 0 && looks.get() <= measuredOnce(other) - 2 * 2 * REPEATS);
    }
  }

  @Test
  void aRunResumedFromAnyIterationEndsAsAnUnbrokenOne() throws Exception {
    List<byte[]> states = new ArrayList<>();
    List<String> unbroken;
    try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      for (int i = 0; i < 2; i++) {
        nat.step();
        states.add(save(nat));
      }
      nat.run(1000);
      unbroken = Rows.of(nat.getPopulation());
    }
    for (byte[] state : states) {
      try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
        NAT nat = nat(problem, 3);
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(state))) {
          nat.loadState(stream);
        }
        for (Solution member : nat.getPopulation()) {
          assertEquals(
              member.getObjectiveValue(1),
              problem.measurement(member).orElseThrow().latency().median());
        }
        nat.run(1000);
        assertEquals(unbroken, Rows.of(nat.getPopulation()));
      }
    }
  }

  @Test
  void aRunThatWasStoppedWhileItTimedEndsAsIfItHadNot() {
    List<String> unbroken;
    try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      AtomicReference<String> asked = new AtomicReference<>("");
      nat.reportTo(
          (name, steps) ->
              () -> {
                if (name.equals("measuring latency") && asked.getAndSet(name).isEmpty()) {
                  throw new CancellationException("stop");
                }
              });
      assertThrows(CancellationException.class, nat::step);
      nat.run(1000);
      unbroken = Rows.of(nat.getPopulation());
    }
    try (NatProblem problem = problem(this::clock, OBJECTIVES)) {
      NAT nat = nat(problem, 3);
      nat.run(1000);
      assertEquals(unbroken, Rows.of(nat.getPopulation()));
    }
  }

  @Test
  void stockAlgorithmsRunItAndNothingElseWorksWhileTimesAreTaken() {
    AtomicLong disturbed = new AtomicLong();
    LongSupplier watching =
        () -> {
          Thread.getAllStackTraces()
              .forEach(
                  (thread, stack) -> {
                    boolean measuring =
                        Arrays.stream(stack)
                            .anyMatch(
                                frame ->
                                    frame.getClassName().endsWith(".Measuring")
                                        && frame.getMethodName().equals("attempt"));
                    disturbed.addAndGet(measuring ? 1 : 0);
                  });
          return clock();
        };
    List<Solution> result = new ArrayList<>();
    try (NatProblem problem =
            problem(
                watching,
                "objectives",
                "error,measured-latency",
                "constraints",
                "measured-latency<=1G");
        DistributedProblem distributed = DistributedProblem.from(problem, 3)) {
      PRNG.setSeed(1);
      NSGAII nsgaii = new NSGAII(distributed);
      nsgaii.setInitialPopulationSize(10);
      nsgaii.run(20);
      nsgaii.getResult().forEach(result::add);
      for (Solution solution : result) {
        double median =
            problem.measuredLatency(problem.architecture(solution)).orElseThrow().median();
        assertEquals(median, solution.getObjectiveValue(1));
        assertEquals((1e9 - median) / 1e9, solution.getConstraintValue(0));
      }
    }
    assertFalse(result.isEmpty());
    assertTrue(looks.get() > 10 * 2 * REPEATS);
    assertEquals(0, disturbed.get());
  }

  @Test
  void natKeepsToABoundOnIt() {
    try (NatProblem problem =
        problem(this::clock, "constraints", "measured-latency<=0.1", "objectives", "error,madds")) {
      NAT nat = nat(problem, 5);
      nat.run(1000);
      assertEquals(
          List.of("measured-latency<=0.1"),
          List.copyOf(
              nat.history().get(0).newErrors().keySet().stream()
                  .filter(name -> !name.equals("error"))
                  .toList()));
      for (Solution solution : nat.getResult()) {
        assertTrue(solution.isFeasible());
        assertTrue(problem.measurement(solution).orElseThrow().latency().median() <= 0.1);
      }
    }
  }

  // No two passes take the same time.
  private long clock() {
    long look = looks.getAndIncrement();
    return look * (look + 1) / 2 * 1_000;
  }

  private NatProblem problem(LongSupplier nanoTime, String... overrides) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("warmUp.steps", "0");
    map.put("warmUp.largestSteps", "0");
    map.put("measuredLatency.warmUp", "0");
    map.put("measuredLatency.repeats", String.valueOf(REPEATS));
    for (int i = 0; i < overrides.length; i += 2) {
      map.put(overrides[i], overrides[i + 1]);
    }
    return new NatProblem(
        ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", map)),
        new Execution(2, "cpu", cache),
        nanoTime);
  }

  private static NAT nat(NatProblem problem, long seed) {
    NAT nat =
        (NAT) AlgorithmFactory.getInstance().getAlgorithm("tiny", new TypedProperties(), problem);
    nat.getSettings().setSeed(String.valueOf(seed));
    nat.getSettings().setIterations(2);
    return nat;
  }

  private static Solution solution(NatProblem problem, int[] genes) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }

  private static byte[] save(NAT nat) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      nat.saveState(stream);
    }
    return bytes.toByteArray();
  }
}
