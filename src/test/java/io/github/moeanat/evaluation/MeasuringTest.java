package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MeasuringTest {

  private final IllegalStateException first = new IllegalStateException("first");
  private int calls;

  @Test
  void aMeasurementThatFailsOnceIsMadeAgain() {
    Accuracy accuracy = new Accuracy(3, 4);
    Measuring.Outcome outcome =
        Measuring.twice(
            () -> {
              if (++calls == 1) {
                throw first;
              }
              return accuracy;
            });
    assertEquals(2, calls);
    assertSame(accuracy, outcome.accuracy());
    assertNull(outcome.failure());
  }

  @Test
  void twoFailuresAreOneThatKnowsTheOther() {
    IllegalStateException second = new IllegalStateException("second");
    Supplier<Accuracy> failing =
        () -> {
          throw ++calls == 1 ? first : second;
        };
    Measuring.Outcome outcome = Measuring.twice(failing);
    assertEquals(2, calls);
    assertSame(second, outcome.failure());
    assertArrayEquals(new Throwable[] {first}, second.getSuppressed());
    assertNull(outcome.accuracy());
  }
}
