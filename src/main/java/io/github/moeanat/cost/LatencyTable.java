package io.github.moeanat.cost;

import io.github.moeanat.internal.Sha256;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleFunction;

/**
 * The latency of every part of a network on some machine. The latency of a subnet is the sum of its
 * parts' latencies. May be used by several threads.
 */
public final class LatencyTable implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final Map<String, Double> byKey;

  // Keys are long texts; a part's is made once.
  private final transient Map<Part, Double> byPart = new ConcurrentHashMap<>();

  /**
   * Creates a table.
   *
   * @param source where it was read, for messages
   * @param milliseconds by {@link Part#key}
   */
  public LatencyTable(String source, Map<String, Double> milliseconds) {
    this.source = source;
    byKey = Map.copyOf(milliseconds);
  }

  /**
   * Returns the latency of parts one after the other in ms.
   *
   * @throws IllegalArgumentException if the table lacks one; the message names its key
   */
  public double milliseconds(List<Part> parts) {
    double sum = 0;
    for (Part part : parts) {
      Double known = byPart.get(part);
      sum += known == null ? find(part) : known;
    }
    return sum;
  }

  /**
   * Checks that the table has every part of a space.
   *
   * @param networks the network of a width
   * @throws IllegalArgumentException if it lacks one; the message names the first one's key
   */
  public void requireAll(SearchSpace space, DoubleFunction<MobileNetV3> networks) {
    Part.covering(space)
        .forEach(
            architecture ->
                milliseconds(Part.of(architecture, networks.apply(architecture.width()))));
  }

  /** Returns the SHA-256 of all entries, in hexadecimal. */
  public String hash() {
    return Sha256.of(new TreeMap<>(byKey).toString());
  }

  private Object readResolve() {
    return new LatencyTable(source, byKey);
  }

  private double find(Part part) {
    Double found = byKey.get(part.key());
    if (found == null) {
      throw new IllegalArgumentException(source + " has no entry " + part.key());
    }
    byPart.put(part, found);
    return found;
  }
}
