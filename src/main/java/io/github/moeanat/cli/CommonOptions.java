package io.github.moeanat.cli;

import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options that several commands share. */
final class CommonOptions {

  static final String OVERRIDE = "X";

  /** The folder of the data set. */
  static final String DATA = "data";

  private CommonOptions() {}

  /** Options of every command. */
  static Options basic() {
    return new Options()
        .addOption(flag("json", "print the result as JSON"))
        .addOption(flag("quiet", "print results and errors only"))
        .addOption(flag("verbose", "print details, and stack traces of errors"))
        .addOption(flag("help", "explain the command"))
        .addOption(
            Option.builder(OVERRIDE)
                .hasArg()
                .argName("key=value")
                .desc("use this value of a problem's or algorithm's key; may be repeated")
                .build());
  }

  /** Options of commands that run networks. */
  static Options running() {
    return basic()
        .addOption(valued("threads", "N", "workers; the result does not depend on them"))
        .addOption(valued("device", "NAME", "cpu (the default), gpu or gpu:N"))
        .addOption(
            valued(DATA, "DIR", "folder of the data set; without PROBLEM, of class folders"));
  }

  static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).build();
  }

  static Option valued(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).build();
  }
}
