package io.github.moeanat.evaluation;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;

/**
 * How many images a network got right.
 *
 * @param correct images whose largest logit is that of their class
 * @param images images judged
 */
public record Accuracy(int correct, int images) implements Serializable {

  /** Checks the numbers. */
  public Accuracy {
    Requires.atLeast("number of images", images, 1);
    Requires.inRange("number of correct images", correct, 0, images);
  }

  /** Returns the share of images classified rightly, in [0, 1]. */
  public double share() {
    return correct / (double) images;
  }

  /** Share of wrong images, in [0, 1]. */
  public double error() {
    return (images - correct) / (double) images;
  }
}
