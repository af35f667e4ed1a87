package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import java.util.List;
import java.util.stream.IntStream;

/** The smallest, the middle and the largest subnet, by which a training is watched. */
final class SubnetMonitor implements AutoCloseable {

  private final ArchitectureSampler sampler;
  private final SubnetEvaluator evaluator;

  /**
   * Makes measuring ready.
   *
   * @param supernet that is trained; stays open
   * @param definition of the problem whose supernet it is
   * @param data whose training images recalibrate and whose validation images judge
   * @param images of the validation images are used, at most
   * @param workers number of threads
   */
  SubnetMonitor(
      Supernet supernet, ProblemDefinition definition, SearchData data, int images, int workers) {
    sampler = new ArchitectureSampler(definition.space());
    SupernetSettings settings = definition.training();
    evaluator =
        new SubnetEvaluator(
            SupernetFamily.of(supernet),
            new SearchData(data.classes(), data.train(), spread(data.validation(), images)),
            settings.transform(),
            settings.evaluation(),
            settings.recalibrationSeed(),
            workers);
  }

  // Evenly, for the images may lie class by class.
  private static ImageSet spread(ImageSet images, int most) {
    int count = Math.min(most, images.size());
    return images.select(
        IntStream.range(0, count).map(i -> (int) ((long) i * images.size() / count)).toArray());
  }

  /** Returns the accuracies of the smallest, the middle and the largest subnet of all. */
  List<Accuracy> measure(Progress progress) {
    return evaluator.evaluate(
        List.of(sampler.smallest(), sampler.middle(), sampler.largest()),
        progress.named("measuring smallest, middle and largest subnet"));
  }

  /** Frees native memory. */
  @Override
  public void close() {
    evaluator.close();
  }
}
