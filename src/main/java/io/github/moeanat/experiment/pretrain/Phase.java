package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.space.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A part of a recipe, with momentum and a schedule of its own.
 *
 * @param name in the recipe file
 * @param epochs passes over the training images
 * @param warmUpEpochs how many of them the rate rises evenly before it falls along half a cosine
 * @param learningRate the highest
 * @param open choices that its subnets are drawn from, the largest and the smallest too
 * @param subnets what is trained in a step
 * @param teacher phase after which the largest subnet was kept as the teacher of this one; empty if
 *     there is none, or if it is the first subnet of each step
 * @param labels weight of the labels where there is a teacher
 * @param teacherWeight weight of the teacher, 0 for none
 * @param sortChannels whether middle channels are sorted by importance before the phase
 */
record Phase(
    String name,
    double epochs,
    double warmUpEpochs,
    double learningRate,
    Choices open,
    List<Kind> subnets,
    Optional<String> teacher,
    double labels,
    double teacherWeight,
    boolean sortChannels) {

  /** Copies the list. */
  Phase {
    subnets = List.copyOf(subnets);
  }

  /** Which subnet of the open part of the space is trained. */
  enum Kind {
    /** The largest, at the largest resolution. */
    LARGEST,
    /** The smallest, at the smallest resolution. */
    SMALLEST,
    /** A random one; all of a step have one resolution. */
    RANDOM;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static List<String> ids() {
      return Arrays.stream(values()).map(Kind::id).toList();
    }

    static Kind of(String id) {
      return Arrays.stream(values())
          .filter(kind -> kind.id().equals(id))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no subnet " + id));
    }
  }

  /**
   * How many of the largest choices are open.
   *
   * @param resolutions of the images
   * @param kernelSizes of depthwise filters
   * @param depths of stages
   * @param expandRatios of blocks
   */
  record Choices(int resolutions, int kernelSizes, int depths, int expandRatios) {

    /** The largest of each kind only. */
    static final Choices LARGEST = new Choices(1, 1, 1, 1);

    /** Stands for all choices there are, however many. */
    static final int ALL = Integer.MAX_VALUE;

    /** Returns the open part of a space. */
    SearchSpace of(SearchSpace space) {
      return space.largest(resolutions, kernelSizes, depths, expandRatios);
    }
  }
}
