package io.github.moeanat.experiment.pretrain;

import ai.djl.Device;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.Distillation;
import io.github.moeanat.training.FrozenTeacher;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import io.github.moeanat.training.Teacher;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One phase of a recipe: what it needs in native memory, and its steps. */
final class PhaseTraining implements AutoCloseable {

  private final Phase phase;
  private final Recipe recipe;
  private final SearchSpace space;
  private final SearchSpace open;
  private final ArchitectureSampler sampler;
  private final Seeds seeds;
  private final LearningRate rate;
  private final ClosingStack closing = new ClosingStack();
  private final Supernet supernet;
  private final SupernetTrainer trainer;
  private final SubnetEvaluator evaluator;

  /**
   * Makes a phase ready.
   *
   * @param weights that the phase goes on from
   * @param teaching weights of the supernet whose largest subnet teaches, if the phase has one
   * @param seed of the run
   * @param progress told of what takes long
   */
  PhaseTraining(
      Recipe recipe,
      Phase phase,
      ProblemDefinition definition,
      SearchData data,
      Weights weights,
      Optional<Weights> teaching,
      Execution execution,
      long seed,
      Progress progress) {
    this.recipe = recipe;
    this.phase = phase;
    space = definition.space();
    open = phase.open().of(space);
    sampler = new ArchitectureSampler(open);
    seeds = new Seeds(new Seeds(seed).derive("phase " + phase.name()));
    rate = rate(recipe, phase, data.train().size());
    SupernetSettings settings = definition.training();
    MobileNetV3 network = definition.network(space.widths().get(0));
    Device device = PyTorch.device(execution.device());
    boolean done = false;
    try {
      supernet = new Supernet(weights, network, space, device);
      closing.push(supernet::close);
      Optional<Teacher> teacher = Optional.empty();
      if (teaching.isPresent()) {
        FrozenTeacher frozen = teacher(teaching.get(), network, device, data, settings, progress);
        closing.push(frozen::close);
        teacher = Optional.of(frozen);
      }
      trainer =
          new SupernetTrainer(
              supernet,
              data,
              settings.transform(),
              settings.augmentation(),
              recipe.trainer(phase, settings),
              new Distillation(phase.labels(), phase.teacherWeight(), teacher),
              execution.threads());
      closing.push(trainer::close);
      evaluator =
          new SubnetEvaluator(
              SupernetFamily.of(supernet),
              new SearchData(data.classes(), data.train(), spread(data.validation())),
              settings.transform(),
              settings.evaluation(),
              settings.recalibrationSeed(),
              execution.threads());
      closing.push(evaluator::close);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private static LearningRate rate(Recipe recipe, Phase phase, int images) {
    long steps = recipe.steps(phase.epochs(), images);
    long warmUp = phase.warmUpEpochs() > 0 ? recipe.steps(phase.warmUpEpochs(), images) : 0;
    return LearningRate.warmUp(
        warmUp, LearningRate.cosine(phase.learningRate(), 0, 1, steps - warmUp));
  }

  private FrozenTeacher teacher(
      Weights weights,
      MobileNetV3 network,
      Device device,
      SearchData data,
      SupernetSettings settings,
      Progress progress) {
    int[] recalibration =
        SubnetEvaluator.recalibrationImages(
            data, settings.recalibrationImages(), settings.recalibrationSeed());
    return new FrozenTeacher(
        weights,
        network,
        space,
        open.resolutions(),
        device,
        settings.evaluationEngine(),
        new ArchitectureSampler(space).largest(),
        data.train().select(recalibration),
        settings.transform(),
        settings.recalibrationBatch(),
        settings.shards(),
        progress);
  }

  // Evenly, for the images may lie class by class.
  private ImageSet spread(ImageSet images) {
    int count = Math.min(recipe.validationImages(), images.size());
    return images.select(
        IntStream.range(0, count).map(i -> (int) ((long) i * images.size() / count)).toArray());
  }

  /** Goes on with the momentum of an earlier sitting. */
  void restore(Weights momentum) {
    trainer.restore(momentum);
  }

  /** Returns the learning rate of a step. */
  double rate(long step) {
    return rate.at(step);
  }

  /**
   * Trains for one step.
   *
   * @param step number of the step in the phase, from 0
   * @return its loss, the mean over the subnets
   */
  double step(long step) {
    RandomGenerator random = seeds.generator("resolution", step);
    int resolution = open.resolutions().get(random.nextInt(open.resolutions().size()));
    return trainer.train(
        step,
        1,
        (ignored, subnet) -> architecture(step, subnet, resolution),
        rate,
        seeds.derive("images"),
        Progress.NONE);
  }

  private Architecture architecture(long step, int subnet, int resolution) {
    return switch (phase.subnets().get(subnet)) {
      case LARGEST -> sampler.largest();
      case SMALLEST -> sampler.smallest();
      case RANDOM -> {
        Architecture drawn = sampler.sample(seeds.generator("subnets", step, subnet));
        yield new Architecture(resolution, drawn.width(), drawn.stages());
      }
    };
  }

  /** Measures the smallest, the middle and the largest subnet of the whole space. */
  List<Accuracy> measure(Progress progress) {
    ArchitectureSampler all = new ArchitectureSampler(space);
    return evaluator.evaluate(
        List.of(all.smallest(), all.middle(), all.largest()),
        progress.named("measuring smallest, middle and largest subnet"));
  }

  /** Returns the supernet as it is now. */
  Weights weights() {
    return supernet.toWeights();
  }

  /** Returns what {@link #restore} takes. */
  Weights momentum() {
    return trainer.momentum();
  }

  /** Frees native memory. */
  @Override
  public void close() {
    closing.close();
  }
}
