package io.github.moeanat.problem.table;

import io.github.moeanat.internal.Suggestions;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One row of a table file.
 *
 * @param place file and line, for messages
 * @param cells texts by column
 */
record TableRow(String place, Map<String, String> cells) {

  /** Decimal numbers; Java's own parser takes hexadecimal ones and suffixes of types, too. */
  static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  String text(String column) {
    String text = cells.get(column);
    if (text == null) {
      throw new IllegalArgumentException(
          "%s: no column '%s'%s"
              .formatted(place, column, Suggestions.forName(column, cells.keySet())));
    }
    return text;
  }

  double number(String column) {
    String text = text(column).strip();
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw refusal(column, "a finite number");
    }
    return value;
  }

  int whole(String column, int low, int high) {
    double value = number(column);
    if (value != Math.rint(value) || value < low || value > high) {
      throw refusal(column, "a whole number from %d to %d".formatted(low, high));
    }
    return (int) value;
  }

  IllegalArgumentException refusal(String column, String expected) {
    return new IllegalArgumentException(
        "%s: column %s is '%s', expected %s".formatted(place, column, cells.get(column), expected));
  }

  /** Returns the message for a row of the architecture of an earlier one. */
  IllegalArgumentException repeats(TableRow earlier) {
    return new IllegalArgumentException(
        "%s is the same architecture as %s, expected each once".formatted(place, earlier.place()));
  }
}
