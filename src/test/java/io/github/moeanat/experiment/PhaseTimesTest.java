package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.moeanat.internal.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseTimesTest {

  private long now = 5000;

  @Test
  void phasesOfOneNameAreAddedAndInnerOnesBelongToOuterOnes() {
    List<String> told = new ArrayList<>();
    Progress console =
        (name, steps) -> {
          told.add(name + " " + steps);
          return () -> told.add("step");
        };
    PhaseTimes times = new PhaseTimes(console, () -> Instant.ofEpochMilli(now));
    try (Progress.Phase outer = times.named("adapting").begin("training", 2)) {
      now += 100;
      try (Progress.Phase inner = times.begin("decoding", 1, "images")) {
        now += 10;
        inner.step();
      }
      outer.step();
    }
    now += 1000;
    for (int i = 0; i < 2; i++) {
      try (Progress.Phase phase = times.begin("measuring", 1)) {
        now += 20;
        phase.close();
        now += 1;
      }
    }
    assertEquals(
        Map.of("adapting", Duration.ofMillis(110), "measuring", Duration.ofMillis(40)),
        times.phases());
    assertEquals(List.of("adapting", "measuring"), List.copyOf(times.phases().keySet()));
    assertEquals(Duration.ofMillis(1152), times.elapsed());
    assertEquals(
        List.of("adapting 2", "decoding 1", "step", "step", "measuring 1", "measuring 1"), told);
  }
}
