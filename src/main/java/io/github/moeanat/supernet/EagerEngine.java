package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import io.github.moeanat.space.Architecture;

/** The reference: the operations of the original code in the same order. */
final class EagerEngine implements Engine {

  @Override
  public Subnet extract(Supernet supernet, Architecture architecture) {
    return supernet.extract(architecture);
  }

  @Override
  public void recalibrate(Subnet subnet, Iterable<NDArray> batches) {
    subnet.recalibrate(batches);
  }

  @Override
  public Inference prepare(Subnet subnet) {
    return new Inference() {
      @Override
      public NDArray logits(NDArray images) {
        return subnet.forward(images, BatchNorm.RUNNING);
      }

      @Override
      public void close() {
        // The subnet itself is run.
      }
    };
  }

  @Override
  public NDArray likelihood(
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      NDArray targets,
      NDArray parameters,
      NDArray statistics) {
    NDArray logits =
        supernet.forward(architecture, images, BatchNorm.TRAINING, parameters, statistics);
    return logits.logSoftmax(1).mul(targets).sum();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
