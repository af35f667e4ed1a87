package io.github.moeanat.problem;

import io.github.moeanat.internal.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The keys of one property file with overrides on top, read strictly: every refusal names where the
 * value stands, the key, the value and what was expected.
 */
public final class PropertyFile {

  private static final String OVERRIDE = "-X";

  private final String source;
  private final Map<String, String> values;
  private final Set<String> overridden;
  private final Map<String, String> replaced = new LinkedHashMap<>();
  private final Set<String> read = new TreeSet<>();
  private final Map<String, String> defaults = new LinkedHashMap<>();

  /**
   * Creates the properties of a file.
   *
   * @param source where the values stand, for messages
   * @param values keys and values of the file
   * @param overrides keys and values that win over the file
   */
  public PropertyFile(String source, Map<String, String> values, Map<String, String> overrides) {
    this.source = source;
    this.values = new LinkedHashMap<>(values);
    this.values.putAll(overrides);
    overrides.keySet().stream()
        .filter(values::containsKey)
        .forEach(key -> replaced.put(key, values.get(key)));
    this.overridden = Set.copyOf(overrides.keySet());
  }

  /** Where the values stand. */
  public String source() {
    return source;
  }

  /** Returns all keys and values, overrides included. */
  public Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** Returns what the file says of a key that is overridden; empty if nothing. */
  public Optional<String> replaced(String key) {
    return Optional.ofNullable(replaced.get(key));
  }

  /** Returns all keys and values, and the defaults of the absent keys that were read so far. */
  public Map<String, String> resolved() {
    Map<String, String> resolved = new LinkedHashMap<>(defaults);
    resolved.putAll(values);
    resolved.values().removeIf(String::isBlank);
    return resolved;
  }

  private static String written(Object value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  /** Returns the keys that were read so far, whether they were there or not. */
  public Set<String> keysRead() {
    return Set.copyOf(read);
  }

  /** Returns the text of a key, or the given one if the key is absent. */
  public String text(String key, String absent) {
    return value(key, absent, "a text", Function.identity());
  }

  /**
   * Returns the text of a key.
   *
   * @throws IllegalArgumentException if the key is absent
   */
  public String text(String key) {
    if (!values.containsKey(key)) {
      throw new IllegalArgumentException(source + ": key '" + key + "' is missing");
    }
    return text(key, "");
  }

  /** Returns a whole number from {@code low} to {@code high}, or the given one if absent. */
  public int integer(String key, int absent, int low, int high) {
    String expected = "a whole number from " + low + " to " + high;
    return value(
        key, absent, expected, text -> inRange(Integer.parseInt(text), low, high).intValue());
  }

  /** Returns a number from {@code low} to {@code high}, or the given one if absent. */
  public double number(String key, double absent, double low, double high) {
    String expected =
        low == Double.MIN_NORMAL && high == Double.MAX_VALUE
            ? "a number above 0"
            : "a number from " + low + " to " + high;
    return value(
        key, absent, expected, text -> inRange(Quantity.parse(text), low, high).doubleValue());
  }

  /** Returns one of some names, or the first if absent. */
  public String choice(String key, List<String> names) {
    return value(
        key,
        names.get(0),
        "one of " + String.join(", ", names),
        text -> {
          if (!names.contains(text)) {
            throw new IllegalArgumentException("not one of them");
          }
          return text;
        });
  }

  /** Returns a comma-separated list, or the given one if the key is absent. */
  public <T> List<T> list(String key, List<T> absent, String expected, Function<String, T> parser) {
    return value(
        key,
        absent,
        "a comma-separated list of " + expected,
        text -> {
          List<T> items = new ArrayList<>();
          for (String item : text.split(",", -1)) {
            items.add(parser.apply(item.trim()));
          }
          return List.copyOf(items);
        });
  }

  /**
   * Returns a comma-separated list, which is empty if the key is absent or has an empty text.
   *
   * @throws IllegalArgumentException if an item is not as expected
   */
  public <T> List<T> listOrNone(String key, String expected, Function<String, T> parser) {
    if (values.getOrDefault(key, "").isBlank()) {
      return value(key, List.of(), "", text -> List.of());
    }
    return list(key, List.of(), expected, parser);
  }

  /**
   * Refuses keys that nothing has read.
   *
   * @param known keys that are right, for suggestions
   * @throws IllegalArgumentException if a key was never read
   */
  public void refuseUnread(Collection<String> known) {
    for (String key : values.keySet()) {
      if (!read.contains(key)) {
        Set<String> names = new TreeSet<>(read);
        names.addAll(known);
        throw new IllegalArgumentException(
            place(key) + ": unknown key '" + key + "'" + Suggestions.forName(key, names));
      }
    }
  }

  /** Returns the message for a value that is well formed and still wrong. */
  public IllegalArgumentException refusal(String key, String expected) {
    return new IllegalArgumentException(
        "%s: %s is '%s', expected %s".formatted(place(key), key, values.get(key), expected));
  }

  /** Returns what a parser makes of a key's text, or the given value if the key is absent. */
  <T> T value(String key, T absent, String expected, Function<String, T> parser) {
    read.add(key);
    String text = values.get(key);
    if (text == null) {
      defaults.put(key, written(absent));
      return absent;
    }
    try {
      return parser.apply(text.trim());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(refusal(key, expected).getMessage(), e);
    }
  }

  private static Number inRange(Number value, double low, double high) {
    if (!(value.doubleValue() >= low && value.doubleValue() <= high)) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  /** Whether a key has its value from an override. */
  public boolean isOverridden(String key) {
    return overridden.contains(key);
  }

  /** Where the value of a key stands, for messages. */
  public String place(String key) {
    return isOverridden(key) ? OVERRIDE : source;
  }
}
