package io.github.moeanat.evaluation;

import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.SupernetFamily;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;

/**
 * Measures subnets of supernets as they are at the time: each is extracted, its batch normalisation
 * recalibrated on training images, and judged on the validation images. The result does not depend
 * on the number of workers.
 */
public final class SubnetEvaluator implements AutoCloseable {

  private final Measuring measuring;

  /**
   * Creates an evaluator whose recalibration images are drawn.
   *
   * @param supernets read, not closed; nobody may change it during {@link #evaluate}
   * @param seed decides which training images recalibrate
   * @param workers number of threads
   */
  public SubnetEvaluator(
      SupernetFamily supernets,
      SearchData data,
      ImageTransform transform,
      EvaluationSettings settings,
      long seed,
      int workers) {
    this(
        supernets,
        data,
        transform,
        settings,
        recalibrationImages(data, settings.recalibrationImages(), seed),
        workers);
  }

  /**
   * Creates an evaluator with given recalibration images.
   *
   * @param recalibration numbers of training images, as many as the settings say, in order
   */
  public SubnetEvaluator(
      SupernetFamily supernets,
      SearchData data,
      ImageTransform transform,
      EvaluationSettings settings,
      int[] recalibration,
      int workers) {
    Requires.inRange(
        "number of recalibration images",
        recalibration.length,
        settings.recalibrationImages(),
        settings.recalibrationImages());
    measuring =
        new Measuring(
            supernets,
            data.train().select(recalibration),
            data.validation(),
            transform,
            settings,
            workers);
  }

  /**
   * Returns the first images of a random permutation of the training images.
   *
   * @param count number of images
   * @throws IllegalArgumentException if there are fewer training images
   */
  public static int[] recalibrationImages(SearchData data, int count, long seed) {
    int size = data.train().size();
    Requires.inRange("number of recalibration images", count, 0, size);
    RandomGenerator random = new Seeds(seed).generator("recalibration");
    int[] permutation = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    return Arrays.copyOf(permutation, count);
  }

  /**
   * Measures architectures.
   *
   * @param progress told once an architecture, possibly by several threads
   * @return validation accuracies in the order of the architectures
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
