package io.github.moeanat.cli;

import java.util.concurrent.CancellationException;

/** The user's wish to stop, set by a signal's thread and seen by those that work. */
public final class Cancellation {

  private volatile boolean requested;

  /** Asks the work to stop. */
  public void request() {
    requested = true;
  }

  /** Returns whether the work should stop. */
  public boolean isRequested() {
    return requested;
  }

  /**
   * Goes on unless the work should stop.
   *
   * @throws CancellationException if it should
   */
  public void check() {
    if (requested) {
      throw new CancellationException("interrupted");
    }
  }
}
