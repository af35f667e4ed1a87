package io.github.moeanat.experiment;

import io.github.moeanat.internal.Progress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes progress on and adds up by name how long the phases took, by the clock on the wall. A
 * phase within another belongs to the outer one.
 */
final class PhaseTimes implements Progress {

  private final Progress told;
  private final InstantSource clock;
  private final long start;
  private final Map<String, Duration> phases = new LinkedHashMap<>();
  private int open;

  /** Starts the clock. */
  PhaseTimes(Progress told, InstantSource clock) {
    this.told = told;
    this.clock = clock;
    start = clock.millis();
  }

  /** Wall time since the clock was started. */
  Duration elapsed() {
    return Duration.ofMillis(clock.millis() - start);
  }

  /** Times of finished phases in the order in which they first ended. */
  synchronized Map<String, Duration> phases() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(phases));
  }

  @Override
  public Phase begin(String name, long steps) {
    return begin(name, steps, "");
  }

  @Override
  public Phase begin(String name, long steps, String unit) {
    return new Timed(name, told.begin(name, steps, unit), outermost());
  }

  @Override
  public void warning(String message) {
    told.warning(message);
  }

  private synchronized boolean outermost() {
    open++;
    return open == 1;
  }

  private synchronized void ended(String name, boolean outermost, long began) {
    open--;
    if (outermost) {
      phases.merge(name, Duration.ofMillis(clock.millis() - began), Duration::plus);
    }
  }

  private final class Timed implements Phase {

    private final String name;
    private final Phase phase;
    private final boolean outermost;
    private final long began = clock.millis();
    private boolean closed;

    Timed(String name, Phase phase, boolean outermost) {
      this.name = name;
      this.phase = phase;
      this.outermost = outermost;
    }

    @Override
    public void step() {
      phase.step();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        phase.close();
        ended(name, outermost, began);
      }
    }
  }
}
