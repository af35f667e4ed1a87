package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidationPassTest {

  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(40, 20, 64, Engine.Kind.FUSED);

  private DataSet data;
  private List<Architecture> subnets;

  @BeforeEach
  void load() throws IOException {
    data = Digits.data();
    subnets = new ArrayList<>(Digits.subnets().values()).subList(0, 3);
  }

  @Test
  void accuraciesAreThoseOfTheEvaluator() {
    EvaluationSettings unchanged = new EvaluationSettings(0, 20, 64, Engine.Kind.FUSED);
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator before = evaluator(supernet, unchanged);
        SubnetEvaluator after = evaluator(supernet, SETTINGS);
        ValidationPass pass = pass(supernet)) {
      List<Accuracy> inherited = before.evaluate(subnets, Progress.NONE);
      List<Accuracy> recalibrated = after.evaluate(subnets, Progress.NONE);
      for (int i = 0; i < subnets.size(); i++) {
        try (Subnet subnet = supernet.extract(subnets.get(i))) {
          assertEquals(inherited.get(i), run(pass, subnet).accuracy());
          pass.recalibrate(subnet);
          assertEquals(recalibrated.get(i), run(pass, subnet).accuracy());
        }
      }
      assertTrue(!inherited.equals(recalibrated));
    }
  }

  @Test
  void differencesAreInSharesOfTheLargestLogit() {
    Logits reference = new Logits(new float[] {1, -4, 2, 0}, new Accuracy(1, 2));
    assertEquals(0, reference.difference(reference));
    assertEquals(
        0.5, new Logits(new float[] {1, -4, 2, 2}, new Accuracy(1, 2)).difference(reference));
    assertEquals(
        Double.POSITIVE_INFINITY,
        new Logits(new float[] {1, -4}, new Accuracy(1, 1)).difference(reference));
    assertTrue(
        Double.isNaN(
            new Logits(new float[] {1, Float.NaN, 2, 0}, new Accuracy(1, 2))
                .difference(reference)));
  }

  @Test
  void logitsThatAreNotFiniteAndAWishToStopEndAPass() {
    try (Supernet supernet = Digits.supernet();
        Subnet subnet = supernet.extract(subnets.get(0));
        ValidationPass pass = pass(supernet)) {
      int resolution = subnets.get(0).resolution();
      assertThrows(
          ArithmeticException.class,
          () ->
              pass.run(
                  resolution,
                  images -> subnet.forward(images, BatchNorm.RUNNING).muli(Float.NaN),
                  Progress.NONE));
      AtomicInteger batches = new AtomicInteger();
      Progress stopping =
          (name, steps) ->
              () -> {
                batches.incrementAndGet();
                throw new CancellationException("enough");
              };
      assertThrows(
          CancellationException.class,
          () ->
              pass.run(resolution, images -> subnet.forward(images, BatchNorm.RUNNING), stopping));
      // Five batches there are; those that had begun end.
      assertTrue(batches.get() <= 2, batches + " batches");
    }
  }

  private Logits run(ValidationPass pass, Subnet subnet) {
    return pass.run(
        subnet.architecture().resolution(),
        images -> subnet.forward(images, BatchNorm.RUNNING),
        Progress.NONE);
  }

  private SubnetEvaluator evaluator(Supernet supernet, EvaluationSettings settings) {
    return new SubnetEvaluator(
        SupernetFamily.of(supernet), data.search(), Digits.TRANSFORM, settings, 1, 2);
  }

  private ValidationPass pass(Supernet supernet) {
    return new ValidationPass(supernet.device(), data.search(), Digits.TRANSFORM, SETTINGS, 1);
  }
}
