package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.DataSet;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubnetEvaluatorTest {

  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(40, 20, 100, Engine.Kind.FUSED);

  private DataSet data;
  private List<Architecture> subnets;

  @BeforeEach
  void load() throws IOException {
    data = Digits.data();
    subnets = new ArrayList<>(Digits.subnets().values()).subList(0, 4);
  }

  @Test
  void everyArchitectureIsOneStep() {
    AtomicInteger steps = new AtomicInteger();
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator = evaluator(supernet, 2)) {
      evaluator.evaluate(subnets, (name, total) -> steps::incrementAndGet);
    }
    assertEquals(subnets.size(), steps.get());
  }

  @Test
  void failuresAreNamedAndTheOthersKept() {
    Architecture wider = new Architecture(32, 0.5, subnets.get(0).stages());
    List<Architecture> some = List.of(subnets.get(0), wider, subnets.get(1));
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator = evaluator(supernet, 2)) {
      MeasurementException e =
          assertThrows(MeasurementException.class, () -> evaluator.evaluate(some, Progress.NONE));
      assertEquals(Set.of(wider), e.failures().keySet());
      assertEquals(
          evaluator.evaluate(List.of(subnets.get(0), subnets.get(1)), Progress.NONE),
          List.copyOf(e.measured().values()));
    }
  }

  @Test
  void weightsThatAreNotFiniteAreAFailure() {
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator = evaluator(supernet, 1)) {
      supernet.parameters().muli(Float.NaN);
      MeasurementException e =
          assertThrows(
              MeasurementException.class, () -> evaluator.evaluate(subnets, Progress.NONE));
      assertEquals(Set.copyOf(subnets), e.failures().keySet());
    }
  }

  @Test
  void cancellingStopsTheWorkersAndLeavesTheEvaluatorUsable() {
    AtomicInteger steps = new AtomicInteger();
    Progress stopping =
        (name, total) ->
            () -> {
              if (steps.incrementAndGet() == 2) {
                throw new CancellationException("enough");
              }
            };
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator = evaluator(supernet, 2)) {
      List<Architecture> many = Collections.nCopies(40, subnets.get(0));
      assertThrows(CancellationException.class, () -> evaluator.evaluate(many, stopping));
      assertTrue(steps.get() < 10, () -> steps + " steps");
      assertEquals(4, evaluator.evaluate(subnets, Progress.NONE).size());
    }
  }

  @Test
  void nativeMemoryIsFlat() {
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator = evaluator(supernet, 2);
        NDManager root = PyTorch.newManager(PyTorch.device("cpu"))) {
      evaluator.evaluate(subnets, Progress.NONE);
      int before = root.getParentManager().getManagedArrays().size();
      evaluator.evaluate(Collections.nCopies(100, subnets.get(0)), Progress.NONE);
      assertEquals(before, root.getParentManager().getManagedArrays().size());
    }
  }

  @Test
  void testImagesHaveAnEvaluatorOfTheirOwn() {
    try (Supernet supernet = Digits.supernet();
        TestEvaluator evaluator =
            new TestEvaluator(
                SupernetFamily.of(supernet),
                data.search(),
                data.test(),
                Digits.TRANSFORM,
                SETTINGS,
                1,
                2)) {
      List<Accuracy> accuracies = evaluator.evaluate(subnets, Progress.NONE);
      assertEquals(400, accuracies.get(0).images());
      assertTrue(accuracies.stream().allMatch(a -> a.error() < 0.5), accuracies::toString);
    }
  }

  @Test
  void recalibrationImagesAreTheFirstOfOnePermutation() {
    int[] few = SubnetEvaluator.recalibrationImages(data.search(), 20, 5);
    int[] many = SubnetEvaluator.recalibrationImages(data.search(), 100, 5);
    assertArrayEquals(few, Arrays.copyOf(many, 20));
    assertEquals(100, Arrays.stream(many).distinct().count());
    int[] other = SubnetEvaluator.recalibrationImages(data.search(), 20, 6);
    assertNotEquals(Arrays.toString(few), Arrays.toString(other));
    assertThrows(
        IllegalArgumentException.class,
        () -> SubnetEvaluator.recalibrationImages(data.search(), 100_000, 5));
  }

  @Test
  void settingsThatLeaveOneImageAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EvaluationSettings(101, 50, 10, Engine.Kind.FUSED));
  }

  private SubnetEvaluator evaluator(Supernet supernet, int workers) {
    return new SubnetEvaluator(
        SupernetFamily.of(supernet), data.search(), Digits.TRANSFORM, SETTINGS, 1, workers);
  }
}
