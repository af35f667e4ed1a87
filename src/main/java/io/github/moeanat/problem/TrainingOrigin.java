package io.github.moeanat.problem;

import com.google.gson.Gson;
import io.github.moeanat.data.DataSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a file of weights says of the images that they were trained on.
 *
 * @param data name of the data set
 * @param hash SHA-256 of its images, labels and split, in hexadecimal
 * @param classes names of its classes in the order of the labels, as a JSON array; an empty text if
 *     they are not known
 */
public record TrainingOrigin(String data, String hash, String classes) {

  /** The key of the names of the classes, wherever they are told. */
  public static final String CLASSES = "class_names";

  private static final String DATA = "data";
  private static final String HASH = "data_sha256";

  /** Returns what is to be said of a data set. */
  public static TrainingOrigin of(DataSet data) {
    List<String> names = data.classNames();
    return new TrainingOrigin(
        data.name(), data.hash(), names.isEmpty() ? "" : new Gson().toJson(names));
  }

  /** Returns what the file says, by key. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>(Map.of(DATA, data, HASH, hash));
    if (!classes.isEmpty()) {
      metadata.put(CLASSES, classes);
    }
    return metadata;
  }

  /** Returns what a file says, if it says it. */
  static Optional<TrainingOrigin> of(Map<String, String> metadata) {
    return metadata.containsKey(DATA) && metadata.containsKey(HASH)
        ? Optional.of(
            new TrainingOrigin(
                metadata.get(DATA), metadata.get(HASH), metadata.getOrDefault(CLASSES, "")))
        : Optional.empty();
  }

  /** Whether a classifier for the one says nothing of the other, as far as that is known. */
  boolean isOfOtherClassesThan(TrainingOrigin other) {
    boolean bothKnown = !classes.isEmpty() && !other.classes.isEmpty();
    return !data.equals(other.data) || (bothKnown && !classes.equals(other.classes));
  }

  /** Whether the weights may have seen images that another split keeps for validation or test. */
  boolean isOtherSplitOf(TrainingOrigin other) {
    return !isOfOtherClassesThan(other) && !hash.equals(other.hash);
  }
}
