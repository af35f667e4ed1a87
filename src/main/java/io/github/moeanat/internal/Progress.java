package io.github.moeanat.internal;

import java.util.concurrent.CancellationException;

/** Where long work says how far it is, and learns that it should stop. */
public interface Progress {

  /** Shows nothing and never asks to stop. */
  Progress NONE = (name, steps) -> () -> {};

  /**
   * Begins a phase of the work.
   *
   * @param name what is done, in words for the user
   * @param steps the number of {@link Phase#step()} calls that will follow
   */
  Phase begin(String name, long steps);

  /**
   * Begins a phase whose speed is of interest.
   *
   * @param unit what a step is, in the plural: "images"
   */
  default Phase begin(String name, long steps, String unit) {
    return begin(name, steps);
  }

  /** Says in one line what the user should know and need not act on. */
  default void warning(String message) {}

  /** Returns the same, saying nothing of what the user should know. */
  default Progress withoutWarnings() {
    return (name, steps) -> begin(name, steps);
  }

  /** Returns the same, showing no phase and never asking to stop. */
  default Progress onlyWarnings() {
    Progress all = this;
    return new Progress() {
      @Override
      public Phase begin(String name, long steps) {
        return NONE.begin(name, steps);
      }

      @Override
      public void warning(String message) {
        all.warning(message);
      }
    };
  }

  /** Returns the same under another name for every phase. */
  default Progress named(String name) {
    return (ignored, steps) -> begin(name, steps);
  }

  /** One phase; may be stepped from several threads. */
  @FunctionalInterface
  interface Phase extends AutoCloseable {

    /**
     * Says that one more step is done.
     *
     * @throws CancellationException if the user asked to stop; the work unwinds and keeps nothing
     */
    void step();

    @Override
    default void close() {}
  }
}
