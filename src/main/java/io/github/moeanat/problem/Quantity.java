package io.github.moeanat.problem;

/** Numbers as people write them: {@code 2e6}, {@code 600M}, {@code 1.5k}. */
public final class Quantity {

  private Quantity() {}

  /**
   * Returns the number of a text with an optional suffix k, M or G.
   *
   * @throws NumberFormatException if it is none
   */
  public static double parse(String text) {
    if (text.isEmpty()) {
      throw new NumberFormatException("empty");
    }
    double factor =
        switch (text.charAt(text.length() - 1)) {
          case 'k' -> 1e3;
          case 'M' -> 1e6;
          case 'G' -> 1e9;
          default -> 1;
        };
    String digits = factor == 1 ? text : text.substring(0, text.length() - 1);
    // Double.parseDouble takes a trailing type suffix, which is no number to a user.
    if (!Character.isDigit(digits.isEmpty() ? 'x' : digits.charAt(digits.length() - 1))
        && !digits.endsWith(".")) {
      throw new NumberFormatException(text);
    }
    return Double.parseDouble(digits) * factor;
  }
}
