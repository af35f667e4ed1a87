package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.List;

/**
 * The parts of a subnet, each run on its own: the first convolution, the blocks, the expansion
 * behind them, pooling and feature mixing, the classifier. One thread at a time; the subnet must
 * stay open.
 */
public final class SubnetParts implements AutoCloseable {

  private final MobileNetV3 network;
  private final List<BlockShape> blocks;
  private final NDManager scope;
  private final Walk walk;

  SubnetParts(Tensors tensors, MobileNetV3 network, List<BlockShape> blocks, NDManager owner) {
    this.network = network;
    this.blocks = blocks;
    scope = owner.newSubManager();
    walk = new Walk(tensors, BatchNorm.RUNNING, scope, (name, output) -> {});
  }

  /** Number of parts. */
  public int size() {
    return Walk.parts(blocks);
  }

  /**
   * Runs one part.
   *
   * @param part its number in order, from 0
   * @param input what the part before puts out, {@code [N, C, H, W]}, or {@code [N, C]} for the
   *     classifier; left as it is. The feature mixing pools a map of any size
   * @return its output, owned by the input's manager
   */
  public NDArray run(int part, NDArray input) {
    return walk.part(network, blocks, part, PyTorch.alias(input, input.getManager()));
  }

  /** Frees what the parts share. */
  @Override
  public void close() {
    scope.close();
  }
}
