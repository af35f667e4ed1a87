package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  @TempDir private Path temp;
  private Path path;

  @BeforeEach
  void name() {
    path = temp.resolve("runs/first");
  }

  @Test
  void aNewFolderIsMadeWithItsParents() throws IOException {
    try (RunFolder folder = RunFolder.create(path)) {
      assertEquals(path.resolve("subnets/07.json"), folder.subnet(7));
      assertEquals(path.resolve("subnets/123.json"), folder.subnet(123));
      Files.createDirectories(path.resolve("subnets"));
      Files.writeString(folder.subnet(7), "{}");
      Files.writeString(folder.properties(), "seed=1");
    }
    assertEquals(List.of(".lock", "run.properties", "subnets", "subnets/07.json"), files());
  }

  @Test
  void aRunIsNeitherOverwrittenNorTakenForNewUnasked() throws IOException {
    run();
    refused(
        "folder " + path + " holds a run: use --resume to go on or --overwrite to start anew",
        () -> RunFolder.create(path));
    RunFolder.resume(path).close();
    assertTrue(files().contains("checkpoint"));
  }

  @Test
  void overwritingRemovesWhatARunWritesAndNothingElse() throws IOException {
    run();
    Files.writeString(path.resolve("supernet-w1.0.safetensors"), "a run's");
    Files.writeString(path.resolve("supernet-w1.2.safetensors"), "a run's");
    Files.writeString(path.resolve("supernet-wide.safetensors"), "mine");
    Files.writeString(path.resolve("notes.txt"), "mine");
    Files.writeString(path.resolve("subnets/notes.txt"), "mine");
    Files.createDirectories(path.resolve("subnets/kept.json"));
    RunFolder.overwrite(path).close();
    assertEquals(
        List.of(
            ".lock",
            "notes.txt",
            "subnets",
            "subnets/kept.json",
            "subnets/notes.txt",
            "supernet-wide.safetensors"),
        files());
  }

  @Test
  void overwritingAFolderThatIsNotARunsIsRefused() throws IOException {
    Files.createDirectories(path);
    Files.writeString(path.resolve("result.dat"), "someone's");
    String message = "folder " + path + " is not empty and not a run's folder: it holds result.dat";
    refused(message, () -> RunFolder.overwrite(path));
    refused(message, () -> RunFolder.create(path));
    refused(
        "folder " + path + " holds no run to resume: run.properties is missing",
        () -> RunFolder.resume(path));
    assertEquals(List.of("result.dat"), files());
  }

  @Test
  void resumingLeavesNoFolderBehindAMistypedName() {
    assertThrows(IllegalArgumentException.class, () -> RunFolder.resume(path));
    assertFalse(Files.exists(path));
  }

  @Test
  void whatAKilledRunWasWritingIsRemoved() throws IOException {
    run();
    Files.writeString(path.resolve(".checkpoint.99-1.tmp"), "half");
    Files.writeString(path.resolve("subnets/.01.json.99-2.tmp"), "half");
    Files.writeString(path.resolve(".supernet-w1.2.safetensors.99-3.tmp"), "half");
    Files.writeString(path.resolve(".mine.tmp"), "kept");
    RunFolder.resume(path).close();
    List<String> left = files().stream().filter(name -> name.endsWith(".tmp")).toList();
    assertEquals(List.of(".mine.tmp"), left);
  }

  @Test
  void aRunKilledBeforeItsFirstFileDoesNotBlockTheFolder() throws IOException {
    RunFolder.create(path).close();
    Files.createDirectory(path.resolve("subnets"));
    Files.writeString(path.resolve(".run.properties.99-1.tmp"), "half");
    RunFolder.create(path).close();
    assertEquals(List.of(".lock", "subnets"), files());
  }

  @Test
  void aFolderBelongsToOneRunAtATime() throws IOException {
    run();
    String message = "folder " + path + " is in use by another run";
    try (RunFolder folder = RunFolder.resume(path)) {
      refused(message, () -> RunFolder.resume(path));
      refused(message, () -> RunFolder.overwrite(folder.path()));
    }
    assertTrue(files().contains("checkpoint"));
    RunFolder.resume(path).close();
  }

  @Test
  void aFolderBelongsToOneProcessUntilThatIsKilled() throws Exception {
    run();
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('h', other.getInputStream().read());
      refused("folder " + path + " is in use by another run", () -> RunFolder.resume(path));
      refused("folder " + path + " is in use by another run", () -> RunFolder.resume(path));
    } finally {
      other.destroyForcibly().waitFor();
    }
    RunFolder.resume(path).close();
  }

  /** Holds a folder until it is killed. */
  static final class Holder {

    private Holder() {}

    /** Says "h" once it holds the folder. */
    public static void main(String[] arguments) throws Exception {
      try (RunFolder folder = RunFolder.resume(Path.of(arguments[0]))) {
        System.out.print(folder.path().isAbsolute() ? "h" : "?");
        System.out.flush();
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void severalSupernetsBearTheirWidths() throws IOException {
    try (RunFolder folder = RunFolder.create(path)) {
      assertEquals(List.of(path.resolve("supernet.safetensors")), folder.supernets(List.of(1.2)));
      assertEquals(
          List.of(
              path.resolve("supernet-w1.0.safetensors"), path.resolve("supernet-w1.2.safetensors")),
          folder.supernets(List.of(1.0, 1.2)));
    }
  }

  @Test
  void aRefusedFolderIsNotKeptLocked() throws IOException {
    run();
    assertThrows(IllegalArgumentException.class, () -> RunFolder.create(path));
    RunFolder.overwrite(path).close();
  }

  @Test
  void placesThatCantHoldAFolderAreNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("plain"), "");
    refused(file + " is a file, expected a folder", () -> RunFolder.create(file));
    refused(
        "can't create folder " + file.resolve("a/b") + ": " + file + " is not a folder",
        () -> RunFolder.create(file.resolve("a/b")));
  }

  private void run() throws IOException {
    Files.createDirectories(path.resolve("subnets"));
    for (String name :
        List.of(
            "result.dat",
            "archive.csv",
            "front.csv",
            "subnets/01.json",
            "subnets/12.json",
            "front.png",
            "progress.png",
            "history.csv",
            "run.properties",
            "supernet.safetensors",
            "checkpoint")) {
      Files.writeString(path.resolve(name), name);
    }
  }

  private static void refused(String message, Executable executable) {
    var error = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, error.getMessage());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      TreeSet<String> names = new TreeSet<>();
      files
          .filter(file -> !file.equals(path))
          .forEach(f -> names.add(path.relativize(f).toString()));
      return List.copyOf(names);
    }
  }
}
