package io.github.moeanat.experiment.bench;

import io.github.moeanat.internal.Requires;
import java.util.List;
import java.util.OptionalInt;

/**
 * How much is measured.
 *
 * @param sections which figures
 * @param cases names of the cases that are measured, for sections that have cases
 * @param repeats rounds; what is compared is measured in turn in each of them
 * @param images validation images of a measured subnet; empty for as many as each case wants
 * @param seconds how long workers and processes are watched in a round, at least
 * @param measurements how many subnets are measured to see the memory
 */
public record BenchSettings(
    List<BenchSection> sections,
    List<String> cases,
    int repeats,
    OptionalInt images,
    int seconds,
    int measurements) {

  /** Of fewer the second half says nothing. */
  public static final int FEWEST_MEASUREMENTS = 40;

  /** Copies the lists and checks the numbers. */
  public BenchSettings {
    sections = List.copyOf(sections);
    cases = List.copyOf(cases);
    Requires.atLeast("repeats", repeats, 1);
    Requires.atLeast("images", images.orElse(1), 1);
    Requires.atLeast("seconds", seconds, 0);
    Requires.atLeast("measurements", measurements, FEWEST_MEASUREMENTS);
  }
}
