package io.github.moeanat.cli;

import io.github.moeanat.internal.Progress;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** Where a command prints: results to standard output, everything else to standard error. */
public final class Console {

  private static final int DEFAULT_COLUMNS = 80;

  /** How much is said. */
  public enum Level {
    /** Results and errors. */
    QUIET,
    /** Also what is being done. */
    NORMAL,
    /** Also details and stack traces. */
    VERBOSE
  }

  private final PrintStream out;
  private final PrintStream err;
  private final Level level;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final int columns;
  private volatile boolean barShown;

  Console(
      PrintStream out,
      PrintStream err,
      Level level,
      boolean terminal,
      LongSupplier nanoTime,
      int columns) {
    this.out = out;
    this.err = err;
    this.level = level;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.columns = columns;
  }

  /** Returns the console of this process. */
  public static Console system(Level level) {
    return new Console(
        System.out, System.err, level, TerminalCheck.isTerminal(), System::nanoTime, columns());
  }

  /** Prints a line of the result. */
  public void result(String line) {
    if (barShown) {
      err.print(erased());
      err.flush();
    }
    out.print(line + "\n");
    out.flush();
  }

  /** Says what is being done, unless quiet. */
  public void info(String line) {
    if (level != Level.QUIET) {
      say(line);
    }
  }

  /** Says something that only helps to understand, if verbose. */
  public void detail(String line) {
    if (level == Level.VERBOSE) {
      say(line);
    }
  }

  /** Says that something is not as it should be and the work goes on. */
  public void warning(String line) {
    say("warning: " + line);
  }

  /** Says why the work can't go on. */
  public void error(String line) {
    say("error: " + line);
  }

  /** Says why the work can't go on, if verbose with the place in the program. */
  public void error(String line, Throwable cause) {
    error(line);
    if (level == Level.VERBOSE) {
      cause.printStackTrace(err);
    }
  }

  /**
   * Returns a progress that is shown here: on a terminal as a bar with the remaining time, else as
   * a line now and then, not at all if quiet.
   *
   * @param cancellation makes {@link Progress.Phase#step()} throw once it is requested
   */
  public Progress progress(Cancellation cancellation) {
    return new ConsoleProgress(this, cancellation);
  }

  boolean isQuiet() {
    return level == Level.QUIET;
  }

  boolean isTerminal() {
    return terminal;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Where a bar is drawn. */
  PrintStream barStream() {
    return err;
  }

  /** How long a bar may be: in the last column some terminals would begin a new line. */
  int barWidth() {
    return columns - 1;
  }

  void setBarShown(boolean shown) {
    barShown = shown;
  }

  // In one print, as the bar's own thread may draw between two.
  private void say(String line) {
    err.print((barShown ? erased() : "") + line + "\n");
    err.flush();
  }

  private String erased() {
    return "\r" + " ".repeat(barWidth()) + "\r";
  }

  private static int columns() {
    try {
      return Math.max(20, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "")));
    } catch (NumberFormatException e) {
      return DEFAULT_COLUMNS;
    }
  }
}
