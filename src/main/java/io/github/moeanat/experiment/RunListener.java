package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.IterationRecord;
import java.time.Duration;
import java.util.Optional;

/** Hears how a search goes on. */
public interface RunListener {

  /**
   * The data set is known.
   *
   * @param summary its classes and numbers of images in one line
   */
  default void data(String summary) {}

  /**
   * An iteration is done and its tables are written; its state is saved next.
   *
   * @param elapsed wall time since the search or its resumption began
   * @param remaining estimate from the budget spent; empty if nothing bounds the run
   */
  void iteration(IterationRecord iteration, Duration elapsed, Optional<Duration> remaining);

  /** Something is not as it should be, but the run goes on. */
  void warning(String message);
}
