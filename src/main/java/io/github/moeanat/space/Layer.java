package io.github.moeanat.space;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;

/**
 * The two choices of an active layer of a stage.
 *
 * @param kernelSize side of the depthwise filter
 * @param expandRatio middle channels over input channels
 */
public record Layer(int kernelSize, int expandRatio) implements Serializable {

  /** Checks that both are positive and the kernel size odd. */
  public Layer {
    Requires.atLeast("kernel size", kernelSize, 1);
    Requires.atLeast("expand ratio", expandRatio, 1);
    if (kernelSize % 2 == 0) {
      throw new IllegalArgumentException("kernel size is " + kernelSize + ", expected odd");
    }
  }
}
