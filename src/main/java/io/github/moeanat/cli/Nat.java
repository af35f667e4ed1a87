package io.github.moeanat.cli;

import io.github.moeanat.experiment.PropertiesFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Suggestions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * The command {@code nat}. Exit codes: 0 done, 1 failed while running, 2 wrong input, 130
 * interrupted with everything saved.
 */
public final class Nat {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_INPUT = 2;
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";
  private static final String HEADLESS = "java.awt.headless";
  private static final int INTERRUPTED = 130;
  private static final long LONGEST_STEP_SECONDS = 60;
  private static final List<Command> COMMANDS =
      List.of(
          new SearchCommand(),
          new EvaluateCommand(),
          new ExportCommand(),
          new ImportCommand(),
          new PretrainCommand(),
          new MeasureCommand(),
          new LatencyTableCommand(),
          new TabulateCommand(),
          new TableCommand(),
          new BenchCommand(),
          new ListCommand());

  private final Console.Level level;
  private final Console console;
  private final Cancellation cancellation;

  private Nat(Console.Level level, Console console, Cancellation cancellation) {
    this.level = level;
    this.console = console;
    this.cancellation = cancellation;
  }

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @throws Exception what a program of the framework throws, so that the process ends as if it had
   *     been started itself
   */
  public static void main(String[] arguments) throws Exception {
    // The log is read by people here: one line each, like all other warnings.
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "warning: %5$s%n");
    }
    Optional<FrameworkProgram> program =
        Arrays.stream(arguments).findFirst().flatMap(FrameworkProgram::named);
    if (program.isPresent()) {
      start(program.get(), Arrays.copyOfRange(arguments, 1, arguments.length));
      return;
    }
    // Pictures are files; a display that is named and can't be reached would be an error.
    if (System.getProperty(HEADLESS) == null) {
      System.setProperty(HEADLESS, "true");
    }
    Cancellation cancellation = new Cancellation();
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              cancellation.request();
              try {
                // Native code must be left, and files finished, before the process ends.
                finished.await(LONGEST_STEP_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "nat-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    int code;
    try {
      code = run(arguments, cancellation);
    } finally {
      finished.countDown();
    }
    if (!cancellation.isRequested()) {
      System.exit(code);
    }
  }

  private static void start(FrameworkProgram program, String[] arguments) throws Exception {
    boolean help = Arrays.asList(arguments).contains("--help");
    Optional<String> obstacle = help ? Optional.empty() : program.obstacle();
    if (obstacle.isPresent()) {
      System.err.println("error: " + obstacle.get());
      System.exit(WRONG_INPUT);
    }
    program.run(arguments);
  }

  /** Runs a command and returns its exit code. */
  static int run(String[] arguments, Cancellation cancellation) {
    List<String> given = Arrays.asList(arguments);
    Console.Level level =
        given.contains("--quiet")
            ? Console.Level.QUIET
            : given.contains("--verbose") ? Console.Level.VERBOSE : Console.Level.NORMAL;
    return new Nat(level, Console.system(level), cancellation).run(given);
  }

  private int run(List<String> arguments) {
    try {
      dispatch(new ArrayList<>(arguments));
      return DONE;
    } catch (CancellationException e) {
      console.warning(String.valueOf(e.getMessage()));
      return INTERRUPTED;
    } catch (ParseException | IllegalArgumentException e) {
      console.error(oneLine(e), e);
      return WRONG_INPUT;
    } catch (UncheckedIOException e) {
      console.error(oneLine(e.getCause()), e);
      return FAILED;
    } catch (IOException | RuntimeException e) {
      console.error(oneLine(e), e);
      return FAILED;
    } catch (LinkageError e) {
      Throwable root = ExceptionUtils.getRootCause(e);
      console.error("can't start the deep-learning engine: " + oneLine(root), e);
      return FAILED;
    } catch (OutOfMemoryError e) {
      console.error("out of memory; give the Java heap more with NAT_JAVA_OPTIONS=-Xmx...", e);
      return FAILED;
    }
  }

  private void dispatch(List<String> arguments) throws IOException, ParseException {
    if (arguments.contains("--quiet") && arguments.contains("--verbose")) {
      throw new IllegalArgumentException("--quiet and --verbose exclude each other");
    }
    if (arguments.isEmpty() || List.of("--help", "-h").contains(arguments.get(0))) {
      overview();
      return;
    }
    if (arguments.get(0).equals("--version")) {
      console.result("moea-nat " + PropertiesFile.version());
      return;
    }
    String name = arguments.remove(0);
    if (name.equals("help")) {
      if (arguments.isEmpty() || arguments.get(0).equals("help")) {
        overview();
      } else {
        explain(arguments.get(0));
      }
      return;
    }
    Command command = command(name);
    if (arguments.contains("--help")) {
      explain(command.name(), command.usage(), command.summary(), command.options());
      return;
    }
    CommandLine line = parse(command, arguments);
    console.detail("level " + level + ", Java " + System.getProperty("java.version"));
    command.run(new Invocation(line, console, cancellation));
  }

  private static CommandLine parse(Command command, List<String> arguments) throws ParseException {
    Options options = command.options();
    try {
      return DefaultParser.builder()
          .setAllowPartialMatching(false)
          .build()
          .parse(options, arguments.toArray(new String[0]));
    } catch (MissingArgumentException e) {
      String option = e.getOption().getLongOpt();
      throw new IllegalArgumentException(
          (option == null ? "-" + e.getOption().getOpt() : "--" + option)
              + " needs a value: "
              + e.getOption().getArgName(),
          e);
    } catch (UnrecognizedOptionException e) {
      List<String> known =
          options.getOptions().stream()
              .map(
                  option ->
                      option.getLongOpt() == null
                          ? "-" + option.getOpt()
                          : "--" + option.getLongOpt())
              .toList();
      throw new IllegalArgumentException(
          "unknown option '" + e.getOption() + "'" + Suggestions.forName(e.getOption(), known), e);
    }
  }

  private static Command command(String name) {
    List<String> names = new ArrayList<>(COMMANDS.stream().map(Command::name).toList());
    for (Command command : COMMANDS) {
      if (command.name().equals(name)) {
        return command;
      }
    }
    Arrays.stream(FrameworkProgram.values()).map(FrameworkProgram::word).forEach(names::add);
    names.add("help");
    throw new IllegalArgumentException(
        "unknown command '" + name + "'" + Suggestions.forName(name, names));
  }

  private void overview() {
    console.result("Neural Architecture Transfer for the MOEA Framework");
    console.result("");
    console.result("usage: nat COMMAND ...");
    for (Command command : COMMANDS) {
      console.result("  %-13s %s".formatted(command.name(), command.summary()));
    }
    for (FrameworkProgram program : FrameworkProgram.values()) {
      console.result("  %-13s %s".formatted(program.word(), program.summary()));
    }
    console.result("  %-13s %s".formatted("help", "explain a command: nat help COMMAND"));
    console.result("");
    console.result("docs/guide.md has more; nat --version says which version this is");
  }

  private void explain(String name) {
    Optional<FrameworkProgram> program = FrameworkProgram.named(name);
    if (program.isPresent()) {
      explain(name, program.get().usage(), program.get().summary(), new Options());
    } else {
      Command command = command(name);
      explain(name, command.usage(), command.summary(), command.options());
    }
  }

  private void explain(String name, String usage, String summary, Options options) {
    StringWriter text = new StringWriter();
    HelpFormatter formatter = new HelpFormatter();
    formatter.printHelp(
        new PrintWriter(text),
        HelpFormatter.DEFAULT_WIDTH + 16,
        "nat " + name + " " + usage,
        summary,
        options,
        2,
        2,
        null);
    text.toString().lines().forEach(console::result);
  }

  private static String oneLine(Throwable error) {
    Throwable told = error;
    while (told.getMessage() == null && told.getCause() != null) {
      told = told.getCause();
    }
    String message =
        told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
    if (told instanceof FileSystemException system
        && system.getFile() != null
        && system.getReason() == null) {
      // The message is the path alone.
      message += ": " + IoReason.of(Path.of(system.getFile()), system);
    }
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
