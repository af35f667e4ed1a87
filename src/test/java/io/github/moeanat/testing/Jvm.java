package io.github.moeanat.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Java processes of their own, for what only a process can show. */
public final class Jvm {

  private static final long LONGEST_MINUTES = 5;

  private Jvm() {}

  /** What a process printed, both streams together, and its exit code. */
  public record Outcome(int code, String output) {}

  /** Returns the class path of the tests without the entries whose names contain one of these. */
  public static String classPathWithout(String... names) {
    Predicate<String> kept = entry -> Arrays.stream(names).noneMatch(entry::contains);
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(kept)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts a process; its output goes to a file. */
  public static Process start(
      String classPath, Path output, List<String> options, String main, String... arguments)
      throws IOException {
    return new ProcessBuilder(command(classPath, options, main, arguments))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Returns the command that starts a process. */
  public static List<String> command(
      String classPath, List<String> options, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A process of seconds spends more on the second compiler than it gets back.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", classPath, "-Djava.awt.headless=true"));
    command.add("-Dmoeanat.cache=" + System.getProperty("moeanat.cache"));
    command.addAll(options);
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  /** Waits for the end of a process; kills it after five minutes. */
  public static int await(Process process) throws InterruptedException {
    return await(process, LONGEST_MINUTES);
  }

  /** Waits for the end of a process; kills it after some minutes. */
  public static int await(Process process, long minutes) throws InterruptedException {
    if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }
}
