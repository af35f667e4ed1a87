package io.github.moeanat.testing;

import io.github.moeanat.internal.Progress;
import java.util.List;

/** Keeps what a user would be told. */
public final class Warnings {

  private Warnings() {}

  /** Returns progress that shows nothing and adds every warning to a list. */
  public static Progress into(List<String> warnings) {
    return new Progress() {
      @Override
      public Phase begin(String name, long steps) {
        return NONE.begin(name, steps);
      }

      @Override
      public void warning(String message) {
        warnings.add(message);
      }
    };
  }
}
