package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.space.Architecture;
import java.util.OptionalDouble;

/**
 * A subnet of the pretrained supernet.
 *
 * @param kind smallest, middle, largest or random
 * @param architecture the subnet
 * @param cost its costs
 * @param validation accuracy on the validation images, in [0, 1]
 * @param test accuracy on the test images, in [0, 1], if they were read
 */
public record MeasuredSubnet(
    String kind,
    Architecture architecture,
    SubnetCost cost,
    double validation,
    OptionalDouble test) {

  /** Accuracy on test images if they were read, else on validation images. */
  public double accuracy() {
    return test.orElse(validation);
  }
}
