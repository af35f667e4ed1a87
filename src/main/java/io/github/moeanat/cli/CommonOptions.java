package io.github.moeanat.cli;

import io.github.moeanat.evaluation.LatencySettings;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options that several commands share. */
final class CommonOptions {

  static final String OVERRIDE = "X";

  /** The folder of the data set. */
  static final String DATA = "data";

  private static final String BATCH = "batch";
  private static final String WARM_UP = "warm-up";
  private static final String REPEATS = "repeats";

  private CommonOptions() {}

  /** Options of every command. */
  static Options basic() {
    return new Options()
        .addOption(flag("json", "print the result as JSON"))
        .addOption(flag("quiet", "print results, warnings and errors only"))
        .addOption(flag("verbose", "print details, and stack traces of errors"))
        .addOption(flag("help", "explain the command"));
  }

  /** Options of commands that run networks. */
  static Options running() {
    return onDevice(basic())
        .addOption(valued(DATA, "DIR", "folder of the data set; without PROBLEM, of class folders"))
        .addOption(override("use this value of a problem's or algorithm's key; may be repeated"));
  }

  /** Options of commands that run the networks of a run that has begun. */
  static Options ofRun() {
    return onDevice(basic())
        .addOption(valued(DATA, "DIR", "where the run's data set lies now"))
        .addOption(override("latency.table=FILE: where the run's table lies now"));
  }

  private static Options onDevice(Options options) {
    return options
        .addOption(valued("threads", "N", "workers; the result does not depend on them"))
        .addOption(valued("device", "NAME", "cpu (the default), gpu or gpu:N"));
  }

  static Option override(String description) {
    return Option.builder(OVERRIDE).hasArg().argName("key=value").desc(description).build();
  }

  /**
   * Options of commands that measure time.
   *
   * @param data what the folder of a data set is for
   * @param keys what can be overridden
   */
  static Options timing(String data, String keys) {
    return basic()
        .addOption(valued(DATA, "DIR", data))
        .addOption(override(keys))
        .addOption(valued(BATCH, "N", "images that run through the network together; 1 if absent"))
        .addOption(valued("threads", "N", "threads of a tensor operation; 1 if absent"))
        .addOption(valued(WARM_UP, "N", "passes before those that are counted; 10 if absent"))
        .addOption(valued(REPEATS, "N", "passes that are counted, 6 or more; 50 if absent"))
        .addOption(valued("seed", "N", "seed of images, drawn weights and order; 1 if absent"))
        .addOption(valued("device", "NAME", "cpu (the default), gpu or gpu:N"));
  }

  /** Returns what the options of {@link #timing} say. */
  static LatencySettings timing(Invocation invocation) {
    return new LatencySettings(
        invocation.whole(BATCH, 1, 1, 1024),
        invocation.whole("threads", 1, 1, 1024),
        invocation.whole(WARM_UP, 10, 0, 1_000_000),
        invocation.whole(REPEATS, 50, LatencySettings.FEWEST_REPEATS, 1_000_000),
        invocation.seed().orElse(1L));
  }

  static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).build();
  }

  static Option valued(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).build();
  }
}
