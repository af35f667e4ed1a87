package io.github.moeanat.testing;

import io.github.moeanat.internal.Progress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Progress that ends the work after some steps, once; counts the later ones too. */
public final class Stopping implements Progress {

  private final AtomicInteger steps = new AtomicInteger();
  private final int last;
  private final Predicate<String> counted;
  private final RuntimeException reason;

  private Stopping(int last, Predicate<String> counted, RuntimeException reason) {
    this.last = last;
    this.counted = counted;
    this.reason = reason;
  }

  /** As a user stops it, after steps of whatever phases. */
  public static Stopping after(int steps) {
    return after(steps, name -> true);
  }

  /** As a user stops it, after steps of the phases of some names. */
  public static Stopping after(int steps, Predicate<String> counted) {
    return new Stopping(steps, counted, new CancellationException("stop"));
  }

  /** As a fault stops it, after which nothing is saved. */
  public static Stopping dyingAfter(int steps, Predicate<String> counted) {
    return new Stopping(steps, counted, new IllegalStateException("died"));
  }

  /** Steps so far, before and after the stop. */
  public int steps() {
    return steps.get();
  }

  @Override
  public Phase begin(String name, long count) {
    return () -> {
      if (counted.test(name) && steps.incrementAndGet() == last) {
        throw reason;
      }
    };
  }
}
