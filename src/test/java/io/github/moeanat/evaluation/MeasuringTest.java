package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
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
  void imagesThatCannotBeReadAreNoFailureOfASubnet() {
    UncheckedIOException unreadable = new UncheckedIOException(new IOException("damaged"));
    Supplier<Accuracy> failing =
        () -> {
          throw ++calls == 1 ? first : unreadable;
        };
    assertSame(
        unreadable, assertThrows(UncheckedIOException.class, () -> Measuring.twice(failing)));
    assertSame(
        unreadable, assertThrows(UncheckedIOException.class, () -> Measuring.twice(failing)));
    assertEquals(3, calls);
  }

  @Test
  void whatCannotBeMeasuredIsToldInWords() {
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).smallest();
    MeasurementException error =
        new MeasurementException(
            Map.of(architecture, new ArithmeticException("a logit is NaN")), Map.of());
    assertEquals(
        "1 of 1 subnets could not be measured, the first because: a logit is NaN",
        error.getMessage());
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
