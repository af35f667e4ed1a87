package io.github.moeanat.experiment.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be measured, in the order in which it is. */
public enum BenchSection {
  /** Resident memory over many measurements; first, while nothing else has left memory behind. */
  MEMORY,
  /** Measuring the candidates of an iteration, the engine against the eager path. */
  MEASURING,
  /** Training steps, the engine against the eager path. */
  TRAINING,
  /** Two workers against two processes. */
  WORKERS,
  /** How long it takes until an extracted subnet can run, and until a supernet is loaded. */
  READY,
  /** Multiply-adds a second as a share of what matrix products reach. */
  PEAK,
  /** What candidates have in common; nothing is timed. */
  SHARING;

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Names of all sections. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(BenchSection::id).toList();
  }

  /**
   * Returns the section of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static BenchSection of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
