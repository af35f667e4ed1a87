package io.github.moeanat.cli;

import java.time.Duration;

/** Lengths of time for people, in their two largest units. */
final class Durations {

  private Durations() {}

  /** Returns for example {@code 12s}, {@code 1m05s}, {@code 2h03m} or {@code 1d04h}. */
  static String format(Duration duration) {
    long seconds = Math.max(0, duration.plusMillis(500).toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%02ds".formatted(seconds / 60, seconds % 60);
    }
    long minutes = seconds / 60;
    if (minutes < 24 * 60) {
      return "%dh%02dm".formatted(minutes / 60, minutes % 60);
    }
    return "%dd%02dh".formatted(minutes / (24 * 60), minutes / 60 % 24);
  }
}
