package io.github.moeanat.problem;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a problem file is about, which decides its other keys. */
public enum ProblemKind {
  /** Subnets of supernets, measured on images. */
  SUPERNET,
  /** A table of what was measured before. */
  TABLE;

  private static final String KEY = "kind";
  private static final List<String> IDS = Arrays.stream(values()).map(ProblemKind::id).toList();

  /** Returns the kind that a file names. */
  public static ProblemKind of(PropertyFile file) {
    return valueOf(file.choice(KEY, IDS).toUpperCase(Locale.ROOT));
  }

  /**
   * Refuses files of another kind.
   *
   * @throws IllegalArgumentException if the file is of another kind
   */
  public void require(PropertyFile file) {
    if (of(file) != this) {
      throw new IllegalArgumentException(
          "%s: kind is '%s', expected %s".formatted(file.place(KEY), of(file).id(), expected()));
    }
  }

  private String expected() {
    return this == SUPERNET
        ? "supernet: a table has no network to run; nat table shows it"
        : "table: nat list problems says which are";
  }

  private String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
