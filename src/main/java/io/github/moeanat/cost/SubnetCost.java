package io.github.moeanat.cost;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a subnet of OFA's MobileNetV3 costs, exactly and without building it.
 *
 * @param operations what is computed for one image
 * @param params trainable parameters of the extracted subnet: no running statistics, no kernel
 *     transform matrices
 * @param activationBytes peak activation memory for one image in inference: the largest sum, over
 *     all layers, of the float32 elements of the layer's input and output, and of a block's input
 *     if a shortcut still needs it, times 4. A layer is a convolution or a linear layer together
 *     with its batch normalisation and activation, or a global pooling; normalisation, activation,
 *     rescaling and addition of the shortcut work in place. While squeeze-and-excitation finds its
 *     gates, the map that they are for stays
 * @param latency ms for one batch by a latency table, empty without one
 */
public record SubnetCost(
    Operations operations, long params, long activationBytes, OptionalDouble latency) {

  /** Counts a subnet of a network of its width. */
  public static SubnetCost of(Architecture architecture, MobileNetV3 network) {
    return count(Part.of(architecture, network), network, OptionalDouble.empty());
  }

  /**
   * Counts a subnet and adds up the latencies of its parts.
   *
   * @throws IllegalArgumentException if the table lacks a part
   */
  public static SubnetCost of(Architecture architecture, MobileNetV3 network, LatencyTable table) {
    List<Part> parts = Part.of(architecture, network);
    return count(parts, network, OptionalDouble.of(table.milliseconds(parts)));
  }

  private static SubnetCost count(List<Part> parts, MobileNetV3 network, OptionalDouble latency) {
    Counter counter = new Counter(network.outerActivation());
    parts.forEach(counter::add);
    return new SubnetCost(
        counter.operations(), counter.params(), counter.activationBytes(), latency);
  }

  /** Multiply-adds of convolutions and linear layers, see {@link Operations#madds}. */
  public long madds() {
    return operations.madds();
  }

  /** Multiply-adds as published, see {@link Operations#publishedMadds}. */
  public long publishedMadds() {
    return operations.publishedMadds();
  }

  /** Multiply-adds of NAT's shipped counter, see {@link Operations#natMadds}. */
  public long natMadds() {
    return operations.natMadds();
  }
}
