package io.github.moeanat.problem;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.moeaframework.core.Solution;

/** The adapted weights of one run, and measurements with them. Used by one thread at a time. */
public interface Adaptation extends AutoCloseable {

  /**
   * Adapts the weights on subnets drawn from the per-slot distribution of some genotypes.
   *
   * @param round number of this adaptation in the run, from 0; decides what is drawn
   * @param genotypes canonical genotypes of the archive
   * @param from position of the run's schedule at the start, in [0, 1]
   * @param to position of the run's schedule at the end, in [0, 1]
   * @throws CancellationException if the user asked to stop; the weights are then between two
   *     states
   */
  void adapt(int round, List<int[]> genotypes, double from, double to);

  /**
   * Measures solutions with the weights as they are: sets all objectives and constraints.
   *
   * @return the solutions that could not be measured, tried twice each; their values mean nothing
   * @throws CancellationException if the user asked to stop
   */
  List<MeasurementFailure> measure(List<Solution> solutions);

  /** Copies weights and optimiser state to the heap. */
  byte[] save();

  /**
   * Puts a saved state back.
   *
   * @throws IllegalArgumentException if the state is not one of this problem's
   */
  void restore(byte[] state);

  /** Frees native memory. */
  @Override
  void close();
}
