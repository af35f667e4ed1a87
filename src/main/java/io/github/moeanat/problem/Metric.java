package io.github.moeanat.problem;

import io.github.moeanat.cost.SubnetCost;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be minimised or bounded. */
public enum Metric {
  /** Share of validation images that are classified wrongly after BN recalibration, in [0, 1]. */
  ERROR(false),
  /** Multiply-adds of convolutions and linear layers for one image. */
  MADDS(true),
  /** Trainable parameters of the extracted subnet. */
  PARAMS(true);

  private final boolean cheap;

  Metric(boolean cheap) {
    this.cheap = cheap;
  }

  /** Whether the value is exact and takes microseconds. */
  public boolean isCheap() {
    return cheap;
  }

  /** Name in files and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
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

  /** Returns the raw value: a share for the error, counts for the others. */
  double value(SubnetCost cost, double error) {
    return switch (this) {
      case ERROR -> error;
      case MADDS -> cost.madds();
      case PARAMS -> cost.params();
    };
  }
}
