package io.github.moeanat.supernet;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * OFA's elastic MobileNetV3 in native memory. Every architecture of the space is the leading
 * channels of the full tensors; smaller depthwise filters are the transformed centre of larger
 * ones.
 *
 * <p>All parameters are one vector and all running statistics another, cut into views for a pass:
 * an optimiser then works on a few long runs instead of hundreds of small tensors. The vectors
 * never require gradients themselves, so a pass over them builds no graph.
 *
 * <p>Passes and extractions may run in several threads as long as nothing writes.
 */
public final class Supernet implements AutoCloseable {

  private final MobileNetV3 network;
  private final SearchSpace space;
  private final NDManager manager;
  private final List<TensorShape> layout;
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final long[] parameterSizes;
  private final long[] statisticSizes;
  private final NDArray parameters;
  private final NDArray statistics;

  /** Where a tensor lies: the how-manieth of its vector, and from which element. */
  private record Slot(TensorShape tensor, int index, long offset) {}

  /**
   * A run of the parameter vector.
   *
   * @param from first element
   * @param to behind the last element
   */
  public record Span(long from, long to) {}

  /**
   * Copies weights to a device.
   *
   * @throws IllegalArgumentException if they are not the weights of such a supernet
   */
  public Supernet(Weights weights, MobileNetV3 network, SearchSpace space, Device device) {
    weights.requireShapes(network, space);
    this.network = network;
    this.space = space;
    layout = Layout.supernet(network, space);
    parameterSizes = place(TensorShape::isParameter);
    statisticSizes = place(TensorShape::isStatistic);
    for (TensorShape tensor : layout) {
      if (tensor.role() == TensorShape.Role.COUNTER) {
        String name = tensor.name();
        counters.put(name, weights.contains(name) ? weights.counter(name) : 0);
      }
    }
    manager = PyTorch.newManager(device);
    parameters = vector(weights, TensorShape::isParameter, parameterSizes);
    statistics = vector(weights, TensorShape::isStatistic, statisticSizes);
  }

  /** The supernet's shape. */
  public MobileNetV3 network() {
    return network;
  }

  /** The search space whose architectures are in the supernet. */
  public SearchSpace space() {
    return space;
  }

  /** The device of the weights. */
  public Device device() {
    return manager.getDevice();
  }

  /** All parameters as one vector, owned by the supernet. */
  public NDArray parameters() {
    return parameters;
  }

  /** All running means and variances as one vector, owned by the supernet. */
  public NDArray statistics() {
    return statistics;
  }

  /**
   * Returns the blocks of an architecture.
   *
   * @throws IllegalArgumentException if the architecture is not in this supernet
   */
  public List<BlockShape> blocks(Architecture architecture) {
    if (architecture.width() != network.width()) {
      throw new IllegalArgumentException(
          "the architecture has width %s, the supernet %s"
              .formatted(architecture.width(), network.width()));
    }
    for (List<Layer> stage : architecture.stages()) {
      if (stage.size() > space.maxDepth()) {
        throw new IllegalArgumentException(
            "a stage has %d layers, the supernet %d".formatted(stage.size(), space.maxDepth()));
      }
      for (Layer layer : stage) {
        if (!space.kernelSizes().contains(layer.kernelSize())
            || !space.expandRatios().contains(layer.expandRatio())) {
          throw new IllegalArgumentException(
              "%s is not in the supernet: kernel sizes %s, expand ratios %s"
                  .formatted(layer, space.kernelSizes(), space.expandRatios()));
        }
      }
    }
    return network.blocks(architecture.stages());
  }

  /**
   * Runs an architecture on the supernet's own weights, without gradients.
   *
   * @param images {@code [N, 3, r, r]} on the supernet's device
   * @return logits {@code [N, classes]}, owned by the images' manager
   */
  public NDArray forward(Architecture architecture, NDArray images, BatchNorm norm) {
    return forward(architecture, images, norm, (name, output) -> {});
  }

  NDArray forward(
      Architecture architecture, NDArray images, BatchNorm norm, BiConsumer<String, NDArray> tap) {
    try (NDManager scope = images.getManager().newSubManager()) {
      Tensors view = new View(PyTorch.alias(parameters, scope), PyTorch.alias(statistics, scope));
      Walk walk = new Walk(view, norm, scope, tap);
      NDArray logits = walk.run(network, blocks(architecture), images);
      logits.attach(images.getManager());
      return logits;
    }
  }

  /**
   * Runs an architecture on other vectors than the supernet's own. If the parameters require
   * gradients, the logits can be differentiated with respect to them.
   *
   * @param images {@code [N, 3, r, r]}
   * @param parameters in the place of {@link #parameters()}; its manager collects the views made
   * @param statistics in the place of {@link #statistics()}, likewise
   * @return logits {@code [N, classes]}, owned by the images' manager
   */
  public NDArray forward(
      Architecture architecture,
      NDArray images,
      BatchNorm norm,
      NDArray parameters,
      NDArray statistics) {
    try (NDManager scope = images.getManager().newSubManager()) {
      Walk walk = new Walk(new View(parameters, statistics), norm, scope, (name, output) -> {});
      NDArray logits = walk.run(network, blocks(architecture), images);
      logits.attach(images.getManager());
      return logits;
    }
  }

  /** Sizes of the tensors that the parameters are made of, in order. */
  long[] parameterSizes() {
    return parameterSizes;
  }

  /** Sizes of the tensors that the running statistics are made of, in order. */
  long[] statisticSizes() {
    return statisticSizes;
  }

  /**
   * Returns how the tensors of a network are cut from the vectors, in the order of the state dict
   * without counters, as {@code views} of the {@link TorchScript} program reads it.
   */
  long[] pieces(List<BlockShape> active) {
    List<Integer> pieces = new ArrayList<>();
    for (TensorShape tensor : Layout.subnet(network, active)) {
      if (tensor.role() != TensorShape.Role.COUNTER) {
        Slot slot = slots.get(tensor.name());
        long[] shape = tensor.usedShape();
        pieces.add(tensor.isStatistic() ? 1 : 0);
        pieces.add(slot.index());
        pieces.add(shape.length);
        addSizes(pieces, slot.tensor().usedShape());
        addSizes(pieces, shape);
        addTransforms(pieces, tensor.name(), shape, slot.tensor().usedShape());
      }
    }
    return pieces.stream().mapToLong(Integer::longValue).toArray();
  }

  private static void addSizes(List<Integer> pieces, long[] shape) {
    for (int axis = 0; axis < 3; axis++) {
      pieces.add(axis < shape.length ? (int) shape[axis] : 0);
    }
  }

  private void addTransforms(List<Integer> pieces, String name, long[] shape, long[] full) {
    List<Integer> sides = new ArrayList<>();
    if (shape.length == 4 && shape[2] < full[2]) {
      space.kernelSizes().stream().filter(side -> side >= shape[2]).forEach(sides::add);
    }
    pieces.add(Math.max(0, sides.size() - 1));
    for (int i = sides.size() - 1; i > 0; i--) {
      pieces.add(slots.get(Names.transform(name, sides.get(i), sides.get(i - 1))).index());
      pieces.add(sides.get(i));
      pieces.add(sides.get(i - 1));
    }
  }

  /** Returns a copy of an architecture that lives on its own. */
  public Subnet extract(Architecture architecture) {
    List<BlockShape> blocks = blocks(architecture);
    try (NDManager scope = manager.newSubManager()) {
      Tensors view = new View(PyTorch.alias(parameters, scope), PyTorch.alias(statistics, scope));
      return new Subnet(architecture, network, blocks, view, device());
    }
  }

  /**
   * Returns the runs of the parameter vector that some architectures use, in order. A tensor of
   * which some channels are active belongs to them as a whole.
   */
  public List<Span> spans(Collection<Architecture> architectures) {
    Set<String> used = new HashSet<>();
    architectures.forEach(architecture -> used.addAll(used(architecture)));
    List<Span> spans = new ArrayList<>();
    for (TensorShape tensor : layout) {
      if (!tensor.isParameter() || !used.contains(tensor.name())) {
        continue;
      }
      long from = slots.get(tensor.name()).offset();
      long to = from + tensor.size();
      int last = spans.size() - 1;
      if (last >= 0 && spans.get(last).to() == from) {
        spans.set(last, new Span(spans.get(last).from(), to));
      } else {
        spans.add(new Span(from, to));
      }
    }
    return spans;
  }

  /** Counts one training batch in the batch normalisations that an architecture uses. */
  public void countBatch(Architecture architecture) {
    for (String name : used(architecture)) {
      counters.computeIfPresent(name, (key, count) -> count + 1);
    }
  }

  /** Returns the weights as they are now. */
  public Weights toWeights() {
    float[] parameterValues = parameters.toFloatArray();
    float[] statisticValues = statistics.toFloatArray();
    Weights.Builder builder = new Weights.Builder();
    for (TensorShape tensor : layout) {
      if (tensor.role() == TensorShape.Role.COUNTER) {
        builder.putCounter(tensor.name(), counters.get(tensor.name()));
      } else {
        put(builder, tensor, tensor.isParameter() ? parameterValues : statisticValues);
      }
    }
    return builder.build();
  }

  /** Returns a vector laid out as {@link #parameters()} by the names of its tensors. */
  public Weights named(NDArray vector) {
    float[] values = vector.toFloatArray();
    Weights.Builder builder = new Weights.Builder();
    layout.stream()
        .filter(TensorShape::isParameter)
        .forEach(tensor -> put(builder, tensor, values));
    return builder.build();
  }

  /**
   * Returns a vector laid out as {@link #parameters()} from the tensors of {@link #named}.
   *
   * @param owner manager of the result
   * @throws IllegalArgumentException if a tensor is missing or of another shape
   */
  public NDArray vector(Weights named, NDManager owner) {
    FloatBuffer values = FloatBuffer.allocate((int) Arrays.stream(parameterSizes).sum());
    for (TensorShape tensor : layout) {
      if (tensor.isParameter()) {
        if (!named.shape(tensor.name()).equals(tensor.shape())) {
          throw new IllegalArgumentException(
              "tensor %s has shape %s, expected %s"
                  .formatted(tensor.name(), named.shape(tensor.name()), tensor.shape()));
        }
        values.put(named.values(tensor.name()));
      }
    }
    return owner.create(values.array());
  }

  /**
   * Returns a vector laid out as {@link #parameters()} that is 1 where a filter or a matrix is, and
   * 0 for scales of normalisations and biases.
   *
   * @param owner manager of the result
   */
  public NDArray filters(NDManager owner) {
    float[] values = new float[(int) Arrays.stream(parameterSizes).sum()];
    for (TensorShape tensor : layout) {
      if (tensor.isParameter() && tensor.shape().size() > 1) {
        int from = (int) slots.get(tensor.name()).offset();
        Arrays.fill(values, from, from + tensor.size(), 1);
      }
    }
    return owner.create(values);
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    manager.close();
  }

  private long[] place(Predicate<TensorShape> kind) {
    List<TensorShape> tensors = layout.stream().filter(kind).toList();
    long offset = 0;
    for (int i = 0; i < tensors.size(); i++) {
      slots.put(tensors.get(i).name(), new Slot(tensors.get(i), i, offset));
      offset += tensors.get(i).size();
    }
    return tensors.stream().mapToLong(TensorShape::size).toArray();
  }

  private NDArray vector(Weights weights, Predicate<TensorShape> kind, long[] sizes) {
    FloatBuffer values = FloatBuffer.allocate((int) Arrays.stream(sizes).sum());
    layout.stream().filter(kind).forEach(tensor -> values.put(weights.values(tensor.name())));
    // The engine borrows the memory of what it creates; a copy is its own and outlives every view.
    try (NDArray borrowed = manager.create(values.array())) {
      return borrowed.duplicate();
    }
  }

  private void put(Weights.Builder builder, TensorShape tensor, float[] vector) {
    int from = (int) slots.get(tensor.name()).offset();
    builder.put(
        tensor.name(), tensor.shape(), Arrays.copyOfRange(vector, from, from + tensor.size()));
  }

  private Set<String> used(Architecture architecture) {
    List<BlockShape> blocks = blocks(architecture);
    Set<String> used = new HashSet<>();
    Layout.subnet(network, blocks).forEach(tensor -> used.add(tensor.name()));
    List<Integer> sizes = space.kernelSizes();
    for (BlockShape block : blocks) {
      String filters = Names.filters(block, Names.DEPTHWISE);
      for (int i = sizes.size() - 1; i > 0 && sizes.get(i) > block.kernelSize(); i--) {
        used.add(Names.transform(filters, sizes.get(i), sizes.get(i - 1)));
      }
    }
    return used;
  }

  /** The vectors, cut into tensors. */
  private final class View implements Tensors {
    private final NDList parameterViews;
    private final NDList statisticViews;

    View(NDArray parameters, NDArray statistics) {
      parameterViews = PyTorch.split(parameters, parameterSizes);
      statisticViews = PyTorch.split(statistics, statisticSizes);
    }

    @Override
    public NDArray get(String name, long... shape) {
      Slot slot = slots.get(name);
      NDList views = slot.tensor().isParameter() ? parameterViews : statisticViews;
      long[] full = slot.tensor().usedShape();
      NDArray tensor = views.get(slot.index());
      if (full.length > 1) {
        tensor = tensor.reshape(new Shape(full));
      }
      if (Arrays.equals(full, shape)) {
        return tensor;
      }
      boolean smallerKernel = full.length == 4 && full[2] > shape[2];
      long[] leading = shape.clone();
      if (smallerKernel) {
        leading[2] = full[2];
        leading[3] = full[3];
      }
      tensor = PyTorch.slice(tensor, new long[shape.length], leading, tensor.getManager());
      return smallerKernel ? transformed(name, tensor, (int) shape[2]) : tensor;
    }

    /** Goes from the largest filters {@code [channels, 1, k, k]} down, one size at a time. */
    private NDArray transformed(String name, NDArray largest, int side) {
      long channels = largest.getShape().get(0);
      List<Integer> sizes = space.kernelSizes();
      NDArray filters = largest;
      for (int i = sizes.size() - 1; sizes.get(i) > side; i--) {
        int from = sizes.get(i);
        int to = sizes.get(i - 1);
        int cut = (from - to) / 2;
        NDArray centre =
            PyTorch.slice(
                    filters,
                    new long[] {0, 0, cut, cut},
                    new long[] {channels, 1, from - cut, from - cut},
                    filters.getManager())
                .reshape(channels, (long) to * to);
        NDArray matrix = get(Names.transform(name, from, to), (long) to * to, (long) to * to);
        filters =
            centre
                .getNDArrayInternal()
                .linear(centre, matrix, null)
                .get(0)
                .reshape(channels, 1, to, to);
      }
      return filters;
    }
  }
}
