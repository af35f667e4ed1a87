package io.github.moeanat.problem;

import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.DataSettings;
import io.github.moeanat.data.SplitSize;

/** The keys of a problem file that say which images it is about. */
final class DataKeys {

  /** Where the data set lies. */
  static final String PATH = "data.path";

  private static final int MAX_SIDE = 4096;

  private DataKeys() {}

  /**
   * Reads the keys.
   *
   * @param largest largest side that a network is given, in pixels; what images are kept at unless
   *     the file says otherwise
   */
  static DataSettings read(PropertyFile file, int largest) {
    String name = file.text("data");
    if (!DataSets.names().contains(name)) {
      throw file.refusal("data", "one of " + String.join(", ", DataSets.names()));
    }
    return new DataSettings(
        name,
        file.text(PATH, ""),
        size(file, "data.validation"),
        size(file, "data.test"),
        file.integer("data.seed", 1, 0, Integer.MAX_VALUE),
        file.integer("data.cacheSide", Math.min(largest, MAX_SIDE), 1, MAX_SIDE),
        file.number("data.maxCorrupt", 0.01, 0, 1));
  }

  private static SplitSize size(PropertyFile file, String key) {
    return file.value(
        key,
        SplitSize.OFFICIAL,
        "official, a share below 1 or a number of images",
        SplitSize::parse);
  }
}
