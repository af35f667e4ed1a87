package io.github.moeanat.supernet;

import io.github.moeanat.space.MobileNetV3;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a file of weights says of the network they were trained in. With other strides or
 * activations the weights fit, and are of no use; of another width they don't fit.
 */
public final class NetworkMetadata {

  private static final String WIDTH = "width";
  private static final String STEM_STRIDE = "stem_stride";
  private static final String STRIDES = "strides";
  private static final String ACTIVATION = "activation";
  private static final Map<String, String> PROBLEM_KEYS =
      Map.of(WIDTH, WIDTH, STEM_STRIDE, "stem.stride", STRIDES, STRIDES, ACTIVATION, ACTIVATION);

  private NetworkMetadata() {}

  /** Returns what a file of a network's weights says, by key. */
  public static Map<String, String> of(MobileNetV3 network) {
    return Map.of(
        WIDTH,
        String.valueOf(network.width()),
        STEM_STRIDE,
        String.valueOf(network.stemStride()),
        STRIDES,
        network.strides().stream().map(String::valueOf).collect(Collectors.joining(",")),
        ACTIVATION,
        network.activations().name().toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses weights of another network.
   *
   * @param metadata of a file; what it does not say is not checked
   * @throws IllegalArgumentException if it says something else than what is true of the network
   */
  public static void requireSame(Map<String, String> metadata, MobileNetV3 network) {
    Map<String, String> expected = of(network);
    for (String key : List.of(WIDTH, STEM_STRIDE, STRIDES, ACTIVATION)) {
      String found = metadata.getOrDefault(key, expected.get(key));
      if (!found.equals(expected.get(key))) {
        throw new IllegalArgumentException(
            "the weights are of a network with %1$s = %2$s, the problem has %1$s = %3$s"
                .formatted(PROBLEM_KEYS.get(key), found, expected.get(key)));
      }
    }
  }
}
