package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {

  @TempDir private Path folder;

  @Test
  void aFolderOfClassesIsSplitByShareAndSeed() throws IOException {
    makeClass("", "oak", 20);
    makeClass("", "ash", 40);
    // Neither hidden folders nor other files count.
    Files.createDirectories(folder.resolve(".thumbnails"));
    Files.writeString(folder.resolve("ash/notes.txt"), "not an image");
    Files.writeString(folder.resolve("readme.txt"), "not a class");
    assertEquals(2, DataSets.countClasses(DataSettings.of("folder", folder.toString())));
    DataSet usual = load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1);
    assertEquals(12, usual.test().images().size());
    assertEquals(7, usual.search().validation().size());
    assertEquals(41, usual.search().train().size());
    // In alphabetical order: ash is 0, and has two thirds of every part.
    assertEquals(8, count(usual.test().images(), 0));
    assertEquals(5, count(usual.search().validation(), 0));
    DataSet chosen = load(new SplitSize(10), new SplitSize(0.5), 1);
    assertEquals(30, chosen.test().images().size());
    assertEquals(10, chosen.search().validation().size());
    assertNotEquals(usual.hash(), load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 2).hash());
    assertEquals(usual.hash(), load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1).hash());
  }

  @Test
  void foldersOfPartsAreTheSplit() throws IOException {
    for (String kind : List.of("oak", "ash", "yew")) {
      makeClass("train/", kind, 4);
      makeClass("val/", kind, 2);
    }
    makeClass("test/", "ash", 3);
    makeClass("test/", "oak", 3);
    makeClass("test/", "yew", 3);
    assertEquals(3, DataSets.countClasses(DataSettings.of("folder", folder.toString())));
    DataSet data = load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1);
    assertEquals(12, data.search().train().size());
    assertEquals(6, data.search().validation().size());
    assertEquals(9, data.test().images().size());
    DataSet drawn = load(new SplitSize(3), SplitSize.OFFICIAL, 1);
    assertEquals(15, drawn.search().train().size());
    assertThrows(
        IllegalArgumentException.class, () -> load(SplitSize.OFFICIAL, new SplitSize(3), 1));
    makeClass("test/", "elm", 1);
    assertRefused("test: it has a class folder elm, train has none");
  }

  @Test
  void namesOfPartsAreKnownWhateverTheirCase() throws IOException {
    for (String kind : List.of("oak", "ash")) {
      makeClass("Train/", kind, 4);
      makeClass("VALID/", kind, 2);
      makeClass("Test/", kind, 3);
    }
    assertEquals(2, DataSets.countClasses(DataSettings.of("folder", folder.toString())));
    DataSet data = load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1);
    assertEquals(
        "2 classes (ash, oak); 8 training, 4 validation and 6 test images", data.summary());
    makeClass("validation/", "oak", 1);
    assertRefused("validation: beside the folder Train only one val (or valid, validation) and");
  }

  @Test
  void aFolderOfAnotherNameBesideTrainIsRefused() throws IOException {
    makeClass("train/", "oak", 4);
    makeClass("train/", "ash", 4);
    makeClass("testing/", "oak", 4);
    assertRefused("testing: beside the folder train only one val (or valid, validation) and");
    assertThrows(
        IllegalArgumentException.class,
        () -> DataSets.countClasses(DataSettings.of("folder", folder.toString())));
  }

  @Test
  void foldersWithinClassesAndImagesBesideThemAreTold() throws IOException {
    makeClass("animals/", "red", 5);
    makeClass("animals/", "blue", 5);
    makeClass("", "plants", 5);
    Photos.write(Photos.image(9, 9, 0, 1), folder.resolve("stray.png"));
    assertEquals(
        List.of(
            "folder: %s: 1 images beside the class folders are left out (the first is stray.png)"
                .formatted(folder),
            "folder: %s: all images below a class folder are of its class, also those in folders"
                    .formatted(folder)
                + " within it (such are in animals)"),
        warnings(SplitSize.OFFICIAL));
  }

  @Test
  void aClassThatIsNotInEveryPartIsNamed() throws IOException {
    makeClass("", "ash", 20);
    makeClass("", "oak", 20);
    makeClass("", "yew", 1);
    assertEquals(
        List.of(
            "folder: %s: there are no validation images of class yew".formatted(folder),
            "folder: %s: there are no test images of class yew".formatted(folder)),
        warnings(SplitSize.OFFICIAL));
    delete("yew");
    makeClass("train/", "ash", 1);
    makeClass("train/", "oak", 20);
    makeClass("test/", "ash", 1);
    makeClass("test/", "oak", 1);
    delete("ash");
    delete("oak");
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> load(new SplitSize(20), SplitSize.OFFICIAL, 1));
    assertTrue(
        refused.getMessage().endsWith("no training images are left of class ash"),
        refused.getMessage());
  }

  @Test
  void imagesOfTwoClassesAreTold() throws IOException {
    makeClass("", "ash", 7);
    makeClass("", "oak", 5);
    Files.copy(folder.resolve("ash/6.png"), folder.resolve("ash/7.png"));
    Files.copy(folder.resolve("ash/2.png"), folder.resolve("oak/5.png"));
    Files.copy(folder.resolve("ash/4.png"), folder.resolve("oak/6.png"));
    assertEquals(
        List.of(
            "folder: %s: 2 images are in another class too (the first are ash/2.png and oak/5.png)"
                .formatted(folder)),
        warnings(new SplitSize(4)));
  }

  @Test
  void aLoopOfLinksIsNamed() throws IOException {
    makeClass("", "ash", 5);
    makeClass("", "oak", 5);
    Files.createSymbolicLink(folder.resolve("oak/loop"), folder);
    assertRefused("oak/loop");
    assertRefused(": a symbolic link on this path leads back to a folder above it");
  }

  @Test
  void imagesOfUnreadableFormsAreCountedAndTheFirstIsNamed() throws IOException {
    makeClass("", "oak", 5);
    makeClass("", "ash", 5);
    Files.writeString(folder.resolve("ash/a.webp"), "RIFF");
    Files.writeString(folder.resolve("oak/b.HEIC"), "ftyp");
    Files.writeString(folder.resolve("oak/.c.avif"), "hidden");
    List<String> warnings = warnings(new SplitSize(2));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.get(0).startsWith("folder: 2 image files in ")
            && warnings.get(0).contains("the first is ash/a.webp"),
        warnings.get(0));
  }

  @Test
  void aClassMayBeNamedTrain() throws IOException {
    makeClass("", "train", 5);
    makeClass("", "plane", 5);
    DataSet data = load(new SplitSize(2), new SplitSize(2), 1);
    assertEquals(2, data.search().classes());
    assertEquals(6, data.search().train().size());
  }

  @Test
  void foldersWithoutClassesOrImagesAreRefused() throws IOException {
    assertRefused(
        "0 class folders, expected at least two: a folder for each class with its images");
    makeClass("", "oak", 5);
    assertRefused("1 class folders, expected");
    Files.createDirectories(folder.resolve("ash"));
    assertRefused("ash: no images in this class folder");
    assertEquals(2, DataSets.countClasses(DataSettings.of("folder", "")));
  }

  private List<String> warnings(SplitSize size) throws IOException {
    List<String> warnings = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public Phase begin(String name, long steps) {
            return () -> {};
          }

          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        };
    load(size, size, 1, progress);
    return warnings;
  }

  private void delete(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long count(ImageSet images, int label) {
    return IntStream.range(0, images.size()).filter(i -> images.label(i) == label).count();
  }

  private void makeClass(String part, String name, int images) {
    for (int i = 0; i < images; i++) {
      Photos.write(
          Photos.image(12, 10, 0x808080, 1000L * (part + name).hashCode() + i),
          folder.resolve(part + name + "/" + i + ".png"));
    }
  }

  private void assertRefused(String message) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> load(SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  private DataSet load(SplitSize validation, SplitSize test, long seed) throws IOException {
    return load(validation, test, seed, Progress.NONE);
  }

  private DataSet load(SplitSize validation, SplitSize test, long seed, Progress progress)
      throws IOException {
    DataSettings settings =
        new DataSettings("folder", folder.toString(), validation, test, seed, 32, 0.01);
    Path cache = folder.resolveSibling(folder.getFileName() + "-cache");
    return DataSets.load(settings, cache, 1, progress);
  }
}
