package io.github.moeanat.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.internal.Requires;
import java.util.Optional;

/**
 * What the subnets of a step learn from: the cross-entropy of the labels and that of a teacher's
 * probabilities, added with a weight each. OFA's teacher is the largest subnet as it was before any
 * other was trained, with both weights 1; in BigNAS the largest subnet of the step teaches the
 * others of the step, which see no labels.
 *
 * @param labels weight of the labels
 * @param teacher weight of the teacher
 * @param frozen the teacher; if there is none, the first subnet of each step teaches the others and
 *     learns from the labels itself, with weight 1
 */
public record Distillation(double labels, double teacher, Optional<Teacher> frozen) {

  /** Labels only. */
  public static final Distillation NONE = new Distillation(1, 0, Optional.empty());

  /** Checks the weights. */
  public Distillation {
    Requires.inRange("weight of the labels", labels, 0, Double.MAX_VALUE);
    Requires.inRange("weight of the teacher", teacher, 0, Double.MAX_VALUE);
    if (labels + teacher == 0) {
      throw new IllegalArgumentException("the weights of labels and teacher are 0");
    }
  }

  /** Whether the first subnet of a step teaches the others. */
  boolean inPlace() {
    return teacher > 0 && frozen.isEmpty();
  }

  /** Whether anything is learnt from a teacher that judges images on its own. */
  boolean isFrozen() {
    return teacher > 0 && frozen.isPresent();
  }

  /**
   * Returns the targets of a subnet.
   *
   * @param targets of the labels {@code [N, classes]}
   * @param logits of the teacher {@code [N, classes]}
   * @return {@code [N, classes]}, owned by the manager of the targets
   */
  NDArray targets(NDArray targets, NDArray logits) {
    NDManager owner = targets.getManager();
    NDArray probabilities = logits.softmax(1);
    probabilities.attach(owner);
    return targets
        .mul(owner.create((float) labels))
        .addi(probabilities.muli(owner.create((float) teacher)));
  }
}
