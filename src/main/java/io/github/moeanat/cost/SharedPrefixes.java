package io.github.moeanat.cost;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;

/**
 * What some subnets have in common from the image on, and what would be saved if each common
 * beginning were computed once for all of them, as in a tree. Two subnets have a part in common if
 * they have the width, the resolution and every part up to it in common: then it sees the same
 * values in both, in recalibration too.
 *
 * @param subnets how many there are, equal ones counted once
 * @param madds multiply-adds of one image through each of them
 * @param treeMadds the same with every common part computed once
 * @param begunAlike how many subnets are like some other one up to the stem, and up to the end of
 *     each stage in order; those of one width and resolution have the stem in common
 */
public record SharedPrefixes(int subnets, long madds, long treeMadds, List<Integer> begunAlike) {

  /** Copies the list. */
  public SharedPrefixes {
    begunAlike = List.copyOf(begunAlike);
  }

  private record Prefix(double width, List<Part> parts) {}

  /**
   * Compares subnets.
   *
   * @param networks the network of a width
   * @throws IllegalArgumentException if there are none
   */
  public static SharedPrefixes of(
      Collection<Architecture> architectures, DoubleFunction<MobileNetV3> networks) {
    Requires.atLeast("number of subnets", architectures.size(), 1);
    Set<Architecture> distinct = new LinkedHashSet<>(architectures);
    Set<Prefix> seen = new HashSet<>();
    List<Map<Prefix, Integer>> groups = new ArrayList<>();
    for (int level = 0; level <= SearchSpace.STAGES; level++) {
      groups.add(new HashMap<>());
    }
    long madds = 0;
    long treeMadds = 0;
    for (Architecture architecture : distinct) {
      MobileNetV3 network = networks.apply(architecture.width());
      List<Part> parts = Part.of(architecture, network);
      for (int i = 0; i < parts.size(); i++) {
        Counter counter = new Counter(network.outerActivation());
        counter.add(parts.get(i));
        madds += counter.operations().madds();
        if (seen.add(new Prefix(architecture.width(), parts.subList(0, i + 1)))) {
          treeMadds += counter.operations().madds();
        }
      }
      // The first convolution and the fixed block behind it.
      int end = 2;
      for (int level = 0; level <= SearchSpace.STAGES; level++) {
        groups
            .get(level)
            .merge(new Prefix(architecture.width(), parts.subList(0, end)), 1, Integer::sum);
        end += level < SearchSpace.STAGES ? architecture.depth(level) : 0;
      }
    }
    List<Integer> alike =
        groups.stream()
            .map(level -> level.values().stream().mapToInt(size -> size > 1 ? size : 0).sum())
            .toList();
    return new SharedPrefixes(distinct.size(), madds, treeMadds, alike);
  }

  /** Share of the multiply-adds that a tree would not compute, in [0, 1). */
  public double saved() {
    return 1 - (double) treeMadds / madds;
  }
}
