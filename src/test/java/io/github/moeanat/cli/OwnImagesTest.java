package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.cli.NatTest.Outcome;
import io.github.moeanat.supernet.Safetensors;
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
  void aSupernetPretrainedOnOnesOwnImagesIsSearched() throws IOException {
    makeParts("train", 36);
    makeParts("val", 18);
    makeParts("test", 12);
    Path pretrained = folder.resolve("pretrained");
    Outcome trained =
        NatTest.run(
            "pretrain",
            "--data",
            images().toString(),
            "--output",
            pretrained.toString(),
            "--seed",
            "1",
            "-X",
            "resolutions=8,16",
            "-X",
            "stem.stride=1",
            "-X",
            "epochScale=0.02",
            "-X",
            "reportSubnets=2");
    assertEquals(0, trained.code(), trained.err());
    for (String lowered :
        List.of("evaluation.recalibrationImages is lowered", "batch is lowered from 64 to 36")) {
      assertTrue(trained.err().contains(lowered), trained.err());
    }
    Path supernet = pretrained.resolve("supernet.safetensors");
    assertEquals(
        "[\"class0\",\"class1\",\"class2\"]", Safetensors.metadata(supernet).get("class_names"));
    List<String> search =
        new ArrayList<>(search(folder.resolve("run"), QUICK + ";iterations=1;warmUp.steps=0"));
    search.addAll(List.of("-X", "warmUp.largestSteps=0", "-X", "supernet.weights=" + supernet));
    Outcome found = NatTest.run(search.toArray(new String[0]));
    assertEquals(0, found.code(), found.err());
    assertFalse(found.err().contains("another split"), found.err());
    // The same images in other parts.
    search = new ArrayList<>(search(folder.resolve("other"), QUICK + ";iterations=1"));
    search.addAll(List.of("-X", "supernet.weights=" + supernet, "-X", "data.validation=0.3"));
    found = NatTest.run(search.toArray(new String[0]));
    assertEquals(0, found.code(), found.err());
    assertTrue(
        found.err().contains("was trained on other images of folder than these"), found.err());
    // As many classes of other names.
    Path first = firstClass(images().resolve("train"));
    for (String part : List.of("train", "val", "test")) {
      Path old = images().resolve(part).resolve(first.getFileName());
      Files.move(old, old.resolveSibling("another"));
    }
    search =
        new ArrayList<>(search(folder.resolve("renamed"), QUICK + ";iterations=1;warmUp.steps=0"));
    search.addAll(List.of("-X", "warmUp.largestSteps=0", "-X", "supernet.weights=" + supernet));
    found = NatTest.run(search.toArray(new String[0]));
    assertEquals(0, found.code(), found.err());
    assertTrue(found.err().contains("is for other classes"), found.err());
  }

  private static Path firstClass(Path part) throws IOException {
    try (Stream<Path> classes = Files.list(part)) {
      return classes.sorted().findFirst().orElseThrow();
    }
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

  @Test
  void aMovedDataSetIsNamedAnewAndAnotherIsRefused() throws IOException {
    makeParts("train", 36);
    makeParts("val", 18);
    makeParts("test", 12);
    Path run = folder.resolve("run");
    Outcome begun = NatTest.run(search(run, QUICK + ";iterations=1").toArray(new String[0]));
    assertEquals(0, begun.code(), begun.err());
    Path moved = Files.move(images(), folder.resolve("moved"));
    String properties = Files.readString(run.resolve("run.properties"));
    String[] resume = {"search", "folder", "--quiet", "--output", run.toString(), "--resume"};
    String[] export = {
      "export", run.toString(), "--subnet", "1", "--format", "json", "--output", folder + "/a.json"
    };
    for (String[] command : new String[][] {resume, export}) {
      Outcome lost = NatTest.run(command);
      assertEquals(2, lost.code(), lost.err());
      assertTrue(lost.err().contains("there is no folder " + images()), lost.err());
    }
    makeParts("train", 35);
    makeParts("val", 18);
    makeParts("test", 12);
    Outcome other = NatTest.run(with(resume, "--data", images().toString()));
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("the run began with other images"), other.err());
    assertEquals(properties, Files.readString(run.resolve("run.properties")));
    for (String[] command : new String[][] {resume, export}) {
      Outcome found = NatTest.run(with(command, "--data", moved.toString()));
      assertEquals(0, found.code(), found.err());
      assertEquals("", found.err());
    }
    assertTrue(
        Files.readString(run.resolve("run.properties"))
            .contains("\nproblem.data.path = " + moved + "\n"));
    assertEquals(0, NatTest.run(resume).code());
    Outcome told = NatTest.run(with(export, "--overwrite", "--data", images().toString()));
    assertTrue(told.err().startsWith("warning: the data set folder is not the one"), told.err());
  }

  @Test
  void settingsAreLoweredToFewImagesAndKept() throws IOException {
    makeParts("train", 36);
    makeParts("val", 18);
    makeParts("test", 12);
    Path run = folder.resolve("run");
    String settings =
        QUICK.replaceAll("(training|evaluation)\\.[^;]*;", "")
            + ";iterations=1;evaluation.recalibrationBatch=35";
    List<String> lowered =
        List.of(
            "warning: evaluation.recalibrationImages is lowered from 100 to 35, since there are so"
                + " few training images",
            "warning: training.batch is lowered from 64 to 36, since there are so few training"
                + " images");
    Outcome outcome = NatTest.run(search(run, settings).toArray(new String[0]));
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(lowered, outcome.err().lines().limit(2).toList());
    String properties = Files.readString(run.resolve("run.properties"));
    assertTrue(properties.contains("\nproblem.training.batch = 36\n"), properties);
    assertTrue(properties.contains("\nproblem.evaluation.recalibrationImages = 35\n"), properties);
    Outcome resumed =
        NatTest.run("search", "folder", "--quiet", "--resume", "--output", run.toString());
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals("", resumed.err());
    Outcome evaluated =
        NatTest.run(
            "evaluate",
            "folder",
            "--data",
            images().toString(),
            "--subnet",
            run.resolve("subnets/01.json").toString(),
            "--weights",
            run.resolve("supernet.safetensors").toString(),
            "--json",
            "-X",
            settings.replaceAll(";initialArchiveSize.*;iterations=1", ""));
    assertEquals(0, evaluated.code(), evaluated.err());
    assertEquals(lowered, evaluated.err().lines().limit(2).toList());
    String front = Files.readAllLines(run.resolve("front.csv")).get(1);
    assertTrue(
        evaluated
            .out()
            .contains("\"validation_accuracy\": " + front.substring(0, front.indexOf(',')) + ","),
        evaluated.out());
    Outcome asked =
        NatTest.run(
            search(folder.resolve("other"), settings + ";training.batch=37")
                .toArray(new String[0]));
    assertEquals(2, asked.code(), asked.err());
    assertTrue(
        asked.err().contains("training.batch is 37, the data set folder has 36 training images"),
        asked.err());
  }

  @Test
  void classesAreCountedWhereNoImageIsRead() throws IOException {
    makeParts(".", 6);
    String[] command = {"measure", "folder", "--repeats", "6", "--warm-up", "0", "--json"};
    Path subnet = folder.resolve("subnet.json");
    Files.writeString(
        subnet,
        "{\"ks\":[3,3,3,3,3,3,3,3,3,3],\"e\":[3,3,3,3,3,3,3,3,3,3],"
            + "\"d\":[2,2,2,2,2],\"r\":32,\"w\":0.5}");
    Outcome counted =
        NatTest.run(with(command, "--data", images().toString(), "--subnet", subnet + ""));
    assertEquals(0, counted.code(), counted.err());
    Outcome given = NatTest.run(with(command, "-X", "classes=3", "--subnet", subnet + ""));
    assertEquals(params(given), params(counted));
    Outcome two = NatTest.run(with(command, "-X", "classes=2", "--subnet", subnet + ""));
    assertTrue(!params(two).equals(params(counted)), counted.out());
  }

  // ---- helpers ----

  private static String params(Outcome outcome) {
    return outcome.out().lines().filter(line -> line.contains("\"params\"")).toList().toString();
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
  }

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
