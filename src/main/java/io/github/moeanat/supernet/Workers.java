package io.github.moeanat.supernet;

import io.github.moeanat.internal.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads for native work, each with one thread per tensor operation. Whoever waits for them waits
 * until they have left native code, whatever happens: memory must not be freed below a running
 * operation.
 *
 * <p>What is timed runs alone: no other worker of this process works meanwhile. Tasks must not hand
 * tasks to workers themselves.
 */
public final class Workers implements AutoCloseable {

  // One for the process, as the machine's cores are; whoever waits to be alone comes next.
  private static final ReadWriteLock MACHINE = new ReentrantReadWriteLock();

  private final ExecutorService executor;

  /**
   * Creates the workers; their threads start with the first task.
   *
   * @param name of the threads
   * @param count number of threads
   * @param gradients whether operations are recorded for differentiation
   */
  public Workers(String name, int count, boolean gradients) {
    Requires.atLeast("number of workers", count, 1);
    executor =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Runnable body =
                  () -> {
                    PyTorch.enterThread(gradients);
                    task.run();
                  };
              Thread thread = new Thread(body, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs tasks and waits for all of them, also if one fails or the caller is interrupted.
   *
   * @return results in the order of the tasks
   * @throws RuntimeException the failure of the first task in order that failed
   * @throws CancellationException if the calling thread was interrupted; it stays so
   */
  public <T> List<T> run(List<? extends Callable<T>> tasks) {
    return run(tasks, MACHINE.readLock());
  }

  /**
   * Runs a task as {@link #run} does, while no other worker of this process works: waits until none
   * does, and those that come later wait.
   */
  public <T> T runAlone(Callable<T> task) {
    return run(List.of(task), MACHINE.writeLock()).get(0);
  }

  private <T> List<T> run(List<? extends Callable<T>> tasks, Lock share) {
    share.lock();
    try {
      return runAll(tasks);
    } finally {
      share.unlock();
    }
  }

  private <T> List<T> runAll(List<? extends Callable<T>> tasks) {
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(executor.submit(task));
    }
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<T> future : futures) {
      boolean waiting = true;
      while (waiting) {
        try {
          results.add(future.get());
          waiting = false;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          failure = failure == null ? e.getCause() : failure;
          waiting = false;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    if (failure != null) {
      throw rethrown(failure);
    }
    return results;
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException(failure);
  }

  /** Lets the running tasks finish and ends the threads. */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
