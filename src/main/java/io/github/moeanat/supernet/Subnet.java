package io.github.moeanat.supernet;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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

  /**
   * Takes a network over.
   *
   * @param manager owns the tensors, closed with the subnet
   * @param values in the order of {@link #tensors()}
   */
  Subnet(
      Architecture architecture,
      MobileNetV3 network,
      List<BlockShape> blocks,
      NDManager manager,
      List<NDArray> values) {
    this.architecture = architecture;
    this.network = network;
    this.blocks = blocks;
    this.manager = manager;
    Iterator<NDArray> next = values.iterator();
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      if (tensor.role() != TensorShape.Role.COUNTER) {
        tensors.put(tensor.name(), next.next());
      }
    }
  }

  /**
   * Creates the network of weights that {@link #toWeights} gave.
   *
   * @param network sizes of the supernet that the subnet came from
   * @throws IllegalArgumentException naming the first tensor that is missing, of another shape, or
   *     unknown
   */
  public static Subnet of(
      Architecture architecture, MobileNetV3 network, Weights weights, Device device) {
    List<BlockShape> blocks = network.blocks(architecture.stages());
    Map<String, String> fixed = fixedNames(network, blocks);
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      String name = fixed.get(tensor.name());
      if (!weights.contains(name) || !weights.shape(name).equals(tensor.shape())) {
        throw new IllegalArgumentException(
            "tensor %s has shape %s, expected %s"
                .formatted(
                    name, weights.contains(name) ? weights.shape(name) : "none", tensor.shape()));
      }
    }
    for (String name : weights.names()) {
      if (!fixed.containsValue(name)) {
        throw new IllegalArgumentException("tensor " + name + " is not one of the network");
      }
    }
    try (NDManager scope = PyTorch.newManager(device)) {
      Tensors source =
          (name, shape) -> {
            FloatBuffer values = weights.values(fixed.get(name));
            float[] copy = new float[values.remaining()];
            values.get(copy);
            return scope.create(copy, new Shape(shape));
          };
      return new Subnet(architecture, network, blocks, source, device);
    }
  }

  // By their names in the supernet: the names in a network of fixed layers without gaps.
  private static Map<String, String> fixedNames(MobileNetV3 network, List<BlockShape> blocks) {
    Map<String, String> prefixes = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      prefixes.put("blocks." + blocks.get(i).index(), "blocks." + i);
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      String name = Names.fixed(tensor.name());
      int prefix = name.startsWith("blocks.") ? name.indexOf('.', "blocks.".length()) : 0;
      String fixed = prefixes.getOrDefault(name.substring(0, prefix), "") + name.substring(prefix);
      names.put(tensor.name(), fixed);
    }
    return names;
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

  Device device() {
    return manager.getDevice();
  }

  /** All tensors in the order of the state dict, but for the counters. */
  List<NDArray> tensors() {
    return Layout.subnet(network, blocks).stream()
        .filter(tensor -> tensor.role() != TensorShape.Role.COUNTER)
        .map(tensor -> tensors.get(tensor.name()))
        .toList();
  }

  /** Replaces all running means and variances, given one behind the other in the same order. */
  void replaceStatistics(float[] values) {
    int from = 0;
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      if (tensor.isStatistic()) {
        int to = from + tensor.size();
        replace(tensor.name(), Arrays.copyOfRange(values, from, to));
        from = to;
      }
    }
  }

  private void replace(String name, float[] values) {
    tensors.put(name, manager.create(values)).close();
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

  /** Returns the parts of this network, to be run one by one with its running statistics. */
  public SubnetParts parts() {
    return new SubnetParts((name, shape) -> tensors.get(name), network, blocks, manager);
  }

  /**
   * Replaces the running statistics by those of some batches. Without this a subnet's accuracy says
   * little: the supernet's statistics are a mixture over all subnets.
   *
   * @param batches images {@code [N, 3, r, r]}, N at least 2; how they are cut matters
   */
  public void recalibrate(Iterable<NDArray> batches) {
    Recalibration recalibration = new Recalibration();
    for (NDArray batch : batches) {
      forward(batch, recalibration).close();
    }
    recalibration.forEach(this::replace);
  }

  /**
   * Returns the weights under the names of a network of fixed layers, blocks numbered without gaps.
   */
  public Weights toWeights() {
    Map<String, String> names = fixedNames(network, blocks);
    Weights.Builder builder = new Weights.Builder();
    for (TensorShape tensor : Layout.subnet(network, blocks)) {
      String fixed = names.get(tensor.name());
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
