package io.github.moeanat.data;

/**
 * How many images are split off.
 *
 * @param amount a share below 1, or a number of images, or 0 for the split that a data set comes
 *     with
 */
public record SplitSize(double amount) {

  /** The split that a data set comes with. */
  public static final SplitSize OFFICIAL = new SplitSize(0);

  private static final String WORD = "official";

  /**
   * Returns the size of a text.
   *
   * @throws IllegalArgumentException if it is neither {@code official} nor a positive number
   */
  public static SplitSize parse(String text) {
    if (text.equals(WORD)) {
      return OFFICIAL;
    }
    double amount = Double.parseDouble(text);
    if (!(amount > 0 && amount < Integer.MAX_VALUE)
        || (amount > 1 && amount != Math.rint(amount))) {
      throw new IllegalArgumentException("neither a share nor a number");
    }
    return new SplitSize(amount);
  }

  boolean isOfficial() {
    return amount == 0;
  }

  /** Returns the number of images that are split off. */
  int of(int images) {
    return (int) (amount < 1 ? Math.round(amount * images) : amount);
  }

  @Override
  public String toString() {
    return isOfficial() ? WORD : amount < 1 ? String.valueOf(amount) : String.valueOf((int) amount);
  }
}
