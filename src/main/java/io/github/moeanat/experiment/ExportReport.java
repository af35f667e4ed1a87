package io.github.moeanat.experiment;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.space.Architecture;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * What an export has measured, all on the validation images.
 *
 * @param file what was written
 * @param architecture the subnet
 * @param cost multiply-adds and parameters
 * @param predicted accuracy that the run's last surrogate expected, if it was asked
 * @param reported accuracy in the run's front, if the subnet is of it
 * @param inherited accuracy with the supernet's weights and statistics as they are
 * @param recalibrated accuracy after BN recalibration, of the network that was written
 * @param reloaded accuracy of the network that was read from the file
 * @param difference largest difference of the last two's logits over the largest logit
 */
public record ExportReport(
    Path file,
    Architecture architecture,
    SubnetCost cost,
    OptionalDouble predicted,
    OptionalDouble reported,
    Accuracy inherited,
    Accuracy recalibrated,
    Accuracy reloaded,
    double difference) {}
