package io.github.moeanat.experiment.bench;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Subnets that are measured at one time.
 *
 * @param description what they are, for the table
 * @param subnets themselves
 * @param networks the network of a width
 */
public record Candidates(
    String description, List<Architecture> subnets, DoubleFunction<MobileNetV3> networks) {

  /** Copies the list. */
  public Candidates {
    subnets = List.copyOf(subnets);
  }
}
