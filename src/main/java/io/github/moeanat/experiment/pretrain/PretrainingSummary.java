package io.github.moeanat.experiment.pretrain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a pretraining ended.
 *
 * @param folder where its files are
 * @param seed seed of the run
 * @param steps training steps of all phases
 * @param trained wall time of all sittings together until the last phase was done, without what was
 *     lost between a checkpoint and a sudden end: training and validation, and in each sitting the
 *     start of the engine and the loading of the data
 * @param subnets the smallest, a middle and the largest subnet, then random ones
 * @param rankCorrelation Spearman's, of MAdds and accuracy over the random subnets; NaN for fewer
 *     than two
 */
public record PretrainingSummary(
    Path folder,
    long seed,
    long steps,
    Duration trained,
    List<MeasuredSubnet> subnets,
    double rankCorrelation) {

  /** Copies the list. */
  public PretrainingSummary {
    subnets = List.copyOf(subnets);
  }
}
