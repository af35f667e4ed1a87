package io.github.moeanat.data;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The data sets by name. */
public final class DataSets {

  @FunctionalInterface
  private interface Loader {
    DataSet load() throws IOException;
  }

  private static final Map<String, Loader> KNOWN =
      new TreeMap<>(Map.of(DigitsDataSet.NAME, DigitsDataSet::load));

  private DataSets() {}

  /** The names that {@link #byName} knows, in alphabetical order. */
  public static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /**
   * Loads a data set.
   *
   * @param name its name, in any case
   * @throws IllegalArgumentException if there is none of that name
   * @throws IOException if its files cannot be read or are damaged
   */
  public static DataSet byName(String name) throws IOException {
    Loader loader = KNOWN.get(name.toLowerCase(Locale.ROOT));
    if (loader == null) {
      throw new IllegalArgumentException(
          "no data set is named '" + name + "', expected one of " + String.join(", ", names()));
    }
    return loader.load();
  }
}
