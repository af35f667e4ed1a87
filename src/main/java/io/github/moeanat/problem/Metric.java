package io.github.moeanat.problem;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be minimised or bounded. */
public enum Metric {
  /** Share of validation images that are classified wrongly after BN recalibration, in [0, 1]. */
  ERROR(false, "share of validation images classified wrongly after BN recalibration"),
  /** Multiply-adds of convolutions and linear layers for one image. */
  MADDS(true, "multiply-adds of convolutions and linear layers, as OFA counts"),
  /** Multiply-adds for one image as behind NAT's published figures. */
  MADDS_PUBLISHED(true, "multiply-adds as published with NAT: madds, h-swish, rescaling and means"),
  /** Multiply-adds for one image as NAT's shipped code counts. */
  MADDS_NAT(true, "multiply-adds as NAT's code counts: madds and 1, 3, 4 for each activation"),
  /** Trainable parameters of the extracted subnet. */
  PARAMS(true, "trainable parameters of the extracted subnet"),
  /** Peak bytes of the activations of one image in inference. */
  ACTIVATION_MEMORY(true, "peak bytes of the activations of one image in inference"),
  /** Latency in ms by a table. */
  LATENCY(true, "ms by the table that latency.table names"),
  /** Median latency in ms of whole passes on this machine, measured once for each architecture. */
  MEASURED_LATENCY(false, "median ms of whole passes on this machine, each subnet measured once");

  private final boolean cheap;
  private final String description;

  Metric(boolean cheap, String description) {
    this.cheap = cheap;
    this.description = description;
  }

  /** Whether the value is exact and takes microseconds. */
  public boolean isCheap() {
    return cheap;
  }

  /** One line for lists. */
  public String description() {
    return description;
  }

  /** Name in problem files and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Name in the files of a run. */
  public String column() {
    boolean time = this == LATENCY || this == MEASURED_LATENCY;
    return name().toLowerCase(Locale.ROOT) + (time ? "_ms" : "");
  }

  @Override
  public String toString() {
    return id();
  }

  /** Returns the names of all metrics. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Metric::id).toList();
  }

  /**
   * Returns the metric of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Metric of(String id) {
    return Arrays.stream(values())
        .filter(metric -> metric.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + id));
  }

  /** Returns the metrics that a cost has a value of; only the table's latency may be unknown. */
  public static List<Metric> of(SubnetCost cost) {
    return Arrays.stream(values())
        .filter(metric -> metric.cheap)
        .filter(metric -> metric != LATENCY || cost.latency().isPresent())
        .toList();
  }

  /**
   * Returns the raw value of a cheap metric: a whole number, or ms for the latency.
   *
   * @throws IllegalArgumentException if the metric is not cheap
   */
  public Number raw(SubnetCost cost) {
    return switch (this) {
      case ERROR, MEASURED_LATENCY -> throw new IllegalArgumentException(this + " is measured");
      case MADDS -> cost.madds();
      case MADDS_PUBLISHED -> cost.publishedMadds();
      case MADDS_NAT -> cost.natMadds();
      case PARAMS -> cost.params();
      case ACTIVATION_MEMORY -> cost.activationBytes();
      case LATENCY ->
          cost.latency().orElseThrow(() -> new IllegalStateException("no latency table was read"));
    };
  }

  /**
   * Returns the raw value of a measured architecture: a share for the error, counts, bytes or ms
   * for the others.
   */
  double value(SubnetCost cost, Measurement measurement) {
    return switch (this) {
      case ERROR -> measurement.accuracy().error();
      case MEASURED_LATENCY -> measurement.latency().median();
      default -> raw(cost).doubleValue();
    };
  }
}
