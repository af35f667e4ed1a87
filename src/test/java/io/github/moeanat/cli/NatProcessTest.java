package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.testing.Jvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatProcessTest {

  private static final String MAIN = "io.github.moeanat.cli.Nat";

  @TempDir private Path folder;

  @Test
  void aRunKilledAgainAndAgainEndsAsAnUnbrokenOne() throws IOException, InterruptedException {
    Map<String, String> unbroken = NatTest.results(search("unbroken"));
    Path run = folder.resolve("killed");
    Process process = start("killed.txt", "--seed", "5", "--output", run.toString());
    for (int iterations : new int[] {0, 2, 4}) {
      awaitLines(run.resolve("history.csv"), iterations + 2);
      kill(process);
      process = start("killed.txt", "--resume", "--output", run.toString());
    }
    assertEquals(0, Jvm.await(process), Files.readString(folder.resolve("killed.txt")));
    assertEquals(unbroken, NatTest.results(run));
  }

  @Test
  void aPretrainingKilledInEachPhaseEndsAsAnUnbrokenOne() throws IOException, InterruptedException {
    Path unbroken = folder.resolve("whole");
    assertEquals(0, Jvm.await(pretrain(unbroken)), "" + folder);
    Path run = folder.resolve("killed");
    Process process = pretrain(run);
    awaitLines(run.resolve("run.properties"), 3);
    for (int epochs : new int[] {1, 2, 3, 4}) {
      kill(process);
      process = pretrain(run, "--resume");
      awaitLines(run.resolve("curves.csv"), epochs + 1);
    }
    kill(process);
    assertEquals(0, Jvm.await(pretrain(run, "--resume")), "" + folder);
    for (String file : List.of("supernet.safetensors", "phase-all.safetensors")) {
      assertEquals(-1, Files.mismatch(unbroken.resolve(file), run.resolve(file)), file);
    }
  }

  /** Kills a process that has to be at work yet. */
  private static void kill(Process process) throws InterruptedException {
    assertTrue(process.isAlive(), () -> "ended with exit code " + process.exitValue());
    process.destroyForcibly();
    process.waitFor();
  }

  private Process pretrain(Path run, String... more) throws IOException {
    String[] command = {"pretrain", "tiny", "--output", run.toString()};
    String[] begun = {"--recipe", "tiny-phases", "--seed", "5"};
    return Jvm.start(
        Jvm.classPathWithout(),
        folder.resolve("pretrain.txt"),
        List.of(),
        MAIN,
        Stream.of(command, more.length == 0 ? begun : more)
            .flatMap(Stream::of)
            .toArray(String[]::new));
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
  void aFullDiskIsNamedAndTheRunGoesOnWhenThereIsSpace() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path kept = folder.resolve("kept");
    Path script = folder.resolve("script.sh");
    // Room for one checkpoint of about 3 MB, not for a second beside it.
    Files.writeString(
        script,
        """
        mount -t tmpfs -o size=5m none '%1$s' || exit 77
        %2$s
        code=$?
        mount -o remount,size=100m '%1$s' && %3$s && cp -r '%1$s/run' '%4$s' || exit 78
        exit $code
        """
            .formatted(
                disk,
                shell("--seed", "5", "--output", disk + "/run"),
                shell("--resume", "--quiet", "--output", disk + "/run"),
                kept));
    Path output = folder.resolve("full.txt");
    Process process;
    try {
      process =
          new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "" + script)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      process = assumeNever("no unshare here");
    }
    int code = Jvm.await(process);
    String printed = Files.readString(output);
    assumeTrue(code != 77 && !printed.startsWith("unshare:"), "no file system may be mounted here");
    assertEquals(1, code, printed);
    List<String> errors = printed.lines().filter(line -> line.startsWith("error:")).toList();
    assertEquals(1, errors.size(), printed);
    assertTrue(errors.get(0).contains(disk + "/run/"), printed);
    assertTrue(errors.get(0).contains("no space left on the device"), printed);
    assertTrue(!printed.contains("\tat "), printed);
    assertEquals(NatTest.results(search("unbroken")), NatTest.results(kept));
  }

  private static Process assumeNever(String reason) {
    assumeTrue(false, reason);
    throw new AssertionError(reason);
  }

  private static String shell(String... arguments) {
    return Jvm.command(Jvm.classPathWithout(), List.of(), MAIN, arguments(arguments)).stream()
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  private static String[] arguments(String... options) {
    return Stream.concat(Stream.of("search", "tiny"), Stream.of(options)).toArray(String[]::new);
  }

  @Test
  void aSupernetInTheJarIsFoundFromEverywhereAndAFileOfItsNameWins()
      throws IOException, InterruptedException {
    Path jar = folder.resolve("supernets.jar");
    byte[] packed;
    try (InputStream stream = getClass().getResourceAsStream("/supernets/w0.05.safetensors")) {
      packed = stream.readAllBytes();
    }
    try (JarOutputStream stream = new JarOutputStream(Files.newOutputStream(jar))) {
      stream.putNextEntry(new JarEntry("supernets/in-the-jar.safetensors"));
      stream.write(packed);
    }
    String weights = "supernets/in-the-jar.safetensors";
    String keys = "width=0.05;iterations=1;supernet.weights=" + weights;
    Path run = folder.resolve("run");
    String[] search = {"search", "tiny", "--seed", "5", "--output", run.toString(), "-X", keys};
    String[] resume = {"search", "tiny", "--output", run.toString(), "--resume"};
    Path here = Files.createDirectories(folder.resolve("here"));
    Path there = Files.createDirectories(folder.resolve("there/supernets")).getParent();
    assertEquals("0 ", runIn(here, jar, search));
    List<String> properties = Files.readAllLines(run.resolve("run.properties"));
    assertTrue(properties.contains("problem.supernet.weights = " + weights), properties.toString());
    Path expected = folder.resolve("expected.safetensors");
    Files.write(expected, packed);
    assertTrue(
        properties.contains("sha256.startWeights = " + Safetensors.read(expected).hash()),
        properties.toString());
    Path begun = Files.createDirectories(folder.resolve("begun"));
    Files.copy(run.resolve("run.properties"), begun.resolve("run.properties"));
    resume[3] = begun.toString();
    assertEquals("0 ", runIn(there, jar, resume));
    assertTrue(Files.exists(begun.resolve("front.csv")));
    Files.write(there.resolve(weights), new byte[3]);
    search[5] = folder.resolve("other").toString();
    assertEquals(
        "2 error: %s is damaged: 3 bytes are too few for a safetensors file".formatted(weights),
        runIn(there, jar, search));
  }

  private String runIn(Path directory, Path jar, String... arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    String classPath = jar + File.pathSeparator + Jvm.classPathWithout();
    Process process =
        new ProcessBuilder(Jvm.command(classPath, List.of(), MAIN, arguments))
            .directory(directory.toFile())
            .redirectError(output.toFile())
            .redirectOutput(folder.resolve("results.txt").toFile())
            .start();
    int code = Jvm.await(process);
    return code
        + " "
        + Files.readAllLines(output).stream()
            .filter(line -> line.startsWith("error") || line.startsWith("warning"))
            .collect(Collectors.joining());
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
    Path loaded = folder.resolve("loaded.txt");
    try (ServerSocket proxy = new ServerSocket(0)) {
      String port = String.valueOf(proxy.getLocalPort());
      List<String> options =
          List.of(
              "-Xlog:class+load:file=" + loaded,
              "-Dhttp.proxyHost=127.0.0.1",
              "-Dhttp.proxyPort=" + port,
              "-Dhttps.proxyHost=127.0.0.1",
              "-Dhttps.proxyPort=" + port,
              "-Dhttp.nonProxyHosts=",
              "-DsocksProxyHost=127.0.0.1",
              "-DsocksProxyPort=" + port);
      String run = folder.resolve("offline").toString();
      String model = folder.resolve("offline.onnx").toString();
      String[][] commands = {
        {"search", "tiny", "--seed", "5", "--output", run},
        {"export", run, "--subnet", "1", "--format", "onnx", "--output", model}
      };
      Path output = folder.resolve("offline.txt");
      for (String[] command : commands) {
        Process process = Jvm.start(Jvm.classPathWithout(), output, options, MAIN, command);
        assertEquals(0, Jvm.await(process), Files.readString(output));
        assertNoNetworkClient(Files.readString(loaded));
      }
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

  // A client that passes by the proxy has still to load the platform's classes.
  private static void assertNoNetworkClient(String classes) {
    assertTrue(classes.contains("ai.djl.pytorch.engine.PtEngine "), "the engine was started");
    for (String client :
        List.of("sun.net.www.protocol.http.HttpURLConnection ", "jdk.internal.net.http.")) {
      assertTrue(!classes.contains(client), client + "was loaded");
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
    return Jvm.start(
        Jvm.classPathWithout(), folder.resolve(output), List.of(), MAIN, arguments(arguments));
  }

  private static void awaitLines(Path file, int lines) throws IOException, InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      assertTrue(System.nanoTime() < end, file + " has not got " + lines + " lines");
      Thread.sleep(5);
    }
  }
}
