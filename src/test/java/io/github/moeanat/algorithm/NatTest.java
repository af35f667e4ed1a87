package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.moeaframework.algorithm.NSGAII;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.DTLZ.DTLZ2;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;

class NatTest {

  private final AdaptiveGrid grid = new AdaptiveGrid(6, 8);

  @Test
  void runsOnOneProblemObjectDoNotSeeEachOther() {
    List<String> first = Rows.of(run(grid, 5, 120).getResult());
    new NSGAII(grid).run(200);
    assertEquals(first, Rows.of(run(grid, 5, 120).getResult()));
    assertNotEquals(first, Rows.of(run(grid, 6, 120).getResult()));
    assertEquals(0, grid.open());
  }

  @Test
  void theFrameworksSeedDecidesWhereNoneIsGiven() {
    List<List<String>> fronts = new ArrayList<>();
    List<Double> next = new ArrayList<>();
    for (int repeat = 0; repeat < 2; repeat++) {
      PRNG.setSeed(11);
      NAT nat = nat(grid);
      nat.run(90);
      fronts.add(Rows.of(nat.getResult()));
      next.add(PRNG.nextDouble());
    }
    assertEquals(fronts.get(0), fronts.get(1));
    assertEquals(next.get(0), next.get(1));
  }

  @Test
  void everyArchiveMemberHoldsItsLatestMeasurementAndNoPrediction() {
    Problem ordinary = new Wrapped(grid);
    NAT nat = nat(ordinary);
    nat.getSettings().setSeed("3");
    nat.run(60);
    assertEquals(60, nat.getNumberOfEvaluations());
    for (Solution member : nat.getPopulation()) {
      Solution truth = ordinary.newSolution();
      for (int i = 0; i < 6; i++) {
        ((IntegerVariable) truth.getVariable(i))
            .setInt(IntegerVariable.toInt(member.getVariable(i)));
      }
      ordinary.evaluate(truth);
      assertArrayEquals(truth.getObjectiveValues(), member.getObjectiveValues());
    }
  }

  @Test
  void nothingIsMeasuredTwiceWhereNothingIsAdapted() {
    List<List<Integer>> measured = new ArrayList<>();
    Problem recording =
        new Wrapped(grid) {
          @Override
          public void evaluate(Solution solution) {
            measured.add(Arrays.stream(IntegerVariable.toInts(solution)).boxed().toList());
            super.evaluate(solution);
          }
        };
    NAT nat = nat(recording);
    nat.run(80);
    assertEquals(80, measured.size());
    assertEquals(80, new HashSet<>(measured).size());
  }

  @Test
  void noMeasurementIsSpentBeyondTheTotal() {
    for (int total : new int[] {3, 12, 13, 25, 26, 61}) {
      NAT nat = run(grid, 1, total);
      assertTrue(nat.getNumberOfEvaluations() <= total, "total " + total);
      int archive = nat.getPopulation().size();
      int left = total - nat.getNumberOfEvaluations();
      assertTrue(left <= archive, () -> left + " left could pay for one more iteration");
    }
  }

  @Test
  void eachRunAddsToWhatWasSpentAndMaxEvaluationsWins() {
    NAT nat = nat(new Wrapped(grid));
    nat.run(20);
    nat.run(17);
    assertEquals(37, nat.getNumberOfEvaluations());
    NAT bounded = nat(new Wrapped(grid));
    bounded.getSettings().setMaxEvaluations(15);
    bounded.run(500);
    assertEquals(15, bounded.getNumberOfEvaluations());
    assertTrue(bounded.isTerminated());
  }

  @Test
  void iterationsEndARunBeforeItsBudgetDoes() {
    NAT nat = nat(grid);
    nat.getSettings().setIterations(3);
    nat.run(10_000);
    assertEquals(4, nat.history().size());
    assertEquals(3, nat.history().get(3).iteration());
    assertTrue(nat.history().stream().skip(1).allMatch(record -> record.newMembers() <= 4));
  }

  @Test
  void withoutANumberOfIterationsThereAre30WhereWeightsAreAdaptedAndNoLimitElsewhere() {
    NAT adaptive = nat(grid);
    adaptive.run(100_000);
    assertEquals(1 + 30, adaptive.history().size());
    NAT fewer = nat(grid);
    fewer.getSettings().setAdaptiveIterations(3);
    fewer.run(100_000);
    assertEquals(1 + 3, fewer.history().size());
    NAT ordinary = nat(new Wrapped(grid));
    ordinary.getSettings().setAdaptiveIterations(3);
    ordinary.run(12 + 40 * 4);
    assertEquals(1 + 40, ordinary.history().size());
  }

  @Test
  void aMeasurementThatFailsOnceIsTriedAgain() {
    Set<List<Integer>> failed = new HashSet<>();
    Problem flaky =
        new Wrapped(grid) {
          @Override
          public void evaluate(Solution solution) {
            if (failed.add(Arrays.stream(IntegerVariable.toInts(solution)).boxed().toList())) {
              throw new IllegalStateException("once");
            }
            super.evaluate(solution);
          }
        };
    NAT nat = run(flaky, 2, 40);
    assertEquals(40, failed.size());
    assertTrue(nat.failures().isEmpty());
    assertEquals(Rows.of(run(new Wrapped(grid), 2, 40).getResult()), Rows.of(nat.getResult()));
  }

  @Test
  void theCutMayWaitForTheMeasurements() {
    NAT nat = nat(grid);
    nat.getSettings().setArchiveSize(12);
    nat.getSettings().setNewMembers(0);
    nat.getSettings().setCutAfterMeasuring(true);
    nat.getSettings().setIterations(2);
    nat.run(10_000);
    IterationRecord second = nat.history().get(2);
    assertEquals(12, second.archiveSize());
    assertEquals(
        second.newMembers(), second.evaluations() - nat.history().get(1).evaluations() - 12);
    assertTrue(second.newMembers() > 8, "more than there is room for: " + second.newMembers());
  }

  @Test
  void theSurrogateIsFittedToAsManyMembersAsAreAskedFor() {
    List<String> all = Rows.of(run(grid, 6, 100).getResult());
    NAT many = nat(grid);
    many.getSettings().setSeed("6");
    many.getSettings().setTrainingSize(20);
    many.run(100);
    assertEquals(all, Rows.of(many.getResult()), "no more members than that");
    NAT few = nat(grid);
    few.getSettings().setSeed("6");
    few.getSettings().setTrainingSize(4);
    few.run(100);
    assertNotEquals(all, Rows.of(few.getResult()));
  }

  @Test
  void aFrameworkThatKeepsTheInnerProblemElsewhereIsSaidToBeOne() {
    FrameworkException error =
        assertThrows(FrameworkException.class, () -> Problems.wrapped(new Wrapped(grid), "inner"));
    assertTrue(error.getMessage().contains("no field ProblemWrapper.inner"), error.getMessage());
    assertSame(grid, Problems.unwrap(DistributedProblem.from(grid, 1)));
  }

  @Test
  void theScheduleRunsFromStartToEndWithoutAGap() {
    NAT nat = nat(grid);
    nat.getSettings().setIterations(6);
    nat.run(10_000);
    double reached = 0;
    for (double[] position : grid.positions()) {
      assertEquals(reached, position[0], 1e-12);
      assertTrue(position[1] > position[0]);
      reached = position[1];
    }
    assertEquals(1, reached, 1e-12);
  }

  @Test
  void anExhaustedSpaceEndsTheRun() {
    Problem tiny = new Wrapped(new AdaptiveGrid(3, 3));
    NAT nat = nat(tiny);
    nat.getSettings().setInitialArchiveSize(5);
    nat.run(1000);
    assertEquals(27, nat.getNumberOfEvaluations());
    // What stands for nothing is known to the grid itself only: its 27 genotypes are 15.
    NAT canonical = nat(new AdaptiveGrid(3, 3));
    canonical.getSettings().setInitialArchiveSize(50);
    canonical.run(1000);
    assertEquals(15, canonical.getNumberOfEvaluations());
  }

  @Test
  void anArchiveOutlivesAMeasurementThatFailsWholly() {
    AtomicBoolean broken = new AtomicBoolean(true);
    NAT nat = nat(new AdaptiveGrid(6, 8, genes -> broken.get()));
    nat.getSettings().setSeed("2");
    assertThrows(FrameworkException.class, nat::step);
    broken.set(false);
    nat.step();
    List<Solution> archive = nat.getPopulation().asList();
    int iterations = nat.history().size();
    broken.set(true);
    FrameworkException error = assertThrows(FrameworkException.class, nat::step);
    assertTrue(
        error.getMessage().contains("solutions could be measured, the first because: no value"),
        error.getMessage());
    assertEquals(archive, nat.getPopulation().asList());
    assertEquals(iterations, nat.history().size());
    broken.set(false);
    nat.step();
    assertEquals(iterations + 1, nat.history().size());
  }

  @Test
  void failedMeasurementsAreExcludedAndNamed() {
    AdaptiveGrid failing = new AdaptiveGrid(6, 8, genes -> genes[0] == 7);
    NAT nat = run(failing, 2, 150);
    assertFalse(nat.failures().isEmpty());
    nat.failures().forEach((genes, reason) -> assertEquals("no value for " + genes, reason));
    for (Solution member : nat.getPopulation()) {
      assertTrue(IntegerVariable.toInt(member.getVariable(0)) < 7);
    }
    NAT ordinary = run(new Wrapped(failing), 2, 150);
    assertFalse(ordinary.failures().isEmpty());
  }

  @Test
  void aStepThatWasStoppedIsRepeatedFromWhereItBegan() {
    List<String> unbroken = Rows.of(run(grid, 8, 150).getResult());
    int[] measured = {0};
    AdaptiveGrid stopping =
        new AdaptiveGrid(
            6,
            8,
            genes -> {
              // Within the first sample, and within later measurements of the archive.
              if (Set.of(7, 40, 81).contains(++measured[0])) {
                throw new CancellationException("stop");
              }
              return false;
            });
    NAT nat = nat(stopping);
    nat.getSettings().setSeed("8");
    nat.getSettings().setMaxEvaluations(150);
    int stops = 0;
    while (!nat.isTerminated()) {
      try {
        nat.step();
      } catch (CancellationException e) {
        stops++;
      }
    }
    assertEquals(3, stops);
    assertEquals(unbroken, Rows.of(nat.getResult()));
    assertEquals(0, stopping.open());
  }

  @Test
  void distributedEvaluationGivesTheSameResult() {
    Problem ordinary = new Wrapped(grid);
    List<String> alone = Rows.of(run(ordinary, 4, 100).getResult());
    try (DistributedProblem distributed = DistributedProblem.from(new Wrapped(grid), 2)) {
      assertEquals(alone, Rows.of(run(distributed, 4, 100).getResult()));
    }
    List<String> adapted = Rows.of(run(grid, 4, 100).getResult());
    try (DistributedProblem distributed = DistributedProblem.from(grid, 2)) {
      assertEquals(adapted, Rows.of(run(distributed, 4, 100).getResult()));
    }
    assertNotEquals(alone, adapted, "any other wrapper makes an ordinary problem");
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    List<List<double[]>> fronts = new ArrayList<>();
    for (int threads : new int[] {1, 2}) {
      NAT nat = nat(grid);
      nat.getSettings().setSeed("5");
      nat.getSettings().setSurrogateName("rbf-ensemble");
      nat.setThreads(threads);
      nat.run(60);
      List<double[]> front = new ArrayList<>();
      nat.getResult().forEach(solution -> front.add(solution.getObjectiveValues()));
      fronts.add(front);
    }
    assertArrayEquals(fronts.get(0).toArray(), fronts.get(1).toArray());
    assertThrows(IllegalArgumentException.class, () -> nat(grid).setThreads(0));
  }

  @Test
  void randomCandidatesCostTheSame() {
    NAT nat = nat(grid);
    nat.getSettings().setSearch(SearchKind.RANDOM);
    nat.getSettings().setIterations(5);
    nat.run(10_000);
    NAT searched = nat(grid);
    searched.getSettings().setIterations(5);
    searched.run(10_000);
    assertEquals(searched.getNumberOfEvaluations(), nat.getNumberOfEvaluations());
  }

  @Test
  void theInstrumenterWalksIt() {
    NondominatedPopulation reference = run(grid, 1, 100).getResult();
    NAT nat = nat(grid);
    var series =
        new Instrumenter()
            .withReferenceSet(reference)
            .withFrequency(Frequency.ofEvaluations(12))
            .attachAll()
            .instrument(nat);
    series.run(80);
    assertTrue(series.getSeries().size() > 1);
  }

  @Test
  void configurationGoesRoundAndUnknownPropertiesAreRefused() {
    TypedProperties properties = new TypedProperties();
    properties.setInt("archiveSize", 17);
    properties.setString("surrogate", "rbf");
    properties.setString("search", "random");
    properties.setDouble("nat.pm.rate", 0.25);
    properties.setString("operator", "nat.ux+nat.pm");
    NAT nat = (NAT) AlgorithmFactory.getInstance().getAlgorithm("nat", properties, grid);
    TypedProperties configuration = nat.getConfiguration();
    assertEquals(17, configuration.getInt("archiveSize"));
    assertEquals("rbf", configuration.getString("surrogate"));
    assertEquals(0.25, configuration.getDouble("nat.pm.rate"));
    configuration.remove("algorithm");
    configuration.remove("problem");
    NAT again = (NAT) AlgorithmFactory.getInstance().getAlgorithm("NAT", configuration, grid);
    assertEquals(nat.getConfiguration(), again.getConfiguration());
    assertRefused("archivSize", "3", "archiveSize");
    assertRefused("archiveSize", "1", "archiveSize");
    assertRefused("archiveSize", "many", "archiveSize");
    assertRefused("surrogate", "rfb", "rbf");
    assertRefused("operator", "nat.ux+nosuch", "nosuch");
  }

  @Test
  void problemsThatItCannotSolveAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new NAT(new DTLZ2(2)));
  }

  private void assertRefused(String key, String value, String named) {
    TypedProperties properties = TypedProperties.of(key, value);
    ProviderException error =
        assertThrows(
            ProviderException.class,
            () -> AlgorithmFactory.getInstance().getAlgorithm("NAT", properties, grid));
    assertTrue(error.getMessage().contains(named), error.getMessage());
  }

  private static NAT run(Problem problem, long seed, int evaluations) {
    NAT nat = nat(problem);
    nat.getSettings().setSeed(String.valueOf(seed));
    nat.run(evaluations);
    return nat;
  }

  static NAT nat(Problem problem) {
    NAT nat = new NAT(problem);
    nat.getSettings().setInitialArchiveSize(12);
    nat.getSettings().setArchiveSize(20);
    nat.getSettings().setNewMembers(4);
    nat.getSettings().setPopulationSize(20);
    nat.getSettings().setGenerations(10);
    nat.getSettings().setSurrogateName("rbf");
    return nat;
  }

  /** Makes an ordinary problem of any. */
  private static class Wrapped extends ProblemWrapper {
    Wrapped(Problem problem) {
      super(problem);
    }
  }
}
