package io.github.moeanat.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.moeanat.experiment.bench.BenchCase.PretrainingPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

class PretrainingLoadTest {

  @Test
  void shippedRecipesTrainWhatIsMeasured() {
    List<PretrainingPhase> phases =
        BenchCase.of("cifar100-small").small().orElseThrow().pretraining();
    assertEquals(List.of("all", "kernel"), phases.stream().map(PretrainingPhase::phase).toList());
    // Smaller images take less time.
    BenchCase digits = BenchCase.of("digits");
    for (PretrainingPhase phase : phases) {
      try (PretrainingLoad load = new PretrainingLoad(digits, phase, 2)) {
        load.run();
        assertEquals(10 * 64, load.images());
      }
    }
  }
}
