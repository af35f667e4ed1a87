package io.github.moeanat.jmetal;

import io.github.moeanat.internal.Requires;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.configuration.ConfigurationException;

/** Properties of an algorithm, each checked when it is read. */
final class Options {

  private static final int FEWEST = 4;

  private final TypedProperties properties = new TypedProperties();

  /** Takes properties over, so that what others have read of them does not count. */
  Options(TypedProperties given) {
    given.keySet().forEach(key -> properties.setString(key, given.getString(key)));
    // The framework's tools hand it to every algorithm.
    properties.getString("epsilon", "");
  }

  /**
   * Returns a whole number.
   *
   * @throws IllegalArgumentException if it is below {@code low}
   */
  int atLeast(String key, int usual, int low) {
    return Requires.atLeast(
        key, read(key, "a whole number", () -> properties.getInt(key, usual)), low);
  }

  /**
   * Returns the size of a population.
   *
   * @throws IllegalArgumentException if it is odd, which jMetal's pairwise mating does not do
   */
  int populationSize() {
    int size = atLeast("populationSize", 100, FEWEST);
    if (size % 2 != 0) {
      throw new IllegalArgumentException("populationSize is " + size + ", expected an even number");
    }
    return size;
  }

  /**
   * Returns a probability.
   *
   * @throws IllegalArgumentException if it is none
   */
  double probability(String key, double usual) {
    return Requires.inRange(
        key, read(key, "a number", () -> properties.getDouble(key, usual)), 0, 1);
  }

  /**
   * Returns a number that is not negative.
   *
   * @throws IllegalArgumentException if it is, or is not a number
   */
  double notNegative(String key, double usual) {
    return Requires.inRange(
        key, read(key, "a number", () -> properties.getDouble(key, usual)), 0, Double.MAX_VALUE);
  }

  /**
   * Returns the first of some numbers, as the framework's tools give one for each objective.
   *
   * @throws IllegalArgumentException if it is negative, or one of them is not a number
   */
  double firstNotNegative(String key, double usual) {
    double[] values =
        read(
            key,
            "numbers with commas between",
            () -> properties.getDoubleArray(key, new double[] {usual}));
    return values.length == 0 ? usual : Requires.inRange(key, values[0], 0, Double.MAX_VALUE);
  }

  private <T> T read(String key, String expected, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is '%s', expected %s".formatted(key, properties.getString(key, ""), expected), e);
    }
  }

  /** Whether a property is given. */
  boolean has(String key) {
    return properties.contains(key);
  }

  /**
   * Returns one of several words.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  <E extends Enum<E>> E choice(String key, E usual, Class<E> type) {
    String value = properties.getString(key, usual.name());
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is '%s', expected one of %s"
                        .formatted(key, value, Arrays.toString(type.getEnumConstants()))));
  }

  /**
   * Returns a point in objective space; the origin if none is given.
   *
   * @throws IllegalArgumentException if it has another number of coordinates
   */
  List<Double> point(String key, int objectives) {
    double[] point =
        read(
            key,
            "numbers with commas between",
            () -> properties.getDoubleArray(key, new double[objectives]));
    if (point.length != objectives) {
      throw new IllegalArgumentException(
          "%s has %d numbers, expected %d, one for each objective"
              .formatted(key, point.length, objectives));
    }
    return Arrays.stream(point).boxed().toList();
  }

  /**
   * Refuses properties that nobody has asked for.
   *
   * @throws FrameworkException if there are any; the message names those that are known
   */
  void refuseUnread() {
    try {
      properties.throwIfUnaccessedProperties();
    } catch (ConfigurationException e) {
      throw new FrameworkException(
          e.getMessage() + "; expected some of " + String.join(", ", known()), e);
    }
  }

  private List<String> known() {
    return properties.getAccessedProperties().stream().sorted().toList();
  }
}
