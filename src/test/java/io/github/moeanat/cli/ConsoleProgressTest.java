package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.cli.Console.Level;
import io.github.moeanat.internal.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final Cancellation cancellation = new Cancellation();

  @Test
  void linesComeAtMostEveryTenSecondsAndAtTheEnd() {
    try (Progress.Phase phase = begin(Level.NORMAL, false, "measure", 40)) {
      for (int i = 0; i < 40; i++) {
        pass(4);
        phase.step();
      }
    }
    List<String> lines = printed(err).lines().toList();
    assertEquals("measure: 3 of 40, 7 %, 2m28s left", lines.get(0));
    assertEquals("measure: 6 of 40, 15 %, 2m16s left", lines.get(1));
    assertEquals("measure: 40 done in 2m40s", lines.get(lines.size() - 1));
    assertEquals(14, lines.size());
    assertEquals("", printed(out));
  }

  @Test
  void speedIsShownWhereAStepHasAUnit() throws InterruptedException {
    Progress lines = console(Level.NORMAL, false).progress(cancellation);
    try (Progress.Phase phase = lines.begin("decode", 800, "images")) {
      for (int i = 0; i < 800; i++) {
        clock.addAndGet(Duration.ofMillis(25).toNanos());
        phase.step();
      }
    }
    List<String> printed = printed(err).lines().toList();
    assertEquals("decode: 400 of 800, 50 %, 40 images/s, 10s left", printed.get(0));
    assertEquals("decode: 800 done in 20s, 40 images/s", printed.get(1));
    Progress bar = console(Level.NORMAL, true).progress(cancellation);
    try (Progress.Phase phase = bar.begin("decode", 100, "images")) {
      pass(5);
      IntStream.range(0, 25).forEach(i -> phase.step());
      awaitBar("images/s");
    }
  }

  @Test
  void shortPhasesAndQuietOnesSayNothing() {
    try (Progress.Phase phase = begin(Level.NORMAL, false, "measure", 2)) {
      pass(1);
      phase.step();
    }
    try (Progress.Phase phase = begin(Level.QUIET, false, "measure", 2)) {
      pass(1000);
      phase.step();
    }
    try (Progress.Phase phase = begin(Level.QUIET, true, "measure", 2)) {
      pass(1000);
      phase.step();
    }
    assertEquals("", printed(err));
  }

  @Test
  void aPhaseThatStopsEarlyOrGoesOnTooLongSaysSo() {
    try (Progress.Phase phase = begin(Level.NORMAL, false, "adapt", 3)) {
      pass(5);
      phase.step();
    }
    try (Progress.Phase phase = begin(Level.NORMAL, false, "train", 0)) {
      pass(11);
      phase.step();
      phase.close();
    }
    assertEquals(
        """
        adapt: stopped at 1 of 3 after 5s
        train: 1 done after 11s
        train: 1 done in 11s
        """,
        printed(err));
  }

  @Test
  void aRequestToStopEndsTheNextStepEvenWhenQuiet() {
    for (Level level : Level.values()) {
      Cancellation asked = new Cancellation();
      Progress.Phase phase = console(level, false).progress(asked).begin("measure", 4);
      phase.step();
      asked.request();
      var stop = assertThrows(CancellationException.class, phase::step);
      assertEquals("interrupted", stop.getMessage());
    }
  }

  @Test
  void stepsOfManyThreadsAreAllCounted() {
    try (Progress.Phase phase = begin(Level.NORMAL, false, "measure", 10_000)) {
      IntStream.range(0, 10_000).parallel().forEach(i -> phase.step());
      pass(3);
    }
    assertEquals("measure: 10000 done in 3s\n", printed(err));
  }

  @Test
  void aTerminalShowsABarThatMakesRoomForLines() throws InterruptedException {
    Console console = console(Level.NORMAL, true);
    Progress progress = console.progress(cancellation);
    try (Progress.Phase outer = progress.begin("runs", 4)) {
      outer.step();
      assertEquals("", printed(err), "not before it is worth it");
      pass(60);
      outer.step();
      awaitBar("\rruns  50% [");
      try (Progress.Phase inner = progress.begin("adapt", 100)) {
        pass(5);
        IntStream.range(0, 25).forEach(i -> inner.step());
        awaitBar("\radapt  25% [");
        outer.step();
        console.info("a line");
        console.result("a result");
      }
    }
    String text = printed(err);
    assertTrue(text.contains("\r" + " ".repeat(79) + "\ra line\n"), text);
    assertTrue(
        text.endsWith(
            "\radapt: stopped at 25 of 100 after 5s\nruns: stopped at 3 of 4 after 1m05s\n"),
        text);
    assertEquals("a result\n", printed(out));
    assertTrue(!text.contains("\n\n"), "no empty lines");
  }

  @Test
  void whatIsSaidDependsOnTheLevel() {
    for (Level level : Level.values()) {
      Console console = console(level, false);
      console.result("result");
      console.info("info");
      console.detail("detail");
      console.warning("odd");
      console.error("bad", new IllegalStateException("trace"));
    }
    assertEquals("result\nresult\nresult\n", printed(out));
    String text = printed(err);
    String normal = "warning: odd\nerror: bad\ninfo\nwarning: odd\nerror: bad\ninfo\ndetail\n";
    assertTrue(text.startsWith(normal), text);
    assertTrue(text.contains("error: bad\njava.lang.IllegalStateException: trace"), text);
  }

  private Progress.Phase begin(Level level, boolean terminal, String name, long steps) {
    return console(level, terminal).progress(cancellation).begin(name, steps);
  }

  private Console console(Level level, boolean terminal) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        level,
        terminal,
        clock::get,
        80);
  }

  // The library draws in a thread of its own.
  private void awaitBar(String bar) throws InterruptedException {
    for (int i = 0; i < 500 && !printed(err).contains(bar); i++) {
      Thread.sleep(10);
    }
    assertTrue(printed(err).contains(bar), printed(err));
  }

  private void pass(int seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
