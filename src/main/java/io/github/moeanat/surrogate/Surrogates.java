package io.github.moeanat.surrogate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The surrogates by name. */
public final class Surrogates {

  private static final Map<String, Supplier<Surrogate>> KNOWN =
      new TreeMap<>(
          Map.of(
              RbfSurrogate.NAME, RbfSurrogate::new,
              RbfEnsembleSurrogate.NAME, RbfEnsembleSurrogate::new));

  private Surrogates() {}

  /** The names that {@link #byName} knows, in alphabetical order. */
  public static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /**
   * Returns a new surrogate with its default settings.
   *
   * @param name its name, in any case
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Surrogate byName(String name) {
    Supplier<Surrogate> surrogate = KNOWN.get(name.toLowerCase(Locale.ROOT));
    if (surrogate == null) {
      throw new IllegalArgumentException(
          "no surrogate is named '" + name + "', expected one of " + String.join(", ", names()));
    }
    return surrogate.get();
  }
}
