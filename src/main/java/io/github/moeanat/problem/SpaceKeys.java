package io.github.moeanat.problem;

import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The keys of a problem file that say which subnets of which MobileNetV3 supernets there are.
 *
 * @param space all subnets of the supernets
 * @param searched those of them that are searched
 * @param stemStride stride of the first convolution
 * @param strides stride of each stage
 * @param activations which non-linearities the supernets have
 */
public record SpaceKeys(
    SearchSpace space,
    SearchSpace searched,
    int stemStride,
    List<Integer> strides,
    MobileNetV3.Activations activations)
    implements Serializable {

  private static final int MAX_RESOLUTION = 1024;
  private static final double MIN_WIDTH = 0.05;
  private static final double MAX_WIDTH = 4;
  private static final String STRIDES_EXPECTED = "five strides, one for each stage, 1 or 2";

  /** Copies the list. */
  public SpaceKeys {
    strides = List.copyOf(strides);
  }

  /**
   * Reads the keys.
   *
   * @throws IllegalArgumentException if a value is not what is expected; the message names where it
   *     stands, key and value
   */
  public static SpaceKeys read(PropertyFile file) {
    SearchSpace space = space(file);
    return new SpaceKeys(
        space,
        searched(file, space),
        file.integer("stem.stride", 2, 1, 2),
        strides(file),
        activations(file));
  }

  /** Returns the sizes of the supernet of a width. */
  public MobileNetV3 network(double width, int classes) {
    return new MobileNetV3(width, stemStride, strides, classes, activations);
  }

  private static SearchSpace space(PropertyFile file) {
    file.text("resolutions");
    List<Integer> resolutions =
        file.list("resolutions", List.of(), "pixels, ascending", Integer::valueOf);
    List<Double> widths = file.list("width", List.of(1.0), "numbers, ascending", Quantity::parse);
    try {
      SearchSpace.nat(resolutions, List.of(1.0));
      if (resolutions.get(0) < 1 || resolutions.get(resolutions.size() - 1) > MAX_RESOLUTION) {
        throw new IllegalArgumentException("out of range");
      }
    } catch (IllegalArgumentException e) {
      throw file.refusal("resolutions", "1 to " + MAX_RESOLUTION + " px, ascending, none twice");
    }
    try {
      SearchSpace space = SearchSpace.nat(resolutions, widths);
      if (!(widths.get(0) >= MIN_WIDTH && widths.get(widths.size() - 1) <= MAX_WIDTH)) {
        throw new IllegalArgumentException("out of range");
      }
      return space;
    } catch (IllegalArgumentException e) {
      throw file.refusal(
          "width", "%s to %s, ascending, none twice".formatted(MIN_WIDTH, MAX_WIDTH));
    }
  }

  private static SearchSpace searched(PropertyFile file, SearchSpace space) {
    List<Integer> depths =
        choices(
            file, "depths", IntStream.rangeClosed(space.minDepth(), space.maxDepth()).toArray());
    int low = depths.get(0);
    int high = depths.get(depths.size() - 1);
    if (high - low >= depths.size()) {
      throw file.refusal("depths", "none left out between the first and the last");
    }
    return new SearchSpace(
        space.resolutions(),
        space.widths(),
        choices(file, "kernelSizes", toArray(space.kernelSizes())),
        choices(file, "expandRatios", toArray(space.expandRatios())),
        low,
        high,
        file.choice("layers", List.of("free", "alike")).equals("alike"));
  }

  private static List<Integer> choices(PropertyFile file, String key, int... all) {
    List<Integer> known = IntStream.of(all).boxed().toList();
    List<Integer> chosen = file.list(key, known, "some of " + known, Integer::valueOf);
    boolean ascending = chosen.equals(chosen.stream().sorted().distinct().toList());
    if (!ascending || !known.containsAll(chosen)) {
      throw file.refusal(key, "some of " + known + ", ascending, none twice");
    }
    return chosen;
  }

  private static int[] toArray(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Integer> strides(PropertyFile file) {
    List<Integer> strides =
        file.list("strides", MobileNetV3.STRIDES, STRIDES_EXPECTED, Integer::valueOf);
    if (strides.size() != SearchSpace.STAGES
        || Collections.min(strides) < 1
        || Collections.max(strides) > 2) {
      throw file.refusal("strides", "a comma-separated list of " + STRIDES_EXPECTED);
    }
    return strides;
  }

  private static MobileNetV3.Activations activations(PropertyFile file) {
    String name = file.choice("activation", List.of("default", "mish"));
    return MobileNetV3.Activations.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
