package io.github.moeanat.experiment;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.space.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A subnet of a front with all that is known of it.
 *
 * @param architecture the subnet
 * @param genes its genotype
 * @param cost what it costs
 * @param measuredLatency on this machine, if the search looked at it
 * @param predictedAccuracy what the surrogate expected, if it was asked and error is an objective
 * @param validationAccuracy in [0, 1], with inherited weights after BN recalibration
 * @param testAccuracy the same on test images
 * @param objectives as the algorithm saw them
 * @param margins of the constraints, violated below 0
 */
public record FrontMember(
    Architecture architecture,
    List<Integer> genes,
    SubnetCost cost,
    Optional<Latency> measuredLatency,
    OptionalDouble predictedAccuracy,
    double validationAccuracy,
    double testAccuracy,
    List<Double> objectives,
    List<Double> margins) {

  /** Copies the lists. */
  public FrontMember {
    genes = List.copyOf(genes);
    objectives = List.copyOf(objectives);
    margins = List.copyOf(margins);
  }
}
