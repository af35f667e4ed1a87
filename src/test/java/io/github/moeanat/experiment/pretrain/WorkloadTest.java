package io.github.moeanat.experiment.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  @Test
  void aFrozenTeacherIsAThirdOfTheLargestSubnetsStep() {
    // The first phase trains the largest subnet alone; it teaches in the second, as long a one.
    double untaught = 1 / workload("none").done(1, 0);
    assertEquals(untaught + 1 / 3.0, 1 / workload("largest").done(1, 0), 1e-9);
  }

  @Test
  void allIsDoneBehindTheLastStep() {
    Workload workload = workload("largest");
    assertEquals(0, workload.done(0, 0));
    assertEquals(workload.done(1, 0), workload.done(0, workload.steps(0)), 1e-12);
    assertEquals(1, workload.done(1, workload.steps(1)), 1e-12);
    assertEquals(workload.steps(0) + workload.steps(1), workload.before(2));
  }

  private static Workload workload(String teacher) {
    Map<String, String> keys =
        Map.of(
            "algorithm", "pretraining",
            "phases", "largest,kernel",
            "phase.largest.epochs", "1",
            "phase.kernel.epochs", "1",
            "phase.kernel.kernelSizes", "all",
            "phase.kernel.teacher", teacher);
    Recipe recipe = Recipe.read(new PropertyFile("two phases", keys, Map.of()));
    return new Workload(
        recipe,
        ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", Map.of())),
        1000);
  }
}
