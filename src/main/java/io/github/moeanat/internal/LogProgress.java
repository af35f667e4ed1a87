package io.github.moeanat.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Progress for programs that know nothing of it, such as the framework's own tools: a line in the
 * log when a phase begins and at every tenth of it.
 *
 * @param logger takes the lines
 */
public record LogProgress(Logger logger) implements Progress {

  private static final int LINES = 10;

  @Override
  public Phase begin(String name, long steps) {
    logger.log(Level.INFO, name);
    AtomicLong done = new AtomicLong();
    return () -> {
      long now = done.incrementAndGet();
      if (now * LINES / steps != (now - 1) * LINES / steps) {
        logger.log(Level.INFO, "{0}: {1} of {2}", name, now, steps);
      }
    };
  }

  @Override
  public void warning(String message) {
    logger.log(Level.WARNING, message);
  }
}
