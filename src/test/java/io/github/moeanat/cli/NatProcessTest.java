package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moeanat.testing.Jvm;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatProcessTest {

  private static final String MAIN = "io.github.moeanat.cli.Nat";

  @TempDir private Path folder;

  @Test
  void aKilledRunResumedEndsAsAnUnbrokenOne() throws IOException, InterruptedException {
    Map<String, String> unbroken = NatTest.results(search("unbroken"));
    for (int after : new int[] {0, 2, 4}) {
      Path run = folder.resolve("killed" + after);
      Process process = start("killed.txt", "--seed", "5", "--output", run.toString());
      awaitLines(run.resolve("history.csv"), after + 2);
      process.destroyForcibly();
      process.waitFor();
      resume(run);
      assertEquals(unbroken, NatTest.results(run), "killed after iteration " + after);
    }
  }

  @Test
  void anInterruptedRunSavesAndResumes() throws IOException, InterruptedException {
    assumeTrue(File.separatorChar == '/', "signals are sent by kill");
    assumeTrue(
        !ignoresInterrupts(), "a job in the background of a script inherits ignored signals");
    Map<String, String> unbroken = NatTest.results(search("whole"));
    Path run = folder.resolve("interrupted");
    Process process = start("interrupted.txt", "--seed", "5", "--output", run.toString());
    awaitLines(run.resolve("history.csv"), 3);
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    assertEquals(130, Jvm.await(process));
    String output = Files.readString(folder.resolve("interrupted.txt"));
    assertTrue(output.contains("--resume goes on from the last iteration"), output);
    assertTrue(Files.exists(run.resolve("archive.csv")));
    resume(run);
    assertEquals(unbroken, NatTest.results(run));
  }

  @Test
  void aKilledLatencyTableGoesOnWhereItWas() throws IOException, InterruptedException {
    Path table = folder.resolve("table.yaml");
    Path unfinished = folder.resolve("table.yaml.part");
    String[] command = {
      "latency-table", "tiny", "--repeats", "150", "--output", table.toString(), "--json"
    };
    Path output = folder.resolve("table.txt");
    Process process = Jvm.start(Jvm.classPathWithout(), output, List.of(), MAIN, command);
    awaitLines(unfinished, 20);
    process.destroyForcibly();
    process.waitFor();
    List<String> kept = Files.readAllLines(unfinished);
    assertEquals(
        0,
        Jvm.await(Jvm.start(Jvm.classPathWithout(), output, List.of(), MAIN, command)),
        Files.readString(output));
    List<String> lines = Files.readAllLines(table);
    assertTrue(lines.containsAll(kept), "what was measured before is not measured again");
    assertTrue(lines.size() > kept.size());
    assertTrue(!Files.exists(unfinished));
  }

  @Test
  void nothingTriesToReachANetwork() throws IOException, InterruptedException {
    try (ServerSocket proxy = new ServerSocket(0)) {
      String port = String.valueOf(proxy.getLocalPort());
      Process process =
          Jvm.start(
              Jvm.classPathWithout(),
              folder.resolve("offline.txt"),
              List.of(
                  "-Dhttp.proxyHost=127.0.0.1",
                  "-Dhttp.proxyPort=" + port,
                  "-Dhttps.proxyHost=127.0.0.1",
                  "-Dhttps.proxyPort=" + port,
                  "-Dhttp.nonProxyHosts=",
                  "-DsocksProxyHost=127.0.0.1",
                  "-DsocksProxyPort=" + port),
              MAIN,
              "search",
              "tiny",
              "--seed",
              "5",
              "--output",
              folder.resolve("offline").toString());
      assertEquals(0, Jvm.await(process), Files.readString(folder.resolve("offline.txt")));
      proxy.setSoTimeout(1);
      boolean asked = true;
      try {
        proxy.accept().close();
      } catch (SocketTimeoutException e) {
        asked = false;
      }
      assertTrue(!asked, "something asked the proxy for a connection");
    }
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .replaceAll(".*\\s", "");
    // Bit n - 1 stands for signal n, and SIGINT is 2.
    return (Long.parseUnsignedLong(ignored, 16) & 2) != 0;
  }

  private Path search(String name) throws IOException, InterruptedException {
    Path run = folder.resolve(name);
    Process process = start(name + ".txt", "--seed", "5", "--output", run.toString());
    assertEquals(0, Jvm.await(process), Files.readString(folder.resolve(name + ".txt")));
    return run;
  }

  private void resume(Path run) throws IOException, InterruptedException {
    Process process = start("resumed.txt", "--resume", "--output", run.toString());
    assertEquals(0, Jvm.await(process), Files.readString(folder.resolve("resumed.txt")));
  }

  private Process start(String output, String... arguments) throws IOException {
    String[] all = new String[arguments.length + 2];
    all[0] = "search";
    all[1] = "tiny";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Jvm.start(Jvm.classPathWithout(), folder.resolve(output), List.of(), MAIN, all);
  }

  private static void awaitLines(Path file, int lines) throws IOException, InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      assertTrue(System.nanoTime() < end, file + " has not got " + lines + " lines");
      Thread.sleep(5);
    }
  }
}
