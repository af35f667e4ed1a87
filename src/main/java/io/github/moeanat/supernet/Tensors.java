package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;

/** Where a forward pass finds the tensors of a network. */
@FunctionalInterface
interface Tensors {

  /**
   * Returns a tensor by its name in the supernet.
   *
   * @param shape the shape that the network uses; a supernet cuts its larger tensor to it
   */
  NDArray get(String name, long... shape);
}
