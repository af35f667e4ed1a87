package io.github.moeanat.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Requires;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/**
 * Trains a supernet in place: stochastic gradient descent with Nesterov momentum and weight decay,
 * as PyTorch does it, on the subnets that the caller draws. Tensors that no subnet of a step uses
 * stay as they are; the inactive channels of the others have gradient zero and feel momentum and
 * weight decay.
 *
 * <p>The batch of a step is cut into shards with batch statistics of their own. Gradients are added
 * in the order of the shards, running statistics move by the mean over the shards, so the weights
 * don't depend on the number of workers.
 */
public final class SupernetTrainer implements AutoCloseable {

  private final Supernet supernet;
  private final ImageSet images;
  private final ImageTransform transform;
  private final Augmentation augmentation;
  private final TrainingSettings settings;
  private final Distillation distillation;
  private final ClosingStack closing = new ClosingStack();
  private final Workers workers;
  private final NDManager manager;
  private final Engine engine;
  private final NDArray decay;
  private NDArray momentum;
  private BatchOrder order;

  /** Chooses what is trained. */
  @FunctionalInterface
  public interface Architectures {

    /**
     * Returns an architecture.
     *
     * @param step number of the step, from 0
     * @param subnet number of the architecture within the step, from 0
     */
    Architecture draw(long step, int subnet);
  }

  /**
   * Creates a trainer without momentum whose subnets learn from labels only.
   *
   * @param supernet changed by training, not closed; nobody may read it during a step
   * @param data whose training images are used
   * @param transform how they are brought to a resolution and normalised
   * @param augmentation how they are changed at random
   * @param settings of the optimiser and of a step
   * @param workers number of threads; more than shards is no faster
   * @throws IllegalArgumentException if there are no training images, or of another number of
   *     classes than the supernet has
   */
  public SupernetTrainer(
      Supernet supernet,
      SearchData data,
      ImageTransform transform,
      Augmentation augmentation,
      TrainingSettings settings,
      int workers) {
    this(supernet, data, transform, augmentation, settings, Distillation.NONE, workers);
  }

  /**
   * Creates a trainer without momentum.
   *
   * @param supernet changed by training, not closed; nobody may read it during a step
   * @param data whose training images are used
   * @param transform how they are brought to a resolution and normalised
   * @param augmentation how they are changed at random
   * @param settings of the optimiser and of a step
   * @param distillation what subnets learn from; a teacher is not closed
   * @param workers number of threads; more than shards is no faster
   * @throws IllegalArgumentException if there are no training images, or of another number of
   *     classes than the supernet has
   */
  public SupernetTrainer(
      Supernet supernet,
      SearchData data,
      ImageTransform transform,
      Augmentation augmentation,
      TrainingSettings settings,
      Distillation distillation,
      int workers) {
    Requires.atLeast("number of training images", data.train().size(), 1);
    if (data.classes() != supernet.network().classes()) {
      throw new IllegalArgumentException(
          "the data have %d classes, the supernet %d"
              .formatted(data.classes(), supernet.network().classes()));
    }
    this.supernet = supernet;
    this.images = data.train();
    this.transform = transform;
    this.augmentation = augmentation;
    this.settings = settings;
    this.distillation = distillation;
    boolean done = false;
    try {
      manager = PyTorch.newManager(supernet.device());
      closing.push(manager::close);
      engine = settings.engine().open(manager);
      closing.push(engine::close);
      this.workers = new Workers("nat-training", workers, true);
      closing.push(this.workers::close);
      momentum = manager.zeros(supernet.parameters().getShape());
      decay = decay();
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private NDArray decay() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray decayed =
          settings.decayNorms()
              ? scope.ones(supernet.parameters().getShape())
              : supernet.filters(scope);
      NDArray shares = decayed.mul(scope.create((float) settings.weightDecay()));
      shares.attach(manager);
      return shares;
    }
  }

  /**
   * Trains for some steps of a phase. A phase that is trained in parts, with the momentum kept in
   * between, ends as one trained at once.
   *
   * @param first number of the first step in its phase, from 0
   * @param steps number of steps
   * @param architectures what is trained in each
   * @param rate the learning rate of each
   * @param seed decides the order of the images and how they are changed
   * @param progress told once a step
   * @return mean loss over the steps
   * @throws CancellationException if {@code progress} or an interrupt asked to stop; the steps that
   *     were done stay done
   * @throws ArithmeticException if a loss or a gradient is not finite; that step, which the message
   *     names, changed nothing
   */
  public double train(
      long first,
      long steps,
      Architectures architectures,
      LearningRate rate,
      long seed,
      Progress progress) {
    if (order == null || order.seed() != seed) {
      order =
          new BatchOrder(
              images, transform, augmentation, settings.batchSize(), settings.shift(), seed);
    }
    double sum = 0;
    try (Progress.Phase phase = progress.begin("training the supernet", steps)) {
      for (long step = first; step < first + steps; step++) {
        List<Architecture> drawn = new ArrayList<>();
        for (int subnet = 0; subnet < settings.subnets(); subnet++) {
          drawn.add(architectures.draw(step, subnet));
        }
        sum += step(step, order.at(step), drawn, rate.at(step));
        phase.step();
      }
    }
    return sum / Math.max(1, steps);
  }

  /** Returns the momentum of every parameter under its name, for a checkpoint. */
  public Weights momentum() {
    return supernet.named(momentum);
  }

  /**
   * Goes on with momentum of an earlier trainer of the same supernet.
   *
   * @throws IllegalArgumentException if it is that of another one
   */
  public void restore(Weights earlier) {
    NDArray restored = supernet.vector(earlier, manager);
    momentum.close();
    momentum = restored;
  }

  /**
   * Waits for the workers and frees what the trainer has in native memory; the supernet is left.
   */
  @Override
  public void close() {
    closing.close();
  }

  /** Number of arrays that the trainer holds in native memory. */
  int managedArrays() {
    return manager.getManagedArrays().size();
  }

  /** What a shard contributes: gradient and moved statistics as vectors, loss of the batch. */
  private record Part(NDArray gradient, NDArray statistics, double loss, double share) {}

  double step(long number, Batch batch, List<Architecture> architectures, double rate) {
    try (NDManager scope = manager.newSubManager()) {
      List<Callable<Part>> shards = new ArrayList<>();
      for (int i = 0; i < settings.shards(); i++) {
        int place = i;
        Batch shard = batch.shard(i, settings.shards());
        shards.add(() -> differentiate(place, shard, batch.size(), architectures, scope));
      }
      List<Part> parts = workers.run(shards);
      double loss = parts.stream().mapToDouble(Part::loss).sum() / architectures.size();
      if (!Double.isFinite(loss)) {
        throw diverged("loss", loss, number, architectures, rate);
      }
      Callable<Boolean> update =
          () -> {
            NDArray gradient = sum(parts);
            double length = gradient.norm().getFloat();
            if (!Double.isFinite(length)) {
              throw diverged("gradient's length", length, number, architectures, rate);
            }
            if (settings.gradientClip() > 0 && length > settings.gradientClip()) {
              gradient.muli((float) (settings.gradientClip() / length));
            }
            descend(gradient, supernet.spans(architectures), rate, scope);
            moveStatistics(parts, scope);
            return true;
          };
      workers.run(List.of(update));
      architectures.forEach(supernet::countBatch);
      return loss;
    }
  }

  private Part differentiate(
      int number, Batch shard, int batchSize, List<Architecture> architectures, NDManager step) {
    NDArray gradient = step.zeros(supernet.parameters().getShape());
    NDArray statistics = supernet.statistics().duplicate();
    statistics.attach(step);
    Map<Integer, Lesson> lessons = new HashMap<>();
    NDArray leader = null;
    double loss = 0;
    for (Architecture architecture : architectures) {
      Lesson lesson =
          lessons.computeIfAbsent(
              architecture.resolution(), resolution -> lesson(number, shard, resolution, step));
      NDArray targets = lesson.targets();
      if (leader != null && distillation.inPlace()) {
        targets = distillation.targets(targets, leader);
      }
      try (NDManager scope = step.newSubManager()) {
        Engine.Pass pass =
            engine.differentiate(
                supernet,
                architecture,
                PyTorch.alias(lesson.images(), scope),
                targets,
                1f / batchSize,
                statistics,
                gradient);
        loss += pass.loss();
        if (leader == null) {
          leader = pass.logits();
          leader.attach(step);
        }
      }
    }
    return new Part(gradient, statistics, loss, (double) shard.size() / batchSize);
  }

  /** Images {@code [N, 3, r, r]} and what is to be learnt of them {@code [N, classes]}. */
  private record Lesson(NDArray images, NDArray targets) {}

  private Lesson lesson(int number, Batch shard, int resolution, NDManager step) {
    int classes = supernet.network().classes();
    NDArray images =
        step.create(
            shard.pixels(resolution),
            new Shape(shard.size(), ImageTransform.CHANNELS, resolution, resolution));
    float[] labels = shard.targets(resolution, classes, settings.labelSmoothing());
    NDArray targets = step.create(labels, new Shape(shard.size(), classes));
    if (distillation.isFrozen()) {
      Teacher teacher = distillation.frozen().orElseThrow();
      targets = distillation.targets(targets, teacher.logits(number, images));
    }
    return new Lesson(images, targets);
  }

  private void moveStatistics(List<Part> parts, NDManager scope) {
    NDArray running = PyTorch.alias(supernet.statistics(), scope);
    NDArray before = running.duplicate();
    for (Part part : parts) {
      // As a difference, so that inactive channels move by exactly nothing.
      running.addi(part.statistics().sub(before).muli(part.share()));
    }
  }

  private static NDArray sum(List<Part> parts) {
    NDArray gradient = parts.get(0).gradient();
    for (Part part : parts.subList(1, parts.size())) {
      gradient.addi(part.gradient());
    }
    return gradient;
  }

  private static ArithmeticException diverged(
      String what, double value, long step, List<Architecture> architectures, double rate) {
    String subnets =
        architectures.stream()
            .map(SupernetTrainer::inShort)
            .collect(Collectors.joining(", ", "[", "]"));
    return new ArithmeticException(
        ("the %s is %s in step %d at learning rate %s, on subnets %s; begin anew with a lower"
                + " learning rate or with gradientClip, for a resumed run ends here again")
            .formatted(what, value, step + 1, rate, subnets));
  }

  private static String inShort(Architecture architecture) {
    String depths =
        architecture.stages().stream()
            .map(stage -> String.valueOf(stage.size()))
            .collect(Collectors.joining("-"));
    return "%d px %s deep".formatted(architecture.resolution(), depths);
  }

  private void descend(NDArray gradient, List<Supernet.Span> spans, double rate, NDManager scope) {
    NDArray parameters = PyTorch.alias(supernet.parameters(), scope);
    NDArray velocities = PyTorch.alias(momentum, scope);
    NDArray shares = PyTorch.alias(decay, scope);
    NDArray keep = scope.create((float) settings.momentum());
    NDArray step = scope.create((float) rate);
    for (Supernet.Span span : spans) {
      NDArray parameter = PyTorch.span(parameters, span.from(), span.to());
      NDArray velocity = PyTorch.span(velocities, span.from(), span.to());
      NDArray slope = PyTorch.span(gradient, span.from(), span.to());
      slope.addi(parameter.mul(PyTorch.span(shares, span.from(), span.to())));
      velocity.muli(keep).addi(slope);
      // Nesterov: the step is taken with the gradient expected where the momentum leads.
      parameter.subi(slope.addi(velocity.mul(keep)).muli(step));
    }
  }
}
