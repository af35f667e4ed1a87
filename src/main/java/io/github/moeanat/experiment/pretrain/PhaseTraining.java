package io.github.moeanat.experiment.pretrain;

import ai.djl.Device;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One phase of a pretraining: its steps, and how far they have come. */
final class PhaseTraining implements AutoCloseable {

  private final ClosingStack closing = new ClosingStack();
  private final ArchitectureSampler sampler;
  private final PhaseSteps steps;
  private final SubnetEvaluator evaluator;

  /**
   * Makes a phase ready.
   *
   * @param recipe that the phase is part of
   * @param phase what is trained
   * @param definition of the problem whose supernet it is
   * @param data to train on, and to measure on
   * @param weights that the phase goes on from
   * @param teaching weights of the supernet whose largest subnet teaches, if the phase has one
   * @param execution threads and device
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
    sampler = new ArchitectureSampler(definition.space());
    SupernetSettings settings = definition.training();
    Device device = PyTorch.device(execution.device());
    boolean done = false;
    try {
      steps =
          new PhaseSteps(
              recipe,
              phase,
              definition,
              data,
              weights,
              teaching,
              device,
              execution.threads(),
              seed,
              progress);
      closing.push(steps::close);
      evaluator =
          new SubnetEvaluator(
              SupernetFamily.of(steps.supernet()),
              new SearchData(
                  data.classes(),
                  data.train(),
                  spread(data.validation(), recipe.validationImages())),
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

  // Evenly, for the images may lie class by class.
  private static ImageSet spread(ImageSet images, int most) {
    int count = Math.min(most, images.size());
    return images.select(
        IntStream.range(0, count).map(i -> (int) ((long) i * images.size() / count)).toArray());
  }

  /** Goes on with the momentum of an earlier sitting. */
  void restore(Weights momentum) {
    steps.restore(momentum);
  }

  /** Returns the learning rate of a step. */
  double rate(long step) {
    return steps.rate(step);
  }

  /**
   * Trains for one step.
   *
   * @param step number of the step in the phase, from 0
   * @return its loss, the mean over the subnets
   * @throws ArithmeticException if it is not finite; the message names phase and step
   */
  double step(long step) {
    return steps.step(step);
  }

  /** Measures the smallest, the middle and the largest subnet of the whole space. */
  List<Accuracy> measure(Progress progress) {
    return evaluator.evaluate(
        List.of(sampler.smallest(), sampler.middle(), sampler.largest()),
        progress.named("measuring smallest, middle and largest subnet"));
  }

  /** Returns the supernet as it is now. */
  Weights weights() {
    return steps.supernet().toWeights();
  }

  /** Returns what {@link #restore} takes. */
  Weights momentum() {
    return steps.momentum();
  }

  /** Frees native memory. */
  @Override
  public void close() {
    closing.close();
  }
}
