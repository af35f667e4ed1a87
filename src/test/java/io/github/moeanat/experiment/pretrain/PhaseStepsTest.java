package io.github.moeanat.experiment.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseStepsTest {

  private static final ProblemDefinition TINY =
      ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", Map.of()));

  private static PhaseSteps kernel(String teacher, int workers) throws IOException {
    MobileNetV3 network = TINY.network(0.25);
    return PhaseSteps.first(
        Recipe.read(
            NatAlgorithms.FILES.load("tiny-phases", Map.of("phase.kernel.teacher", teacher))),
        "kernel",
        TINY,
        Digits.data().search(),
        Weights.initial(network, TINY.space(), 1),
        PyTorch.device("cpu"),
        workers,
        1);
  }

  @Test
  void theTeacherOfAnEarlierPhaseTeachesFromTheFirstStepOn() throws IOException {
    try (PhaseSteps taught = kernel("largest", 1);
        PhaseSteps again = kernel("largest", 2);
        PhaseSteps alone = kernel("none", 1)) {
      double loss = taught.step(0);
      // Of labels and of the teacher's all but even probabilities, each about the logarithm of 10.
      assertEquals(2 * alone.step(0), loss, 0.3);
      assertEquals(loss, again.step(0));
      assertEquals(
          taught.supernet().toWeights().hash(),
          again.supernet().toWeights().hash(),
          "whatever the number of workers");
    }
  }

  @Test
  void aStepThatDivergesIsNamedWithItsPhase() throws IOException {
    try (PhaseSteps steps = kernel("largest", 1)) {
      steps.supernet().parameters().muli(Float.NaN);
      ArithmeticException diverged = assertThrows(ArithmeticException.class, () -> steps.step(4));
      assertTrue(
          diverged
              .getMessage()
              .matches(
                  "phase kernel: the loss is NaN in step 5 at learning rate 0\\.0\\d*, on subnets"
                      + " \\[(8|12) px 4-4-4-4-4 deep]; begin anew .*"),
          diverged.getMessage());
    }
  }
}
