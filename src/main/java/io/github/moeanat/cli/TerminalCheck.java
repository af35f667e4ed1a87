package io.github.moeanat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds out whether standard error is a terminal, on which a line can be drawn again. */
final class TerminalCheck {

  /** System property by which launcher or user decides: {@code true} or {@code false}. */
  static final String PROPERTY = "moeanat.terminal";

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private TerminalCheck() {}

  static boolean isTerminal() {
    return isTerminal(
        Optional.ofNullable(System.getProperty(PROPERTY)),
        System.getenv(),
        target(STANDARD_ERROR),
        hasConsole());
  }

  /**
   * Decides by what is known.
   *
   * @param decided value of the property
   * @param standardError what standard error is, where the system tells
   * @param console whether Java sees a console. It looks at standard input and output only, and
   *     from Java 22 on at none, so it counts last
   */
  static boolean isTerminal(
      Optional<String> decided,
      Map<String, String> environment,
      Optional<String> standardError,
      boolean console) {
    if (decided.isPresent()) {
      return Boolean.parseBoolean(decided.get());
    }
    if ("dumb".equals(environment.get("TERM"))) {
      return false;
    }
    return standardError
        .map(
            device ->
                device.startsWith("/dev/pts/")
                    || device.startsWith("/dev/tty")
                    || device.equals("/dev/console"))
        .orElse(console);
  }

  // From Java 22 on there is a console even without a terminal: lines are the safe choice there.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    return Runtime.version().feature() < 22 && System.console() != null;
  }

  private static Optional<String> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
