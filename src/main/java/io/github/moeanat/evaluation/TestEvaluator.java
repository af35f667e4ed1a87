package io.github.moeanat.evaluation;

import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.data.TestData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.SupernetFamily;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Measures chosen subnets on test images, for reports only. Recalibration is that of the {@link
 * SubnetEvaluator} with the same settings and seed.
 */
public final class TestEvaluator implements AutoCloseable {

  private final Measuring measuring;

  /**
   * Creates an evaluator.
   *
   * @param supernets read, not closed
   * @param search its training images recalibrate
   * @param test judged
   * @param seed decides which training images recalibrate
   * @param workers number of threads
   */
  public TestEvaluator(
      SupernetFamily supernets,
      SearchData search,
      TestData test,
      ImageTransform transform,
      EvaluationSettings settings,
      long seed,
      int workers) {
    int[] recalibration =
        SubnetEvaluator.recalibrationImages(search, settings.recalibrationImages(), seed);
    measuring =
        new Measuring(
            supernets,
            search.train().select(recalibration),
            test.images(),
            transform,
            settings,
            workers);
  }

  /**
   * Measures architectures.
   *
   * @param progress told once an architecture, possibly by several threads
   * @return test accuracies in the order of the architectures
   * @throws MeasurementException if some failed twice; it holds the results of the others
   * @throws CancellationException if {@code progress} asked to stop
   * @throws UncheckedIOException if images can't be read; nothing is said of any architecture then
   */
  public List<Accuracy> evaluate(List<Architecture> architectures, Progress progress) {
    return measuring.measure(architectures, progress);
  }

  /** Waits until the workers have left native code and frees the images. */
  @Override
  public void close() {
    measuring.close();
  }
}
