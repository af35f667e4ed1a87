package io.github.moeanat.cli;

import java.awt.AWTError;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.util.Arrays;
import java.util.Optional;
import org.moeaframework.analysis.diagnostics.LaunchDiagnosticTool;
import org.moeaframework.analysis.tools.Main;

/**
 * The framework's own programs, with this project on their class path. They are started as they
 * are: their arguments, output and exit codes are the framework's.
 */
enum FrameworkProgram {
  /** The window that runs algorithms on problems and plots indicators. */
  DIAGNOSTICS("diagnostics", "", "open the MOEA Framework's diagnostic tool") {
    @Override
    Optional<String> obstacle() {
      try {
        GraphicsEnvironment.getLocalGraphicsEnvironment().getDefaultScreenDevice();
        return Optional.empty();
      } catch (HeadlessException | AWTError | LinkageError e) {
        // What these say runs over several lines, or names a library of the JDK.
        String display = System.getenv("DISPLAY");
        return Optional.of(
            "diagnostics needs a display, and a Java that has windows; DISPLAY is "
                + (display == null ? "not set" : "'" + display + "'"));
      }
    }

    @Override
    void run(String[] arguments) throws Exception {
      LaunchDiagnosticTool.main(arguments);
    }
  },

  /** The command line. */
  MOEA(
      "moea",
      "[COMMAND ...]",
      "the MOEA Framework's own commands, Solve and so on: nat moea lists them") {
    @Override
    void run(String[] arguments) throws Exception {
      Main.main(arguments);
    }
  };

  private final String word;
  private final String usage;
  private final String summary;

  FrameworkProgram(String word, String usage, String summary) {
    this.word = word;
    this.usage = usage;
    this.summary = summary;
  }

  /** Returns the program that a word stands for. */
  static Optional<FrameworkProgram> named(String word) {
    return Arrays.stream(values()).filter(program -> program.word.equals(word)).findFirst();
  }

  /** What is typed. */
  String word() {
    return word;
  }

  /** What stands behind the word on the command line. */
  String usage() {
    return usage;
  }

  /** One line about the program. */
  String summary() {
    return summary;
  }

  /** Says why the program can't start here; empty if it can. */
  Optional<String> obstacle() {
    return Optional.empty();
  }

  /**
   * Runs the program, which may go on in threads of its own afterwards.
   *
   * @throws Exception whatever the program throws
   */
  abstract void run(String[] arguments) throws Exception;
}
