package io.github.moeanat.cli;

import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.problem.Execution;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** A parsed command line with the console and the wish to stop that go with it. */
record Invocation(CommandLine line, Console console, Cancellation cancellation) {

  private static final String OWN_IMAGES = "folder";
  private static final List<String> MOVABLE = List.of("data.path", "latency.table");

  /** Returns the positional arguments, which must be as many as there are names. */
  List<String> arguments(String... names) {
    List<String> arguments = line.getArgList();
    if (arguments.size() < names.length) {
      throw new IllegalArgumentException("missing " + names[arguments.size()]);
    }
    if (arguments.size() > names.length) {
      throw new IllegalArgumentException(
          "unexpected argument '" + arguments.get(names.length) + "'");
    }
    return arguments;
  }

  /** Returns the name of the problem; images of one's own need none. */
  String problem() {
    return givenProblem()
        .orElseGet(() -> has(CommonOptions.DATA) ? OWN_IMAGES : arguments("PROBLEM").get(0));
  }

  /** Returns the name of the problem if there is one. */
  Optional<String> givenProblem() {
    return line.getArgList().isEmpty()
        ? Optional.empty()
        : Optional.of(arguments("PROBLEM").get(0));
  }

  boolean has(String option) {
    return line.hasOption(option);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(line.getOptionValue(option));
  }

  /**
   * Returns the keys and values of all {@code -X}, the last of a key winning, and the folder of
   * {@code --data}, which wins over all.
   */
  Map<String, String> overrides() {
    Map<String, String> overrides = new LinkedHashMap<>();
    String[] given = line.getOptionValues(CommonOptions.OVERRIDE);
    for (String text : given == null ? new String[0] : given) {
      for (String pair : text.split(";")) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
          throw new IllegalArgumentException("-X is '" + pair + "', expected key=value");
        }
        overrides.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
      }
    }
    value(CommonOptions.DATA)
        .ifPresent(
            folder -> overrides.put("data.path", Path.of(folder).toAbsolutePath().toString()));
    return overrides;
  }

  /**
   * Returns where files of a run that has begun lie now: the only keys of such a run that may
   * differ, for the run knows the hashes of their content.
   */
  Map<String, String> moved() {
    Map<String, String> moved = overrides();
    for (String key : moved.keySet()) {
      if (!MOVABLE.contains(key)) {
        throw new IllegalArgumentException(
            "-X: a run keeps the keys that it began with; only %s may name another place, not %s"
                .formatted(String.join(" and ", MOVABLE), key));
      }
    }
    return moved;
  }

  Execution execution() {
    Execution system = Execution.fromSystem();
    return new Execution(
        (int) whole("threads", 1, 1024).orElse((long) system.threads()).longValue(),
        value("device").orElse(system.device()),
        system.cache());
  }

  Optional<Long> seed() {
    return whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Returns the whole number of an option, or the given one if the option is absent. */
  int whole(String option, int absent, int low, int high) {
    return (int) whole(option, (long) low, (long) high).orElse((long) absent).longValue();
  }

  /** Returns the whole number of an option, if it is given. */
  Optional<Long> whole(String option, long low, long high) {
    return value(option)
        .map(
            text -> {
              try {
                long number = Long.parseLong(text);
                if (number >= low && number <= high) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Refused below like a number out of range.
              }
              throw new IllegalArgumentException(
                  "--%s is '%s', expected a whole number from %d to %d"
                      .formatted(option, text, low, high));
            });
  }

  /** Returns the one of some names that is meant, whatever its case. */
  static String named(String kind, String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> candidate.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no " + kind + " '" + name + "'" + Suggestions.forName(name, known)));
  }
}
