package io.github.moeanat.supernet;

import ai.djl.Device;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * Supernets side by side, one for each width multiplier of a search space. They share nothing: an
 * architecture is part of the supernet of its width.
 */
public final class SupernetFamily implements AutoCloseable {

  private final SortedMap<Double, Supernet> members = new TreeMap<>();

  /**
   * Copies weights to a device.
   *
   * @param networks the shape of the supernet of a width
   * @throws IllegalArgumentException if the weights are not those of such supernets, one for each
   *     width of the space
   */
  public SupernetFamily(
      FamilyWeights weights,
      DoubleFunction<MobileNetV3> networks,
      SearchSpace space,
      Device device) {
    if (!weights.widths().equals(space.widths())) {
      throw new IllegalArgumentException(
          "the weights are of widths %s, the search space has %s"
              .formatted(weights.widths(), space.widths()));
    }
    boolean done = false;
    try {
      for (double width : space.widths()) {
        members.put(
            width,
            new Supernet(weights.get(width), networks.apply(width), space.ofWidth(width), device));
      }
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private SupernetFamily(Supernet only) {
    members.put(only.network().width(), only);
  }

  /** Returns the family of a single supernet, which is closed with it. */
  public static SupernetFamily of(Supernet only) {
    return new SupernetFamily(only);
  }

  /** The widths, ascending. */
  public List<Double> widths() {
    return List.copyOf(members.keySet());
  }

  /**
   * Returns the supernet of a width; it belongs to the family.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Supernet supernet(double width) {
    Supernet supernet = members.get(width);
    if (supernet == null) {
      throw new IllegalArgumentException(
          "there is no supernet of width %s, only of %s".formatted(width, widths()));
    }
    return supernet;
  }

  /**
   * Returns a copy of an architecture that lives on its own.
   *
   * @throws IllegalArgumentException if it is in none of the supernets
   */
  public Subnet extract(Architecture architecture) {
    return supernet(architecture.width()).extract(architecture);
  }

  /** The device of the weights. */
  public Device device() {
    return members.get(members.firstKey()).device();
  }

  /** Frees the native memory of all members. */
  @Override
  public void close() {
    members.values().forEach(Supernet::close);
  }
}
