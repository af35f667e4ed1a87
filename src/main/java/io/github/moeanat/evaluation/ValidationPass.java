package io.github.moeanat.evaluation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Workers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/**
 * Recalibrates single networks and runs them on the validation images, with the images and batches
 * of the {@link SubnetEvaluator} that has the same settings and seed: for looking at one network
 * closely, where that one measures many.
 */
public final class ValidationPass implements AutoCloseable {

  private final NDManager manager;
  private final Engine engine;
  private final ImageBatches recalibration;
  private final ImageBatches judged;
  private final int validationBatch;
  private final Workers worker;

  /**
   * Creates a pass.
   *
   * @param seed decides which training images recalibrate
   */
  public ValidationPass(
      Device device,
      SearchData data,
      ImageTransform transform,
      EvaluationSettings settings,
      long seed) {
    int[] images = SubnetEvaluator.recalibrationImages(data, settings.recalibrationImages(), seed);
    worker = new Workers("nat-validation", 1, false);
    manager = PyTorch.newManager(device);
    engine = settings.engine().open(manager);
    recalibration =
        new ImageBatches(
            manager,
            data.train().select(images),
            transform,
            settings.recalibrationBatch(),
            ImageBatches.ROOM);
    validationBatch = settings.validationBatch();
    judged =
        new ImageBatches(manager, data.validation(), transform, validationBatch, ImageBatches.ROOM);
  }

  /** Replaces a subnet's running statistics by those of the recalibration images, if any. */
  public void recalibrate(Subnet subnet) {
    if (recalibration.images().size() > 0) {
      int resolution = subnet.architecture().resolution();
      Callable<Boolean> task =
          () -> {
            try (NDManager scope = manager.newSubManager()) {
              engine.recalibrate(subnet, recalibration.at(resolution, scope));
            }
            return true;
          };
      worker.run(List.of(task));
    }
  }

  /**
   * Runs a subnet with its running statistics on all validation images, as the {@link
   * SubnetEvaluator} does.
   *
   * @param progress told once a batch
   * @throws ArithmeticException if a logit is not finite
   * @throws CancellationException if {@code progress} asked to stop
   */
  public Logits run(Subnet subnet, Progress progress) {
    try (Engine.Inference inference = prepare(subnet)) {
      return run(subnet.architecture().resolution(), inference::logits, progress);
    }
  }

  /** Makes a subnet ready to be run with its running statistics; to be closed before the pass. */
  public Engine.Inference prepare(Subnet subnet) {
    Callable<Engine.Inference> task = () -> engine.prepare(subnet);
    return worker.run(List.of(task)).get(0);
  }

  /**
   * Runs a network on all validation images.
   *
   * @param resolution side of the images in pixels
   * @param network from images {@code [N, 3, r, r]} to logits {@code [N, classes]} with the same
   *     manager
   * @param progress told once a batch
   * @throws ArithmeticException if a logit is not finite
   * @throws CancellationException if {@code progress} asked to stop
   */
  public Logits run(int resolution, UnaryOperator<NDArray> network, Progress progress) {
    Callable<Logits> task = () -> answers(resolution, network, progress);
    return worker.run(List.of(task)).get(0);
  }

  private Logits answers(int resolution, UnaryOperator<NDArray> network, Progress progress) {
    int images = judged.images().size();
    int batches = (images + validationBatch - 1) / validationBatch;
    List<float[]> answers = new ArrayList<>();
    int correct = 0;
    int first = 0;
    try (NDManager scope = manager.newSubManager();
        Progress.Phase phase = progress.begin("measuring the subnet", batches)) {
      for (NDArray batch : judged.at(resolution, scope)) {
        try (NDArray logits = network.apply(batch)) {
          correct += Measuring.correct(logits, judged.images(), first);
          answers.add(logits.toFloatArray());
        }
        first += (int) batch.getShape().get(0);
        phase.step();
      }
    }
    FloatBuffer values = FloatBuffer.allocate(answers.stream().mapToInt(a -> a.length).sum());
    answers.forEach(values::put);
    return new Logits(values.array(), new Accuracy(correct, images));
  }

  /** Waits until the worker has left native code and frees the images. */
  @Override
  public void close() {
    worker.close();
    engine.close();
    manager.close();
  }
}
