package io.github.moeanat.supernet;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.internal.Sha256;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Named tensors on the heap; immutable. Names and order are those of OFA's state dict; the counters
 * {@code num_batches_tracked} are whole numbers, all else is 32-bit floating point.
 */
public final class Weights {

  private final Map<String, Tensor> tensors;

  /** A counter has no array of values. */
  private static final class Tensor {
    private final List<Integer> shape;
    private final float[] values;
    private final long counter;

    Tensor(List<Integer> shape, float[] values, long counter) {
      this.shape = List.copyOf(shape);
      this.values = values;
      this.counter = counter;
    }

    boolean isCounter() {
      return values == null;
    }
  }

  private Weights(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** Collects tensors in order. */
  public static final class Builder {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Adds a tensor; the values are copied.
     *
     * @param values row-major
     * @throws IllegalArgumentException if the name is taken or the values don't fill the shape
     */
    public Builder put(String name, List<Integer> shape, float... values) {
      long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
      if (size != values.length) {
        throw new IllegalArgumentException(
            "tensor %s has %d values, expected %d for shape %s"
                .formatted(name, values.length, size, shape));
      }
      return add(name, new Tensor(shape, values.clone(), 0));
    }

    /**
     * Adds a counter.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public Builder putCounter(String name, long value) {
      return add(name, new Tensor(List.of(), null, value));
    }

    /** Returns what was added. */
    public Weights build() {
      return new Weights(new LinkedHashMap<>(tensors));
    }

    private Builder add(String name, Tensor tensor) {
      if (tensors.putIfAbsent(name, tensor) != null) {
        throw new IllegalArgumentException("tensor " + name + " is there twice");
      }
      return this;
    }
  }

  /**
   * Returns fresh weights, drawn as OFA draws them: filters normal with variance 2 / fan-out, batch
   * normalisation neutral, kernel transforms the identity; the classifier starts near zero.
   *
   * @param network the supernet's shape
   * @param space the search space that the supernet serves
   * @param seed of every tensor's own generator
   */
  public static Weights initial(MobileNetV3 network, SearchSpace space, long seed) {
    Builder builder = new Builder();
    for (TensorShape tensor : Layout.supernet(network, space)) {
      if (tensor.role() == TensorShape.Role.COUNTER) {
        builder.putCounter(tensor.name(), 0);
      } else {
        builder.put(tensor.name(), tensor.shape(), initial(tensor, new Seeds(seed)));
      }
    }
    return builder.build();
  }

  /**
   * Returns these weights with residual blocks that begin as the identity: the scale of the
   * normalisation that ends a block with a shortcut is zero (Goyal et al., Accurate, Large
   * Minibatch SGD, 2017, section 5.1). A supernet that is trained from nothing learns faster so.
   */
  public Weights withIdentityResiduals(MobileNetV3 network, SearchSpace space) {
    Map<String, Tensor> replaced = new LinkedHashMap<>(tensors);
    for (BlockShape block : network.blocks(space)) {
      if (block.shortcut()) {
        String scale = Names.norm(block, Names.PROJECTION) + ".weight";
        replaced.put(scale, new Tensor(shape(scale), new float[block.outChannels()], 0));
      }
    }
    return new Weights(replaced);
  }

  private static float[] initial(TensorShape tensor, Seeds seeds) {
    float[] values = new float[tensor.size()];
    switch (tensor.role()) {
      case FILTERS, POOLED -> {
        int side = tensor.shape().get(2);
        double fanOut = (double) side * side * tensor.shape().get(0);
        normal(values, Math.sqrt(2 / fanOut), seeds, tensor.name());
      }
      case LINEAR -> normal(values, 0.01, seeds, tensor.name());
      case TRANSFORM -> {
        int side = tensor.shape().get(0);
        for (int i = 0; i < side; i++) {
          values[i * side + i] = 1;
        }
      }
      case SCALE, VARIANCE -> Arrays.fill(values, 1);
      default -> {
        // Biases and running means start at zero.
      }
    }
    return values;
  }

  private static void normal(float[] values, double deviation, Seeds seeds, String name) {
    RandomGenerator random = seeds.generator("initial weights " + name);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  /** Names in order. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** Whether there is a tensor of this name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** Dimensions of a tensor; empty for a counter. */
  public List<Integer> shape(String name) {
    return tensor(name).shape;
  }

  /** Whether a tensor is a counter. */
  public boolean isCounter(String name) {
    return tensor(name).isCounter();
  }

  /** Returns the value of a counter. */
  public long counter(String name) {
    return tensor(name).counter;
  }

  /** Returns the values of a tensor, row-major, as a read-only buffer. */
  public FloatBuffer values(String name) {
    Tensor tensor = tensor(name);
    if (tensor.isCounter()) {
      throw new IllegalArgumentException("tensor " + name + " is a counter");
    }
    return FloatBuffer.wrap(tensor.values).asReadOnlyBuffer();
  }

  /** Returns the SHA-256 of names, shapes and values in order, in hexadecimal. */
  public String hash() {
    MessageDigest digest = Sha256.digest();
    tensors.forEach(
        (name, tensor) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((tensor.shape + ";").getBytes(StandardCharsets.UTF_8));
          digest.update(bytes(name));
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The values of a tensor as they stand in files: little-endian. */
  byte[] bytes(String name) {
    Tensor tensor = tensor(name);
    if (tensor.isCounter()) {
      return ByteBuffer.allocate(Long.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(tensor.counter)
          .array();
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(Float.BYTES * tensor.values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(tensor.values);
    return buffer.array();
  }

  /**
   * Checks that these are the weights of a supernet. Counters may be absent: published files of old
   * versions have none.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing, of another shape, or
   *     unknown
   */
  public void requireShapes(MobileNetV3 network, SearchSpace space) {
    Map<String, TensorShape> expected = new LinkedHashMap<>();
    Layout.supernet(network, space).forEach(tensor -> expected.put(tensor.name(), tensor));
    for (TensorShape tensor : expected.values()) {
      boolean counter = tensor.role() == TensorShape.Role.COUNTER;
      if (!contains(tensor.name())) {
        if (counter) {
          continue;
        }
        throw new IllegalArgumentException(
            "the weights lack tensor %s %s of %s"
                .formatted(tensor.name(), tensor.shape(), network));
      }
      if (!shape(tensor.name()).equals(tensor.shape()) || isCounter(tensor.name()) != counter) {
        throw new IllegalArgumentException(
            "tensor %s has shape %s, expected %s for %s"
                .formatted(tensor.name(), shape(tensor.name()), tensor.shape(), network));
      }
    }
    for (String name : tensors.keySet()) {
      if (!expected.containsKey(name)) {
        throw new IllegalArgumentException(
            "the weights hold tensor %s %s, which %s has not"
                .formatted(name, shape(name), network));
      }
    }
  }

  /**
   * Returns these weights with a fresh classifier in place of one for another number of classes,
   * else these themselves. What else may not fit is left for {@link #requireShapes} to name.
   *
   * @param seed of the fresh classifier
   */
  public Weights withClassifierFor(MobileNetV3 network, SearchSpace space, long seed) {
    boolean fits =
        classifier(network, space).stream()
            .anyMatch(
                tensor ->
                    contains(tensor.name())
                        && shape(tensor.name()).stream()
                            .limit(1)
                            .anyMatch(tensor.shape().get(0)::equals));
    return fits ? this : withFreshClassifier(network, space, seed);
  }

  /**
   * Returns these weights with a fresh classifier, or these themselves if they have none for as
   * many features. What else may not fit is left for {@link #requireShapes} to name.
   *
   * @param seed of the fresh classifier
   */
  public Weights withFreshClassifier(MobileNetV3 network, SearchSpace space, long seed) {
    Map<String, Tensor> replaced = new LinkedHashMap<>(tensors);
    for (TensorShape tensor : classifier(network, space)) {
      List<Integer> found = contains(tensor.name()) ? shape(tensor.name()) : List.of();
      int axes = tensor.shape().size();
      if (found.size() != axes || !found.subList(1, axes).equals(tensor.shape().subList(1, axes))) {
        return this;
      }
      float[] values = initial(tensor, new Seeds(seed));
      replaced.put(tensor.name(), new Tensor(tensor.shape(), values, 0));
    }
    return new Weights(replaced);
  }

  private static List<TensorShape> classifier(MobileNetV3 network, SearchSpace space) {
    return Layout.supernet(network, space).stream()
        .filter(tensor -> tensor.name().startsWith(Names.CLASSIFIER))
        .toList();
  }

  /**
   * Checks that every value is a finite number.
   *
   * @throws IllegalArgumentException naming the first tensor with another
   */
  public void requireFinite() {
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      for (float value : entry.getValue().isCounter() ? new float[0] : entry.getValue().values) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "tensor " + entry.getKey() + " holds " + value + ", expected finite numbers");
        }
      }
    }
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor " + name);
    }
    return tensor;
  }
}
