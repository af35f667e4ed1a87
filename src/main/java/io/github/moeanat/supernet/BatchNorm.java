package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** Which means and variances a forward pass normalises with. */
public sealed interface BatchNorm permits BatchNorm.Stored, Recalibration {

  /** The stored running statistics. */
  BatchNorm RUNNING = new Stored(false);

  /**
   * The statistics of the batch. The running ones of the active channels follow in place with
   * momentum 0.1, the variance unbiased, as in PyTorch's training mode.
   */
  BatchNorm TRAINING = new Stored(true);

  /** Added to every variance. */
  float EPSILON = 1e-5f;

  /** Share of the old running statistics that a training batch keeps. */
  float KEPT = 0.9f;

  /**
   * Normalises a batch.
   *
   * @param x {@code [N, C, H, W]}
   * @param tensors where the layer's scale, bias and running statistics are
   * @param name the layer
   * @return {@code [N, C, H, W]}
   */
  NDArray apply(NDArray x, Tensors tensors, String name);

  /** Uses the running statistics, or the batch's and moves the running ones towards them. */
  record Stored(boolean training) implements BatchNorm {
    @Override
    public NDArray apply(NDArray x, Tensors tensors, String name) {
      long channels = x.getShape().get(1);
      NDList result =
          x.getNDArrayInternal()
              .batchNorm(
                  x,
                  tensors.get(name + ".running_mean", channels),
                  tensors.get(name + ".running_var", channels),
                  tensors.get(name + ".weight", channels),
                  tensors.get(name + ".bias", channels),
                  -1,
                  KEPT,
                  EPSILON,
                  training);
      return result.get(0);
    }
  }
}
