package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.surrogate.PredictionError;
import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.NSGAII;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.runtime.Collector;
import org.moeaframework.analysis.runtime.InstrumentedAlgorithm;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.analysis.series.IndexedResult;
import org.moeaframework.analysis.series.ResultSeries;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;

class NatCollectorsTest {

  private static final int EVALUATIONS = 100;

  private final AdaptiveGrid grid = new AdaptiveGrid(6, 8);

  @Test
  void everyIterationIsRecordedAsTheHistoryHasIt() {
    NAT nat = NatTest.nat(grid);
    ResultSeries series = series(nat, NatCollectors.all());
    List<IterationRecord> history = nat.history();
    assertTrue(history.size() > 3);
    assertEquals(history.size(), series.size());
    int iteration = 0;
    for (IndexedResult result : series) {
      IterationRecord expected = history.get(iteration);
      TypedProperties found = result.getProperties();
      assertEquals(expected.evaluations(), result.getIndex());
      assertEquals(expected.archiveSize(), found.getInt(NatCollectors.ARCHIVE_SIZE));
      assertEquals(iteration + 1, found.getInt(NatCollectors.SUPERNET_VERSION));
      PredictionError fresh = expected.newErrors().get("loss");
      PredictionError old = expected.oldErrors().get("loss");
      assertEquals(fresh.rmse(), found.getDouble("loss RMSE"));
      assertEquals(fresh.spearman(), found.getDouble("loss Spearman"));
      assertEquals(fresh.kendall(), found.getDouble("loss Kendall"));
      assertEquals(old.rmse(), found.getDouble("loss RMSE (old)"));
      assertEquals(iteration == 0, Double.isNaN(found.getDouble("loss RMSE")));
      // The size is exact, so nothing predicts it.
      assertFalse(found.contains("size RMSE"));
      iteration++;
    }
  }

  @Test
  void nothingHasAVersionWhereNothingIsAdapted() {
    NAT nat = NatTest.nat(new Ordinary(grid));
    for (IndexedResult result : series(nat, NatCollectors.all())) {
      assertEquals(0, result.getProperties().getInt(NatCollectors.SUPERNET_VERSION));
      assertFalse(result.getProperties().contains("loss RMSE (old)"));
      assertTrue(result.getProperties().contains("loss RMSE"));
    }
  }

  @Test
  void collectorsAreAttachedOneByOneAndDoNotDisturbARun() {
    NAT plain = seeded();
    plain.run(EVALUATIONS);
    NAT collected = seeded();
    ResultSeries series = series(collected, List.of(NatCollectors.archiveSize()));
    assertEquals(Set.of("NFE", NatCollectors.ARCHIVE_SIZE), series.getDefinedProperties());
    assertEquals(Rows.of(plain.getResult()), Rows.of(collected.getResult()));
  }

  @Test
  void otherAlgorithmsHaveNoneOfTheseColumns() {
    ResultSeries series = series(new NSGAII(grid), NatCollectors.all());
    assertEquals(Set.of("NFE"), series.getDefinedProperties());
  }

  private NAT seeded() {
    NAT nat = NatTest.nat(grid);
    nat.getSettings().setSeed("3");
    return nat;
  }

  private static ResultSeries series(Algorithm algorithm, List<Collector> collectors) {
    Instrumenter instrumenter = new Instrumenter().withFrequency(Frequency.ofIterations(1));
    new ArrayList<>(collectors).forEach(instrumenter::attach);
    InstrumentedAlgorithm<?> instrumented = instrumenter.instrument(algorithm);
    instrumented.run(EVALUATIONS);
    return instrumented.getSeries();
  }

  /** Makes an ordinary problem of any. */
  private static final class Ordinary extends ProblemWrapper {
    Ordinary(Problem problem) {
      super(problem);
    }
  }
}
