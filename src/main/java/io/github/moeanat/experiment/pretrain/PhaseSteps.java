package io.github.moeanat.experiment.pretrain;

import ai.djl.Device;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.Distillation;
import io.github.moeanat.training.FrozenTeacher;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import io.github.moeanat.training.Teacher;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The training steps of one phase of a recipe: supernet, teacher, schedule and what is drawn. */
public final class PhaseSteps implements AutoCloseable {

  private final Phase phase;
  private final SearchSpace space;
  private final SearchSpace open;
  private final ArchitectureSampler sampler;
  private final Seeds seeds;
  private final LearningRate rate;
  private final ClosingStack closing = new ClosingStack();
  private final Supernet supernet;
  private final SupernetTrainer trainer;

  /**
   * Makes the steps of a phase ready.
   *
   * @param recipe that the phase is part of
   * @param phase what is trained
   * @param definition of the problem whose supernet it is
   * @param data whose training images are used
   * @param weights that the phase goes on from
   * @param teaching weights of the supernet whose largest subnet teaches, if the phase has one
   * @param device where the supernet is
   * @param workers number of threads
   * @param seed of the run
   * @param progress told of what takes long
   */
  PhaseSteps(
      Recipe recipe,
      Phase phase,
      ProblemDefinition definition,
      SearchData data,
      Weights weights,
      Optional<Weights> teaching,
      Device device,
      int workers,
      long seed,
      Progress progress) {
    this.phase = phase;
    space = definition.space();
    open = phase.open().of(space);
    sampler = new ArchitectureSampler(open);
    seeds = new Seeds(new Seeds(seed).derive("phase " + phase.name()));
    rate = rate(recipe, phase, data.train().size());
    SupernetSettings settings = definition.training();
    MobileNetV3 network = definition.network(space.widths().get(0));
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
              workers);
      closing.push(trainer::close);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /**
   * Makes the steps of a phase ready as if it were the first: its teacher, if it has one of an
   * earlier phase, has the weights that it goes on from.
   *
   * @param recipe that the phase is part of
   * @param phase its name
   * @param definition of the problem whose supernet it is
   * @param data whose training images are used
   * @param weights of supernet and teacher
   * @param device where the supernet is
   * @param workers number of threads
   * @param seed of all that is drawn
   * @throws IllegalArgumentException if the recipe has no such phase
   */
  public static PhaseSteps first(
      Recipe recipe,
      String phase,
      ProblemDefinition definition,
      SearchData data,
      Weights weights,
      Device device,
      int workers,
      long seed) {
    Phase found = recipe.phase(phase);
    return new PhaseSteps(
        recipe,
        found,
        definition,
        data,
        weights,
        found.teacher().map(earlier -> weights),
        device,
        workers,
        seed,
        Progress.NONE);
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
   * @throws ArithmeticException if it is not finite; the message names phase and step
   */
  public double step(long step) {
    RandomGenerator random = seeds.generator("resolution", step);
    int resolution = open.resolutions().get(random.nextInt(open.resolutions().size()));
    try {
      return trainer.train(
          step,
          1,
          (ignored, subnet) -> architecture(step, subnet, resolution),
          rate,
          seeds.derive("images"),
          Progress.NONE);
    } catch (ArithmeticException e) {
      ArithmeticException named =
          new ArithmeticException("phase " + phase.name() + ": " + e.getMessage());
      named.initCause(e);
      throw named;
    }
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

  /** The supernet that is trained. */
  Supernet supernet() {
    return supernet;
  }

  /** Returns the momentum of every parameter, for {@link #restore}. */
  Weights momentum() {
    return trainer.momentum();
  }

  /** Frees native memory. */
  @Override
  public void close() {
    closing.close();
  }
}
