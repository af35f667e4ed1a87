package io.github.moeanat.surrogate;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Runs numbered tasks that write to places of their own, so that their order does not matter. */
final class Workers {

  private Workers() {}

  static void run(int tasks, int threads, IntConsumer task) {
    if (threads == 1 || tasks < 2) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Callable<Void> worker =
        () -> {
          for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
            task.accept(i);
          }
          return null;
        };
    int size = Math.min(threads, tasks);
    ExecutorService pool = Executors.newFixedThreadPool(size, Workers::daemon);
    try {
      for (Future<Void> done : pool.invokeAll(Collections.nCopies(size, worker))) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a surrogate's worker failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "surrogate");
    thread.setDaemon(true);
    return thread;
  }
}
