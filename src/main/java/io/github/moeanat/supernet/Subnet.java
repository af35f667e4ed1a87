package io.github.moeanat.supernet;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A network taken out of a supernet: its own copy of the active channels and transformed filters,
 * and its own running statistics. One thread at a time.
 */
public final class Subnet implements AutoCloseable {

  private final Architecture architecture;
  private final MobileNetV3 network;
  private final List<BlockShape> blocks;
  private final NDManager manager;
  private final Map<String, NDArray> tensors = new HashMap<>();

  Subnet(
      Architecture architecture,
      MobileNetV3 network,
      List<BlockShape> blocks,
      Tensors source,
      Device device) {
    this.architecture = architecture;
    this.network = network;
    this.blocks = blocks;
    manager = PyTorch.newManager(device);
    try {
      for (TensorShape tensor : Layout.subnet(network, blocks)) {
        if (tensor.role() != TensorShape.Role.COUNTER) {
          NDArray copy = source.get(tensor.name(), tensor.usedShape()).duplicate();
          copy.attach(manager);
          tensors.put(tensor.name(), copy);
        }
      }
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Which network this is. */
  public Architecture architecture() {
    return architecture;
  }

  MobileNetV3 network() {
    return network;
  }

  List<BlockShape> blocks() {
    return blocks;
  }

  /** Copies the values of a tensor by its name in the supernet. */
  float[] values(String name) {
    return tensors.get(name).toFloatArray();
  }

  /**
   * Runs the network.
   *
   * @param images {@code [N, 3, r, r]} on the network's device
   * @return logits {@code [N, classes]}, owned by the images' manager
   */
  public NDArray forward(NDArray images, BatchNorm norm) {
    return forward(images, norm, (name, output) -> {});
  }

  NDArray forward(NDArray images, BatchNorm norm, BiConsumer<String, NDArray> tap) {
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray logits =
          new Walk((name, shape) -> tensors.get(name), norm, scope, tap)
              .run(network, blocks, images);
      logits.attach(images.getManager());
      return logits;
    }
  }

  /**
   * Replaces the running statistics by those of some batches. Without this a subnet's accuracy says
   * little: the supernet's statistics are a mixture over all subnets.
   *
   * @param batches images {@code [N, 3, r, r]}, N at least 2; how they are cut matters
   */
  public void recalibrate(List<NDArray> batches) {
    Recalibration recalibration = new Recalibration();
    for (NDArray batch : batches) {
      forward(batch, recalibration).close();
    }
    recalibration.forEach(
        (name, values) -> {
          NDArray old = tensors.put(name, manager.create(values));
          old.close();
        });
  }

  /**
   * Returns the weights under the names of a network of fixed layers, blocks numbered without gaps.
   */
  public Weights toWeights() {
    Map<String, String> prefixes = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      prefixes.put("blocks." + blocks.get(i).index(), "blocks." + i);
    }
    Weights.Builder builder = new Weights.Builder();
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      String name = Names.fixed(tensor.name());
      int prefix = name.startsWith("blocks.") ? name.indexOf('.', "blocks.".length()) : 0;
      String fixed = prefixes.getOrDefault(name.substring(0, prefix), "") + name.substring(prefix);
      if (tensor.role() == TensorShape.Role.COUNTER) {
        builder.putCounter(fixed, 0);
      } else {
        builder.put(fixed, tensor.shape(), tensors.get(tensor.name()).toFloatArray());
      }
    }
    return builder.build();
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    manager.close();
  }
}
