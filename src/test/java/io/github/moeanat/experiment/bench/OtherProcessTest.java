package io.github.moeanat.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.experiment.bench.Load.Window;
import io.github.moeanat.internal.Progress;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OtherProcessTest {

  @Test
  void itWorksWhenItIsToldTo() throws IOException {
    try (OtherProcess process = OtherProcess.start("training", "digits")) {
      process.awaitReady();
      for (int i = 0; i < 2; i++) {
        process.begin(0);
        Window window = process.result();
        assertEquals(1, window.runs());
        assertTrue(window.seconds() > 0);
      }
    }
  }

  @Test
  void theFirstLoadOfASupernetIsTimedInAProcessOfItsOwn() throws IOException {
    Figure figure = ReadySection.loading("packed", 2, Progress.NONE);
    assertEquals("s", figure.unit());
    assertTrue(figure.value() > 0 && figure.value() < 10, figure.measured());
    assertEquals(1, figure.bar().orElseThrow().value());
    assertEquals("supernets/w0.05.safetensors", figure.details().get("weights"));
  }

  @Test
  void oneThatFailsSaysWhy() throws IOException {
    try (OtherProcess process = OtherProcess.start("training", "nosuch")) {
      IOException failure = assertThrows(IOException.class, process::awaitReady);
      assertEquals(
          "a process that was to work beside this one ended with code 2: no case 'nosuch',"
              + " expected one of "
              + BenchCase.names(),
          failure.getMessage());
    }
  }
}
