package io.github.moeanat.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A display in memory, for programs with windows; gone when it is closed. */
public final class Xvfb implements AutoCloseable {

  private final Process process;
  private final String display;

  private Xvfb(Process process, String display) {
    this.process = process;
    this.display = display;
  }

  /** Starts a display of 1280 x 900 pixels; skips the test where there can be none. */
  public static Xvfb start() throws IOException {
    assumeTrue(
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "Xvfb"))),
        "there is no Xvfb: install it to test windows");
    assumeTrue(
        Files.exists(Path.of(System.getProperty("java.home"), "lib", "libawt_xawt.so")),
        "this Java has no windows (a headless package)");
    // The server itself finds a number that is free, and says it once it is ready.
    Process process =
        new ProcessBuilder(
                "Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Not closed: the server ends with its output.
    BufferedReader output = process.inputReader(StandardCharsets.US_ASCII);
    String number = output.readLine();
    assumeTrue(number != null, "Xvfb does not start here");
    return new Xvfb(process, ":" + number.trim());
  }

  /** What DISPLAY is to be. */
  public String display() {
    return display;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
