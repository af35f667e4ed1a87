package io.github.moeanat.space;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Draws architectures as NAT draws its first archive: the depth of each stage uniformly, then
 * kernel sizes and expand ratios of the active layers, resolution and width uniformly. Uniform
 * genes would make four of five stages as deep as possible.
 */
public final class ArchitectureSampler {

  private final SearchSpace space;

  /** Creates the sampler of a search space. */
  public ArchitectureSampler(SearchSpace space) {
    this.space = space;
  }

  /** Returns a random architecture. */
  public Architecture sample(RandomGenerator random) {
    List<List<Layer>> stages = new ArrayList<>();
    for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
      int depth = random.nextInt(space.minDepth(), space.maxDepth() + 1);
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < depth; i++) {
        layers.add(
            space.alike() && i > 0
                ? layers.get(0)
                : new Layer(pick(space.kernelSizes(), random), pick(space.expandRatios(), random)));
      }
      stages.add(layers);
    }
    return new Architecture(
        pick(space.resolutions(), random), pick(space.widths(), random), stages);
  }

  /** Returns the architecture with the smallest value of every choice. */
  public Architecture smallest() {
    return uniform(choices -> 0, space.minDepth());
  }

  /**
   * Returns the architecture with the middle value of every choice, the upper one of two middle
   * ones, and the middle depth, the lower one of two.
   */
  public Architecture middle() {
    return uniform(choices -> choices.size() / 2, (space.minDepth() + space.maxDepth()) / 2);
  }

  /** Returns the architecture with the largest value of every choice. */
  public Architecture largest() {
    return uniform(choices -> choices.size() - 1, space.maxDepth());
  }

  private Architecture uniform(ToIntFunction<List<?>> end, int depth) {
    Layer layer = new Layer(at(space.kernelSizes(), end), at(space.expandRatios(), end));
    List<Layer> stage = Collections.nCopies(depth, layer);
    return new Architecture(
        at(space.resolutions(), end),
        at(space.widths(), end),
        Collections.nCopies(SearchSpace.STAGES, stage));
  }

  private static <T> T at(List<T> choices, ToIntFunction<List<?>> end) {
    return choices.get(end.applyAsInt(choices));
  }

  private static <T> T pick(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
