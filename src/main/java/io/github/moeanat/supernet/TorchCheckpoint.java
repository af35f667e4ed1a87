package io.github.moeanat.supernet;

import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A supernet as OFA's authors and others distribute it: a state dict in a {@code .pth} file of
 * PyTorch. Only tensors, dicts, lists, tuples, texts and numbers are ever made of such a file; one
 * that asks for anything else is refused.
 *
 * @param weights under OFA's current names and in their order; kernel transforms that the file
 *     lacks are the identity, counters that it lacks 0
 * @param network the sizes, by the tensors' shapes, which don't tell strides: they are given as
 *     OFA's
 * @param entries number of tensors in the file
 * @param published whether the blocks bear the names of the published files, {@code
 *     blocks.N.mobile_inverted_conv}, or later ones, {@code blocks.N.conv}
 * @param transforms whether the file has kernel transforms
 * @param types of its tensors, in PyTorch's words
 */
public record TorchCheckpoint(
    Weights weights,
    MobileNetV3 network,
    int entries,
    boolean published,
    boolean transforms,
    SortedSet<String> types) {

  private static final String PUBLISHED = ".mobile_inverted_conv.";
  private static final String PARALLEL = "module.";
  private static final int STEM_STRIDE = 2;
  private static final int BASE_FEATURES = new MobileNetV3(1.0, STEM_STRIDE, 2).featureChannels();

  /**
   * Reads a file.
   *
   * @throws IOException naming the file and what is wrong with it, or what it asks for
   * @throws IllegalArgumentException if it is whole and not a supernet of OFA's MobileNetV3, or
   *     holds values that are not finite; the message names a tensor
   */
  public static TorchCheckpoint read(Path path) throws IOException {
    try (TorchFile file = TorchFile.open(path)) {
      Map<String, TorchTensor> entries = file.stateDict();
      try {
        return of(file, entries);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Returns the weights, with a fresh classifier if that of the file is for another number.
   *
   * @param seed of a fresh classifier
   */
  public Weights weightsFor(int classes, long seed) {
    return weights.withClassifierFor(
        new MobileNetV3(network.width(), network.stemStride(), classes),
        space(network.width()),
        seed);
  }

  private static TorchCheckpoint of(TorchFile file, Map<String, TorchTensor> entries)
      throws IOException {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    SortedSet<String> types = new TreeSet<>();
    entries.forEach(
        (name, tensor) -> {
          if (tensors.putIfAbsent(plain(name), tensor) != null) {
            throw new IllegalArgumentException("tensor " + name + " is there under two names");
          }
          types.add(tensor.storage().type().toString());
        });
    MobileNetV3 network = network(tensors);
    SearchSpace space = space(network.width());
    boolean transforms = tensors.keySet().stream().anyMatch(name -> name.endsWith("_matrix"));
    Weights.Builder builder = new Weights.Builder();
    for (TensorShape expected : Layout.supernet(network, space)) {
      TorchTensor tensor = tensors.remove(plain(expected.name()));
      if (tensor != null) {
        put(builder, expected, tensor, file);
      } else if (expected.role() == TensorShape.Role.COUNTER) {
        builder.putCounter(expected.name(), 0);
      } else if (expected.role() == TensorShape.Role.TRANSFORM && !transforms) {
        builder.put(expected.name(), expected.shape(), identity(expected.shape().get(0)));
      }
    }
    tensors.forEach(
        (name, tensor) -> {
          throw new IllegalArgumentException(
              "the weights hold tensor %s %s, which %s has not"
                  .formatted(name, tensor.shape(), network));
        });
    Weights weights = builder.build();
    weights.requireShapes(network, space);
    weights.requireFinite();
    return new TorchCheckpoint(
        weights,
        network,
        entries.size(),
        entries.keySet().stream().anyMatch(name -> name.contains(PUBLISHED)),
        transforms,
        types);
  }

  private static void put(
      Weights.Builder builder, TensorShape expected, TorchTensor tensor, TorchFile file)
      throws IOException {
    TorchType type = tensor.storage().type();
    boolean counter = expected.role() == TensorShape.Role.COUNTER;
    if (counter != (type == TorchType.INT64) || !tensor.shape().equals(expected.shape())) {
      throw new IllegalArgumentException(
          "tensor %s has type %s and shape %s, expected %s and %s"
              .formatted(
                  expected.name(),
                  type,
                  tensor.shape(),
                  counter ? TorchType.INT64 : "floating point",
                  expected.shape()));
    }
    if (counter) {
      builder.putCounter(expected.name(), file.counter(tensor));
    } else {
      builder.put(expected.name(), expected.shape(), file.floats(tensor));
    }
  }

  /** The name without what differs between versions of OFA and ways of training. */
  private static String plain(String name) {
    String bare = name.startsWith(PARALLEL) ? name.substring(PARALLEL.length()) : name;
    return Names.fixed(bare.replace(PUBLISHED, ".conv.")).replace(".linear.linear.", ".linear.");
  }

  private static MobileNetV3 network(Map<String, TorchTensor> tensors) {
    String name = Names.CLASSIFIER + ".weight";
    TorchTensor classifier = tensors.get(name);
    if (classifier == null) {
      throw new IllegalArgumentException(
          "it is no supernet of OFA's MobileNetV3: tensor " + name + " is missing");
    }
    if (classifier.shape().size() != 2 || classifier.size() == 0) {
      throw new IllegalArgumentException(
          "tensor %s has shape %s, expected [classes, features]"
              .formatted(name, classifier.shape()));
    }
    int classes = classifier.shape().get(0);
    int features = classifier.shape().get(1);
    Map<String, List<Integer>> shapes = new TreeMap<>();
    tensors.forEach((key, tensor) -> shapes.put(key, tensor.shape()));
    // Several widths may round to the same channels: the published ones first, then round numbers.
    double nearest = (double) features / BASE_FEATURES;
    return DoubleStream.concat(
            DoubleStream.of(1.0, 1.2),
            DoubleStream.concat(
                IntStream.range(5, 400).mapToDouble(hundredth -> hundredth / 100.0),
                DoubleStream.of(nearest)))
        .mapToObj(width -> new MobileNetV3(width, STEM_STRIDE, classes))
        .filter(network -> network.featureChannels() == features)
        .filter(network -> fits(network, shapes))
        .findFirst()
        .orElseGet(() -> new MobileNetV3(nearest, STEM_STRIDE, classes));
  }

  private static boolean fits(MobileNetV3 network, Map<String, List<Integer>> shapes) {
    return Layout.supernet(network, space(network.width())).stream()
        .allMatch(
            tensor ->
                tensor.shape().equals(shapes.getOrDefault(plain(tensor.name()), tensor.shape())));
  }

  // The layers that OFA's supernets choose from; a resolution shapes no tensor.
  private static SearchSpace space(double width) {
    return SearchSpace.nat(List.of(224), List.of(width));
  }

  private static float[] identity(int side) {
    float[] values = new float[side * side];
    for (int i = 0; i < side; i++) {
      values[i * side + i] = 1;
    }
    return values;
  }
}
