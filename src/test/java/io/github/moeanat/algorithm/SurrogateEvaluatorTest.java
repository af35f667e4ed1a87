package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.surrogate.PredictionError;
import io.github.moeanat.surrogate.RbfSurrogate;
import io.github.moeanat.testing.AdaptiveGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.Solution;

class SurrogateEvaluatorTest {

  private final AdaptiveGrid grid = new AdaptiveGrid(4, 5);
  private final SurrogateEvaluator evaluator =
      new SurrogateEvaluator(grid, new Measurements(grid, grid));
  private final List<Solution> measured = new ArrayList<>();

  @BeforeEach
  void fit() {
    var random = new Seeds(1).generator("test");
    for (int i = 0; i < 40; i++) {
      Solution solution = Genotype.of(grid.sample(random)).newSolution(grid);
      grid.evaluate(solution);
      measured.add(solution);
    }
    evaluator.fit(new RbfSurrogate(), measured, new Seeds(1), 1, Progress.NONE.begin("fitting", 1));
  }

  @Test
  void genesThatStandForNothingNeverReachAPredictor() {
    Solution plain = solution(3, 0, 0, 0);
    Solution shadowed = solution(3, 0, 4, 2);
    evaluator.predictInPlace(List.of(plain, shadowed));
    assertArrayEquals(plain.getObjectiveValues(), shadowed.getObjectiveValues());
  }

  @Test
  void cheapValuesAreExactAndExpensiveOnesArePredicted() {
    Solution truth = solution(4, 3, 2, 1);
    grid.evaluate(truth);
    Solution predicted = solution(4, 3, 2, 1);
    evaluator.predictInPlace(List.of(predicted));
    assertEquals(truth.getObjectiveValue(1), predicted.getObjectiveValue(1));
    assertNotEquals(truth.getObjectiveValue(0), predicted.getObjectiveValue(0));
    assertEquals(truth.getObjectiveValue(0), predicted.getObjectiveValue(0), 0.2);
  }

  @Test
  void predictionsAreCountedAndLeaveMeasurementsAlone() {
    double[] before = measured.get(0).getObjectiveValues();
    List<Solution> predicted =
        evaluator.predict(measured.stream().map(evaluator::genotype).toList());
    assertEquals(40, evaluator.predictions());
    assertTrue(predicted.stream().noneMatch(measured::contains));
    assertArrayEquals(before, measured.get(0).getObjectiveValues());
  }

  @Test
  void theErrorComparesPairByPair() {
    Solution worse = solution(1, 1, 1, 1);
    worse.setObjectiveValues(new double[] {measured.get(0).getObjectiveValue(0) + 3, 0});
    Solution better = solution(1, 1, 1, 1);
    better.setObjectiveValues(new double[] {measured.get(1).getObjectiveValue(0) - 4, 0});
    Map<String, PredictionError> errors =
        evaluator.errors(List.of(worse, better), measured.subList(0, 2));
    assertEquals(Set.of("loss"), errors.keySet());
    PredictionError error = errors.get("loss");
    assertEquals(2, error.size());
    assertEquals(Math.sqrt((9 + 16) / 2.0), error.rmse(), 1e-12);
  }

  private Solution solution(int... genes) {
    Solution solution = grid.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }
}
