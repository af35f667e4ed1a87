package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.space.Architecture;

/**
 * A subnet of the pretrained supernet.
 *
 * @param kind smallest, middle, largest or random
 * @param architecture the subnet
 * @param cost its costs
 * @param validation accuracy on the validation images, in [0, 1]
 * @param test accuracy on the test images, in [0, 1]
 */
public record MeasuredSubnet(
    String kind, Architecture architecture, SubnetCost cost, double validation, double test) {}
