package io.github.moeanat.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Workers;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Extracts, recalibrates and judges subnets on several workers. */
final class Measuring implements AutoCloseable {

  private final SupernetFamily supernets;
  private final ClosingStack closing = new ClosingStack();
  private final NDManager manager;
  private final ImageBatches recalibration;
  private final ImageBatches judged;
  private final Engine engine;
  private final Workers workers;

  Measuring(
      SupernetFamily supernets,
      ImageSet recalibration,
      ImageSet judged,
      ImageTransform transform,
      EvaluationSettings settings,
      int workers) {
    this.supernets = supernets;
    boolean done = false;
    try {
      manager = PyTorch.newManager(supernets.device());
      closing.push(manager::close);
      engine = settings.engine().open(manager);
      closing.push(engine::close);
      this.workers = new Workers("nat-evaluation", workers, false);
      closing.push(this.workers::close);
      this.recalibration =
          new ImageBatches(
              manager, recalibration, transform, settings.recalibrationBatch(), ImageBatches.ROOM);
      this.judged =
          new ImageBatches(
              manager, judged, transform, settings.validationBatch(), ImageBatches.ROOM);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /** The outcome of one architecture: an accuracy or a failure. */
  record Outcome(Accuracy accuracy, RuntimeException failure) {}

  List<Accuracy> measure(List<Architecture> architectures, Progress progress) {
    AtomicReference<RuntimeException> stopped = new AtomicReference<>();
    List<Outcome> outcomes;
    try (Progress.Phase phase = progress.begin("measuring subnets", architectures.size())) {
      List<Callable<Outcome>> tasks = new ArrayList<>();
      for (Architecture architecture : architectures) {
        tasks.add(() -> attempt(architecture, phase, stopped));
      }
      outcomes = workers.run(tasks);
    }
    Map<Architecture, Throwable> failures = new LinkedHashMap<>();
    Map<Architecture, Accuracy> measured = new LinkedHashMap<>();
    for (int i = 0; i < architectures.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome.failure() == null) {
        measured.put(architectures.get(i), outcome.accuracy());
      } else {
        failures.put(architectures.get(i), outcome.failure());
      }
    }
    if (!failures.isEmpty()) {
      throw new MeasurementException(failures, measured);
    }
    return outcomes.stream().map(Outcome::accuracy).toList();
  }

  private Outcome attempt(
      Architecture architecture, Progress.Phase phase, AtomicReference<RuntimeException> stopped) {
    if (stopped.get() != null) {
      throw stopped.get();
    }
    try {
      Outcome outcome = twice(() -> measure(architecture));
      phase.step();
      return outcome;
    } catch (CancellationException | UncheckedIOException e) {
      stopped.set(e);
      throw e;
    }
  }

  /**
   * Measures once more if the first measurement fails.
   *
   * @throws UncheckedIOException if images can't be read, which is no fault of what is measured
   */
  static Outcome twice(Supplier<Accuracy> measurement) {
    try {
      return new Outcome(measurement.get(), null);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException first) {
      try {
        return new Outcome(measurement.get(), null);
      } catch (UncheckedIOException e) {
        throw e;
      } catch (RuntimeException second) {
        if (second != first) {
          second.addSuppressed(first);
        }
        return new Outcome(null, second);
      }
    }
  }

  private Accuracy measure(Architecture architecture) {
    int resolution = architecture.resolution();
    try (Subnet subnet = engine.extract(supernets.supernet(architecture.width()), architecture);
        NDManager scope = manager.newSubManager()) {
      if (recalibration.images().size() > 0) {
        engine.recalibrate(subnet, recalibration.at(resolution, scope));
      }
      int correct = 0;
      int image = 0;
      try (Engine.Inference inference = engine.prepare(subnet)) {
        for (NDArray batch : judged.at(resolution, scope)) {
          try (NDArray logits = inference.logits(batch)) {
            correct += correct(logits, judged.images(), image);
          }
          image += (int) batch.getShape().get(0);
        }
      }
      return new Accuracy(correct, image);
    }
  }

  /** Counts right answers in {@code [N, classes]}, the first row being that of an image. */
  static int correct(NDArray logits, ImageSet judged, int firstImage) {
    float[] values = logits.toFloatArray();
    int classes = (int) logits.getShape().get(1);
    int correct = 0;
    for (int row = 0; row < values.length / classes; row++) {
      int best = 0;
      for (int c = 0; c < classes; c++) {
        float value = values[row * classes + c];
        if (!Float.isFinite(value)) {
          throw new ArithmeticException("a logit is " + value);
        }
        best = value > values[row * classes + best] ? c : best;
      }
      correct += best == judged.label(firstImage + row) ? 1 : 0;
    }
    return correct;
  }

  @Override
  public void close() {
    closing.close();
  }
}
