package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.cli.NatTest.Outcome;
import io.github.moeanat.testing.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches on folders of a user's own images, and what may befall these. */
class OwnImagesTest {

  private static final String CACHE = "moeanat.cache";
  private static final int[] COLOURS = {0xc04040, 0x40c040, 0x4040c0};
  private static final int HEIGHT = 16;
  private static final int WIDTH = 20;

  // Seconds on a small machine.
  private static final String QUICK =
      "resolutions=8,16;stem.stride=1;image.crop=1;warmUp.steps=4;warmUp.largestSteps=1;"
          + "training.batch=16;evaluation.recalibrationImages=20;evaluation.recalibrationBatch=10;"
          + "adaptation.steps=1;initialArchiveSize=4;archiveSize=6;newMembers=1;populationSize=4;"
          + "generations=2";

  @TempDir private Path folder;
  private String before;

  @BeforeEach
  void useACacheOfOnesOwn() {
    before = System.setProperty(CACHE, folder.resolve("cache").toString());
  }

  @AfterEach
  void useTheCacheOfTheTests() {
    if (before == null) {
      System.clearProperty(CACHE);
    } else {
      System.setProperty(CACHE, before);
    }
  }

  @Test
  void aDamagedImageEndsASearchBeforeItsArchiveIsTouched() throws IOException {
    int train = 36;
    makeParts("train", train);
    makeParts("val", 18);
    makeParts("test", 12);
    Path run = folder.resolve("run");
    Cancellation cancellation = new Cancellation();
    Thread watch = new Thread(() -> stopAfterAnIteration(run, cancellation));
    watch.start();
    Outcome stopped =
        NatTest.run(cancellation, search(run, QUICK + ";iterations=200").toArray(new String[0]));
    assertEquals(130, stopped.code(), stopped.err());
    byte[] archive = Files.readAllBytes(run.resolve("archive.csv"));
    byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint"));
    // The first pixel of the first validation image: images lie in the order of the parts.
    Path cache = cached();
    byte[] pixels = Files.readAllBytes(cache);
    pixels[train * 3 * HEIGHT * WIDTH] ^= 1;
    Files.write(cache, pixels);
    String[] resume = {"search", "folder", "--quiet", "--output", run.toString(), "--resume"};
    Outcome damaged = NatTest.run(resume);
    assertEquals(1, damaged.code(), damaged.err());
    assertTrue(
        damaged.err().startsWith("error: the image cache " + cache + " is damaged"), damaged.err());
    assertEquals(1, damaged.err().lines().count(), damaged.err());
    assertArrayEquals(archive, Files.readAllBytes(run.resolve("archive.csv")));
    assertArrayEquals(checkpoint, Files.readAllBytes(run.resolve("checkpoint")));
    Cancellation again = new Cancellation();
    String history = Files.readString(run.resolve("history.csv"));
    Thread onward = new Thread(() -> stopAfter(run, history.length(), again));
    onward.start();
    assertEquals(130, NatTest.run(again, resume).code());
    assertTrue(Files.readString(run.resolve("history.csv")).startsWith(history));
  }

  @Test
  void aCacheThatCannotBeMadeIsNamed() throws IOException {
    makeParts("train", 6);
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    System.setProperty(CACHE, file.resolve("cache").toString());
    Outcome outcome = NatTest.run(search(folder.resolve("run"), QUICK).toArray(new String[0]));
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(
        outcome.err().contains("error: the cache folder " + file + "/cache can't be made"),
        outcome.err());
  }

  // ---- helpers ----

  private static void stopAfterAnIteration(Path run, Cancellation cancellation) {
    while (!Files.exists(run.resolve("checkpoint"))) {
      pause();
    }
    cancellation.request();
  }

  private static void stopAfter(Path run, long length, Cancellation cancellation) {
    try {
      while (Files.size(run.resolve("history.csv")) <= length) {
        pause();
      }
    } catch (IOException e) {
      // The search goes on to its end, and its exit code tells.
      return;
    }
    cancellation.request();
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path images() {
    return folder.resolve("images");
  }

  private void makeParts(String part, int images) {
    for (int i = 0; i < images; i++) {
      Path file = images().resolve("%s/class%d/%02d.png".formatted(part, i % 3, i));
      Photos.write(Photos.image(WIDTH, HEIGHT, COLOURS[i % 3], i + part.hashCode()), file);
    }
  }

  private Path cached() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(".cache")).findFirst().orElseThrow();
    }
  }

  private List<String> search(Path run, String settings) {
    return new ArrayList<>(
        List.of(
            "search",
            "--data",
            images().toString(),
            "--seed",
            "1",
            "--output",
            run.toString(),
            "-X",
            settings));
  }
}
