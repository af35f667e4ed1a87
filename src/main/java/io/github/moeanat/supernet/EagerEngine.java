package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;

/**
 * The reference: the operations of the original code in the same order, but that depthwise filters
 * are cut to what meets the map, and multiply it where it is one pixel.
 */
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
  public Pass differentiate(
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      NDArray targets,
      float factor,
      NDArray statistics,
      NDArray gradient) {
    NDManager scope = images.getManager();
    // Same memory as the supernet's vector, gradients of its own.
    NDArray leaf = PyTorch.alias(supernet.parameters(), scope);
    leaf.setRequiresGradient(true);
    NDArray logits = supernet.forward(architecture, images, BatchNorm.TRAINING, leaf, statistics);
    NDArray likelihood = logits.logSoftmax(1).mul(targets).sum();
    PyTorch.backward(likelihood, scope.create(-factor));
    gradient.addi(leaf.getGradient());
    return new Pass(-factor * likelihood.getFloat(), logits.stopGradient());
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
