package io.github.moeanat.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be closed in the opposite order of its making, all of it whatever fails. */
public final class ClosingStack implements AutoCloseable {

  private final Deque<Runnable> closing = new ArrayDeque<>();

  /** Adds what will be closed before all that is here. */
  public void push(Runnable close) {
    closing.push(close);
  }

  /** Closes everything; throws what the last failing one threw. Closing again does nothing. */
  @Override
  public void close() {
    if (!closing.isEmpty()) {
      try {
        closing.pop().run();
      } finally {
        close();
      }
    }
  }
}
