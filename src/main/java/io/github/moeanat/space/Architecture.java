package io.github.moeanat.space;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.util.List;

/**
 * One subnet: what is built, without the genes that say so. Two architectures are equal exactly if
 * they are the same network at the same resolution.
 *
 * @param resolution side of the input image in pixels
 * @param width width multiplier of the supernet that it is part of
 * @param stages the active layers of each stage, first to last
 */
public record Architecture(int resolution, double width, List<List<Layer>> stages)
    implements Serializable {

  /** Copies the lists and checks the numbers. */
  public Architecture {
    Requires.atLeast("resolution", resolution, 1);
    Requires.positive("width", width);
    stages = stages.stream().map(List::copyOf).toList();
    for (List<Layer> stage : stages) {
      Requires.atLeast("depth of a stage", stage.size(), 1);
    }
  }

  /** Returns the same layers at the same resolution in a supernet of another width. */
  public Architecture withWidth(double other) {
    return new Architecture(resolution, other, stages);
  }

  /** Returns the number of active layers of a stage. */
  public int depth(int stage) {
    return stages.get(stage).size();
  }
}
