package io.github.moeanat.problem;

import java.util.Map;
import java.util.Optional;

/**
 * What a file of weights says of the images that they were trained on.
 *
 * @param data name of the data set
 * @param hash SHA-256 of its images, labels and split, in hexadecimal
 */
public record TrainingOrigin(String data, String hash) {

  private static final String DATA = "data";
  private static final String HASH = "data_sha256";

  /** Returns what the file says, by key. */
  public Map<String, String> metadata() {
    return Map.of(DATA, data, HASH, hash);
  }

  /** Returns what a file says, if it says it. */
  static Optional<TrainingOrigin> of(Map<String, String> metadata) {
    return metadata.containsKey(DATA) && metadata.containsKey(HASH)
        ? Optional.of(new TrainingOrigin(metadata.get(DATA), metadata.get(HASH)))
        : Optional.empty();
  }

  /** Whether the weights may have seen images that another split keeps for validation or test. */
  boolean isOtherSplitOf(TrainingOrigin other) {
    return data.equals(other.data) && !hash.equals(other.hash);
  }
}
