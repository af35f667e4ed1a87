package io.github.moeanat.experiment.bench;

import io.github.moeanat.experiment.bench.Load.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BenchProcess} that was started from here, with this one's class path and options. */
final class OtherProcess implements AutoCloseable {

  private static final long SECONDS_TO_END = 60;
  private static final List<String> AGENTS =
      List.of("-javaagent", "-agentlib", "-agentpath", "-Xrunjdwp");

  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;
  private final Path errors;

  private OtherProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    answers = process.inputReader(StandardCharsets.UTF_8);
    orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process.
   *
   * @param arguments of {@link BenchProcess#main}
   * @throws IOException if it can't be started
   */
  static OtherProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> AGENTS.stream().noneMatch(option::startsWith))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BenchProcess.class.getName());
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("nat-bench", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      return new OtherProcess(process, errors);
    } catch (IOException e) {
      Files.delete(errors);
      throw e;
    }
  }

  /**
   * Waits until it could begin.
   *
   * @throws IOException if it failed
   */
  void awaitReady() throws IOException {
    answer(BenchProcess.READY);
  }

  /**
   * Lets it work for some seconds, without waiting for it.
   *
   * @throws IOException if it failed
   */
  void begin(double seconds) throws IOException {
    try {
      orders.write(seconds + "\n");
      orders.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Waits for what it has done since {@link #begin}.
   *
   * @throws IOException if it failed
   */
  Window result() throws IOException {
    String[] words = answer(BenchProcess.DONE).split(" ");
    return new Window(Long.parseLong(words[1]), Double.parseDouble(words[2]));
  }

  // Libraries may print other lines.
  private String answer(String word) throws IOException {
    String line = answers.readLine();
    while (line != null && !line.equals(word) && !line.startsWith(word + " ")) {
      line = answers.readLine();
    }
    if (line == null) {
      throw failure(null);
    }
    return line;
  }

  private IOException failure(IOException cause) throws IOException {
    boolean ended = ended();
    String said =
        Files.readAllLines(errors).stream()
            .filter(line -> !line.isBlank())
            .findFirst()
            .map(line -> ": " + line.strip())
            .orElse("");
    return new IOException(
        ended
            ? "a process that was to work beside this one ended with code %d%s"
                .formatted(process.exitValue(), said)
            : "a process that was to work beside this one does not answer" + said,
        cause);
  }

  private boolean ended() {
    try {
      return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the process. */
  @Override
  public void close() throws IOException {
    try {
      // The end of its input is its order to end; one that has ended has none any more.
      orders.close();
    } catch (IOException e) {
      process.destroy();
    }
    if (!ended()) {
      process.destroyForcibly();
    }
    Files.deleteIfExists(errors);
  }
}
