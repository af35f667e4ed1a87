package io.github.moeanat.jmetal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.algorithm.Algorithm;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;

/**
 * An algorithm of jMetal that goes on step by step. jMetal's algorithms run to their end in one
 * call, so each has a thread of its own here, which stands still from when it asks for values until
 * they are set. Only one of both threads works at any time.
 */
final class JMetalRun {

  /** Unwinds the algorithm; an error, because some of jMetal's code catches exceptions. */
  private static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What the algorithm asks for, or its end if {@code asked} is empty. */
  private record Event(List<DoubleSolution> asked, Throwable failure) {}

  private static final long LONGEST_END_MS = 5000;

  private final SynchronousQueue<Event> events = new SynchronousQueue<>();
  private final Semaphore answers = new Semaphore(0);
  private final Thread thread;
  private final boolean settlesItself;
  // Evaluated, but perhaps not yet in what the algorithm calls its result.
  private final List<DoubleSolution> loose = new ArrayList<>();
  private Algorithm<List<DoubleSolution>> algorithm;
  private List<DoubleSolution> open = List.of();
  private boolean answered;
  private IllegalStateException failure;

  /** Prepares a run; {@link #start} begins it. */
  JMetalRun(String name, Recipe recipe, Problem problem, int evaluations, long seed) {
    settlesItself = recipe.settlesItself();
    RealProblem real = new RealProblem(problem, this::ask, loose::clear);
    thread = new Thread(() -> work(recipe, real, evaluations, seed), name);
    thread.setDaemon(true);
  }

  // ---- the algorithm's thread ----

  private void work(Recipe recipe, RealProblem problem, int evaluations, long seed) {
    Throwable failure = null;
    try {
      RunRandom.seedThread(seed);
      algorithm = recipe.create(problem, evaluations);
      algorithm.run();
    } catch (Stopped e) {
      return;
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    try {
      events.put(new Event(List.of(), failure));
    } catch (InterruptedException e) {
      // Nobody waits for the end of a run that was stopped.
      Thread.currentThread().interrupt();
    }
  }

  private void ask(List<DoubleSolution> solutions) {
    try {
      events.put(new Event(solutions, null));
      answers.acquire();
    } catch (InterruptedException e) {
      throw new Stopped();
    }
  }

  // ---- the framework's thread ----

  /**
   * Begins the run and returns when it asks for the first values.
   *
   * @throws IllegalStateException if the algorithm failed
   */
  void start() {
    thread.start();
    await();
  }

  /**
   * Solutions that the algorithm waits for, in order; empty if it has ended.
   *
   * @throws IllegalStateException if the algorithm failed or its run was interrupted
   */
  List<DoubleSolution> open() {
    if (failure != null) {
      throw failure;
    }
    return open;
  }

  /**
   * Takes note that the first of the open solutions have their values. If all have, the algorithm
   * goes on until it asks again.
   *
   * @throws IllegalStateException if the algorithm failed
   */
  void answer(int count) {
    loose.addAll(open.subList(0, count));
    open = open.subList(count, open.size());
    if (open.isEmpty()) {
      answered = true;
      answers.release();
      await();
      if (!settlesItself) {
        loose.clear();
      }
    }
  }

  private void await() {
    Event event;
    try {
      event = events.take();
    } catch (InterruptedException e) {
      stop();
      awaitEnd();
      Thread.currentThread().interrupt();
      failure = new IllegalStateException("interrupted", e);
      throw failure;
    }
    if (event.failure() != null) {
      failure = new IllegalStateException(event.failure().toString(), event.failure());
      throw failure;
    }
    open = event.asked();
  }

  // Whatever the algorithm is asked for afterwards must not change meanwhile.
  private void awaitEnd() {
    try {
      thread.join(LONGEST_END_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the algorithm's result at this point, joined by what was evaluated and has not reached
   * it. Members may be unevaluated ones of a first population.
   */
  List<DoubleSolution> known() {
    List<DoubleSolution> known = new ArrayList<>(loose);
    // Before its first values an algorithm has no result to ask for.
    if (answered && algorithm != null) {
      known.addAll(algorithm.result());
    }
    return known;
  }

  /** Ends the algorithm's thread, wherever it stands. */
  void stop() {
    thread.interrupt();
  }
}
