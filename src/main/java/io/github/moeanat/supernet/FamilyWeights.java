package io.github.moeanat.supernet;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of supernets that stand side by side, one for each width multiplier; immutable.
 *
 * @param members weights by width, ascending
 */
public record FamilyWeights(Map<Double, Weights> members) {

  /** Copies the map and checks that it is not empty. */
  public FamilyWeights {
    Requires.atLeast("number of widths", members.size(), 1);
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }

  /** Returns the family of a single supernet. */
  public static FamilyWeights of(double width, Weights weights) {
    return new FamilyWeights(Map.of(width, weights));
  }

  /** The widths, ascending. */
  public List<Double> widths() {
    return List.copyOf(members.keySet());
  }

  /**
   * Returns the weights of a width.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Weights get(double width) {
    Weights weights = members.get(width);
    if (weights == null) {
      throw new IllegalArgumentException(
          "there are no weights of width %s, only of %s".formatted(width, widths()));
    }
    return weights;
  }

  /**
   * Returns the SHA-256 of widths and weights, in hexadecimal; that of its only member for a family
   * of one.
   */
  public String hash() {
    if (members.size() == 1) {
      return members.values().iterator().next().hash();
    }
    MessageDigest digest = Sha256.digest();
    members.forEach(
        (width, weights) ->
            digest.update(
                "%s %s;".formatted(width, weights.hash()).getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }
}
