package io.github.moeanat.space;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * NAT's search space: a resolution, a width multiplier, and for each layer slot of five stages a
 * kernel size and an expand ratio or nothing (Lu et al., TPAMI 2021).
 *
 * @param resolutions the selectable image sides in pixels, ascending
 * @param widths the selectable width multipliers, ascending
 * @param kernelSizes the selectable depthwise filter sides, ascending
 * @param expandRatios the selectable expand ratios, ascending
 * @param minDepth layers that every stage has
 * @param maxDepth layer slots of a stage
 * @param alike whether all layers of a stage have the kernel size and the expand ratio of its first
 */
public record SearchSpace(
    List<Integer> resolutions,
    List<Double> widths,
    List<Integer> kernelSizes,
    List<Integer> expandRatios,
    int minDepth,
    int maxDepth,
    boolean alike)
    implements Serializable {

  /** Number of stages of OFA's MobileNetV3. */
  public static final int STAGES = 5;

  /** Copies the lists and checks that each is ascending and not empty. */
  public SearchSpace {
    resolutions = ascending("resolutions", resolutions);
    widths = ascending("widths", widths);
    kernelSizes = ascending("kernel sizes", kernelSizes);
    expandRatios = ascending("expand ratios", expandRatios);
    Requires.atLeast("lowest depth", minDepth, 1);
    Requires.atLeast("highest depth", maxDepth, minDepth);
  }

  /** Creates a space in which every layer has a kernel size and an expand ratio of its own. */
  public SearchSpace(
      List<Integer> resolutions,
      List<Double> widths,
      List<Integer> kernelSizes,
      List<Integer> expandRatios,
      int minDepth,
      int maxDepth) {
    this(resolutions, widths, kernelSizes, expandRatios, minDepth, maxDepth, false);
  }

  // Keys of warm-ups are made of this, and outlive a component at its default.
  @Override
  public String toString() {
    // Put together, for a format would write other digits in other languages.
    return "SearchSpace[resolutions=%s, widths=%s, kernelSizes=%s, expandRatios=%s"
            .formatted(resolutions, widths, kernelSizes, expandRatios)
        + (", minDepth=" + minDepth + ", maxDepth=" + maxDepth + (alike ? ", alike]" : "]"));
  }

  /** OFA's layer choices (kernel 3/5/7, expand 3/4/6, depth 2 to 4) with the given inputs. */
  public static SearchSpace nat(List<Integer> resolutions, List<Double> widths) {
    return new SearchSpace(resolutions, widths, List.of(3, 5, 7), List.of(3, 4, 6), 2, 4);
  }

  /** The space of the paper: 192 to 256 px in steps of 4, widths 1.0 and 1.2. */
  public static SearchSpace paper() {
    return nat(IntStream.rangeClosed(0, 16).mapToObj(i -> 192 + 4 * i).toList(), List.of(1.0, 1.2));
  }

  /**
   * Returns the part of the space that has one of its widths.
   *
   * @throws IllegalArgumentException if the space has not that width
   */
  public SearchSpace ofWidth(double width) {
    if (!widths.contains(width)) {
      throw new IllegalArgumentException(
          "width is %s, expected one of %s".formatted(width, widths));
    }
    return new SearchSpace(
        resolutions, List.of(width), kernelSizes, expandRatios, minDepth, maxDepth, alike);
  }

  /**
   * Returns the part of the space that has only the largest choices of each kind: so many of them,
   * or all if there are no more.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public SearchSpace largest(int resolutions, int kernelSizes, int depths, int expandRatios) {
    return new SearchSpace(
        last(this.resolutions, resolutions),
        widths,
        last(this.kernelSizes, kernelSizes),
        last(this.expandRatios, expandRatios),
        Math.max(minDepth, maxDepth - depths + 1),
        maxDepth,
        alike);
  }

  private static <T> List<T> last(List<T> values, int count) {
    return values.subList(Math.max(0, values.size() - count), values.size());
  }

  /** Number of layer slots over all stages. */
  public int slots() {
    return STAGES * maxDepth;
  }

  /** Number of genes: resolution, width and one for each slot. */
  public int genes() {
    return 2 + slots();
  }

  /** Largest code of a layer; 0 stands for an absent one. */
  public int layerCodes() {
    return kernelSizes.size() * expandRatios.size();
  }

  /** Returns how many different architectures the space has. */
  public BigInteger size() {
    BigInteger codes = BigInteger.valueOf(layerCodes());
    BigInteger stage = BigInteger.ZERO;
    for (int depth = minDepth; depth <= maxDepth; depth++) {
      stage = stage.add(codes.pow(alike ? 1 : depth));
    }
    return stage
        .pow(STAGES)
        .multiply(BigInteger.valueOf((long) resolutions.size() * widths.size()));
  }

  /**
   * Returns whether a gene is that of a layer which has the kernel size and the expand ratio of an
   * earlier one: it says only whether the layer is there.
   */
  boolean follows(int gene) {
    return alike && gene >= 2 && (gene - 2) % maxDepth > 0;
  }

  /** Smallest value of a gene. */
  public int lowerBound(int gene) {
    if (gene < 2) {
      return 0;
    }
    return (gene - 2) % maxDepth < minDepth ? 1 : 0;
  }

  /** Largest value of a gene. */
  public int upperBound(int gene) {
    return switch (gene) {
      case 0 -> resolutions.size() - 1;
      case 1 -> widths.size() - 1;
      default -> follows(gene) ? 1 : layerCodes();
    };
  }

  private static <T extends Comparable<T>> List<T> ascending(String name, List<T> values) {
    List<T> sorted = values.stream().sorted().toList();
    if (values.isEmpty()
        || !sorted.equals(values)
        || new HashSet<>(values).size() < sorted.size()) {
      throw new IllegalArgumentException(
          name + " are " + values + ", expected at least one, ascending, none twice");
    }
    return List.copyOf(values);
  }
}
