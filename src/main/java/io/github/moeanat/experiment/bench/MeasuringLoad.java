package io.github.moeanat.experiment.bench;

import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.SupernetFamily;
import java.util.List;

/** Measures subnets as a search does, all in one call. */
final class MeasuringLoad implements Load {

  static final int RECALIBRATION_IMAGES = 100;
  static final int VALIDATION_IMAGES = 200;
  private static final int BATCH = 100;

  private final List<Architecture> architectures;
  private final SupernetFamily supernets;
  private final SubnetEvaluator evaluator;

  /** Creates the load of the whole iteration that was recorded of a case's problem. */
  MeasuringLoad(BenchCase small, int workers) {
    this(small, RecordedIteration.of(small.name()).members(), workers);
  }

  /** Creates a load of some subnets of a case. */
  MeasuringLoad(BenchCase small, List<Architecture> architectures, int workers) {
    this.architectures = architectures;
    supernets = small.open();
    evaluator =
        new SubnetEvaluator(
            supernets,
            small.data(RECALIBRATION_IMAGES, VALIDATION_IMAGES),
            small.settings().transform(),
            new EvaluationSettings(RECALIBRATION_IMAGES, BATCH, BATCH, Engine.Kind.FUSED),
            1,
            workers);
  }

  @Override
  public void run() {
    measure(architectures);
  }

  void measure(List<Architecture> chosen) {
    evaluator.evaluate(chosen, Progress.NONE);
  }

  @Override
  public void close() {
    evaluator.close();
    supernets.close();
  }
}
