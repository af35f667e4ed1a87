package io.github.moeanat.cli;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.commons.cli.Options;

/** One command of {@code nat}. */
interface Command {

  /** What is typed. */
  String name();

  /** What stands behind the name on the command line, for example {@code PROBLEM [options]}. */
  String usage();

  /** One line about the command. */
  String summary();

  /** The options that the command takes. */
  Options options();

  /**
   * Runs the command.
   *
   * @throws IllegalArgumentException if the input is wrong
   * @throws CancellationException if the user asked to stop
   * @throws IOException if a file can't be read or written
   */
  void run(Invocation invocation) throws IOException;
}
