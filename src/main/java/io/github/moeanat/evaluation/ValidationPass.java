package io.github.moeanat.evaluation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Workers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Recalibrates single networks and runs them on the validation images, with the images and batches
 * of the {@link SubnetEvaluator} that has the same settings and seed: for looking at one network
 * closely, where that one measures many.
 */
public final class ValidationPass implements AutoCloseable {

  private final NDManager manager;
  private final ImageBatches recalibration;
  private final ImageBatches judged;
  private final Workers workers;

  /**
   * Creates a pass.
   *
   * @param seed decides which training images recalibrate
   * @param workers number of threads
   */
  public ValidationPass(
      Device device,
      SearchData data,
      ImageTransform transform,
      EvaluationSettings settings,
      long seed,
      int workers) {
    int[] images = SubnetEvaluator.recalibrationImages(data, settings.recalibrationImages(), seed);
    this.workers = new Workers("nat-validation", workers, false);
    manager = PyTorch.newManager(device);
    recalibration =
        new ImageBatches(
            manager, data.train().select(images), transform, settings.recalibrationBatch());
    judged = new ImageBatches(manager, data.validation(), transform, settings.validationBatch());
  }

  /** The answers to one batch of images. */
  private record Answers(FloatBuffer logits, int correct) {}

  /** Replaces a subnet's running statistics by those of the recalibration images, if any. */
  public void recalibrate(Subnet subnet) {
    if (recalibration.images().size() > 0) {
      int resolution = subnet.architecture().resolution();
      Callable<Boolean> task =
          () -> {
            subnet.recalibrate(recalibration.at(resolution));
            return true;
          };
      workers.run(List.of(task));
    }
  }

  /**
   * Runs a network on all validation images.
   *
   * @param resolution side of the images in pixels
   * @param network from images {@code [N, 3, r, r]} to logits {@code [N, classes]} with the same
   *     manager; called from several threads at a time
   * @param progress told once a batch
   * @throws ArithmeticException if a logit is not finite
   * @throws CancellationException if {@code progress} asked to stop
   */
  public Logits run(int resolution, UnaryOperator<NDArray> network, Progress progress) {
    List<NDArray> batches = judged.at(resolution);
    AtomicBoolean stopped = new AtomicBoolean();
    List<Answers> answers;
    try (Progress.Phase phase = progress.begin("measuring the subnet", batches.size())) {
      List<Callable<Answers>> tasks = new ArrayList<>();
      int first = 0;
      for (NDArray batch : batches) {
        int firstImage = first;
        tasks.add(
            () -> {
              if (stopped.get()) {
                throw new CancellationException("stopped");
              }
              Answers some = answers(network, batch, firstImage);
              try {
                phase.step();
              } catch (CancellationException e) {
                stopped.set(true);
                throw e;
              }
              return some;
            });
        first += (int) batch.getShape().get(0);
      }
      answers = workers.run(tasks);
    }
    FloatBuffer values =
        FloatBuffer.allocate(answers.stream().mapToInt(a -> a.logits().capacity()).sum());
    answers.forEach(some -> values.put(some.logits()));
    int correct = answers.stream().mapToInt(Answers::correct).sum();
    return new Logits(values.array(), new Accuracy(correct, judged.images().size()));
  }

  private Answers answers(UnaryOperator<NDArray> network, NDArray batch, int firstImage) {
    try (NDArray logits = network.apply(batch)) {
      int correct = Measuring.correct(logits, judged.images(), firstImage);
      return new Answers(FloatBuffer.wrap(logits.toFloatArray()), correct);
    }
  }

  /** Waits until the workers have left native code and frees the images. */
  @Override
  public void close() {
    workers.close();
    manager.close();
  }
}
