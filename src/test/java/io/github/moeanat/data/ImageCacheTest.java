package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Photos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {

  private static final int IMAGES = 24;

  @TempDir private Path folder;
  private final Recorder recorder = new Recorder();

  /** Counts decoded images and keeps warnings. */
  private static final class Recorder implements Progress {
    private int decoded;
    private int checked;
    private final List<String> warnings = new ArrayList<>();

    @Override
    public synchronized Phase begin(String name, long steps) {
      return () -> {
        if (name.equals("decoding images")) {
          decoded++;
        } else if (name.equals("checking the data set")) {
          checked++;
        }
      };
    }

    @Override
    public void warning(String message) {
      warnings.add(message);
    }
  }

  @BeforeEach
  void makeImages() {
    for (int i = 0; i < IMAGES; i++) {
      Photos.write(
          Photos.image(30 + i, 50 - i, 0x808080, i),
          folder.resolve("set/class%d/%02d.png".formatted(i % 2, i)));
    }
  }

  @Test
  void aSecondStartDecodesNoneAndSeesTheSame() throws IOException {
    DataSet first = load(20);
    assertEquals(IMAGES, recorder.decoded);
    DataSet second = load(20);
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(first.hash(), second.hash());
    ImageSet train = first.search().train();
    for (int i = 0; i < train.size(); i++) {
      assertEquals(20, Math.min(train.height(i), train.width(i)));
      assertEquals(train.label(i), second.search().train().label(i));
      assertArrayEquals(train.pixels(i), second.search().train().pixels(i));
    }
    assertEquals(List.of(), recorder.warnings);
  }

  @Test
  void pixelsAreThoseOfTheDecoderWhateverTheNumberOfThreads() throws IOException {
    Path one = folder.resolve("one");
    Path many = folder.resolve("many");
    ImageSet train = load(20, one, 1).search().train();
    load(20, many, 4);
    assertArrayEquals(Files.readAllBytes(cache(one)), Files.readAllBytes(cache(many)));
    Listing listing = DataSets.list(settings(20));
    int[] places = Parts.of("folder", listing, settings(20)).train();
    for (int i = 0; i < places.length; i++) {
      StoredImage image = listing.images().get(places[i]);
      Picture picture = new PhotoDecoder().decode(listing.folder().path(), image, 20);
      assertEquals(image.label(), train.label(i));
      assertArrayEquals(picture.bytes(), train.pixels(i));
    }
  }

  @Test
  void damagedCachesAreMadeAnew() throws IOException {
    String hash = load(20).hash();
    Path cache = cache(folder.resolve("cache"));
    byte[] good = Files.readAllBytes(cache);
    List<UnaryOperator<byte[]>> damages =
        List.of(
            bytes -> new byte[0],
            bytes -> Arrays.copyOf(bytes, bytes.length / 2),
            bytes -> Arrays.copyOf(bytes, bytes.length - 1),
            bytes -> Arrays.copyOf(bytes, bytes.length + 1),
            bytes -> without(bytes, 100, 90),
            bytes -> without(bytes, 0, bytes.length / 3),
            bytes -> flipped(bytes, bytes.length - 60),
            bytes -> flipped(bytes, bytes.length - 1),
            bytes -> flipped(bytes, bytes.length - 44));
    for (UnaryOperator<byte[]> damage : damages) {
      Files.write(cache, damage.apply(good.clone()));
      recorder.decoded = 0;
      recorder.warnings.clear();
      assertEquals(hash, load(20).hash());
      assertEquals(IMAGES, recorder.decoded);
      assertEquals(1, recorder.warnings.size());
      assertTrue(recorder.warnings.get(0).contains("is damaged"), recorder.warnings.get(0));
      assertArrayEquals(good, Files.readAllBytes(cache));
    }
  }

  @Test
  void damagedPixelsAreNamedWhenTheyAreReadAndMadeAnewByTheNextStart() throws IOException {
    String hash = load(20).hash();
    Path cache = cache(folder.resolve("cache"));
    byte[] good = Files.readAllBytes(cache);
    for (int place : new int[] {0, good.length / 3}) {
      Files.write(cache, flipped(good.clone(), place));
      DataSet damaged = load(20);
      String message =
          assertThrows(UncheckedIOException.class, () -> readAll(damaged)).getCause().getMessage();
      assertTrue(
          message.contains(cache.toString())
              && message.contains("is removed; starting again makes it anew"),
          message);
      recorder.decoded = 0;
      DataSet again = load(20);
      assertEquals(IMAGES, recorder.decoded);
      assertEquals(hash, again.hash());
      readAll(again);
      assertArrayEquals(good, Files.readAllBytes(cache));
    }
  }

  @Test
  void aCopyElsewhereIsReadOnceAndNeverDecoded() throws IOException {
    String hash = load(20).hash();
    Path copy = folder.resolve("copy");
    copySet(copy);
    assertEquals(hash, loadFrom(copy).hash());
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(IMAGES, recorder.checked);
    assertEquals(hash, loadFrom(copy).hash());
    assertEquals(hash, load(20).hash());
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(IMAGES, recorder.checked);
    assertEquals(List.of(), recorder.warnings);
  }

  @Test
  void touchedFilesAreReadOnceAndNotDecoded() throws IOException {
    String hash = load(20).hash();
    Files.setLastModifiedTime(
        folder.resolve("set/class0/00.png"), FileTime.fromMillis(1_000_000_000));
    assertEquals(hash, load(20).hash());
    assertEquals(hash, load(20).hash());
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(1, recorder.checked);
    // Without the times all files are read, and none is decoded.
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      Path times =
          files.filter(file -> file.toString().endsWith(".times")).findFirst().orElseThrow();
      Files.write(times, flipped(Files.readAllBytes(times), 40));
    }
    assertEquals(hash, load(20).hash());
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(1 + IMAGES, recorder.checked);
  }

  @Test
  void otherContentOfTheSameSizeIsNoticed() throws IOException {
    String hash = load(20).hash();
    Path changed = folder.resolve("set/class0/00.png");
    FileTime time = Files.getLastModifiedTime(changed);
    byte[] bytes = Files.readAllBytes(changed);
    // Still an image, but for the checksum of its last chunk.
    Files.write(changed, flipped(bytes, bytes.length - 1));
    Files.setLastModifiedTime(changed, time);
    // In its place nothing tells; a copy is read.
    load(20);
    assertEquals(IMAGES, recorder.decoded);
    Path copy = folder.resolve("copy");
    copySet(copy);
    Files.setLastModifiedTime(copy.resolve("class0/00.png"), time);
    loadFrom(copy);
    assertEquals(2 * IMAGES, recorder.decoded);
    assertTrue(
        recorder.warnings.get(0).contains("class0/00.png is not the file that the image cache"),
        recorder.warnings.get(0));
    // The cache is of the copy by now, and so is what the first folder holds.
    assertEquals(hash, load(20).hash());
    assertEquals(2 * IMAGES, recorder.decoded);
  }

  @Test
  void otherSettingsAndChangedFilesHaveCachesOfTheirOwn() throws IOException {
    String hash = load(20).hash();
    load(16);
    assertEquals(2 * IMAGES, recorder.decoded);
    Path changed = folder.resolve("set/class0/00.png");
    Photos.write(Photos.image(30, 50, 0x202020, 99), changed);
    Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000_000));
    assertNotEquals(hash, load(20).hash());
    assertEquals(3 * IMAGES, recorder.decoded);
  }

  @Test
  void splitAndSeedNeedNoDecoding() throws IOException {
    DataSet first = load(20);
    DataSettings other =
        new DataSettings("folder", set(), new SplitSize(4), new SplitSize(0.5), 7, 20, 0.01);
    DataSet second = DataSets.load(other, folder.resolve("cache"), 2, recorder);
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(4, second.search().validation().size());
    assertEquals(12, second.test().images().size());
    assertNotEquals(first.hash(), second.hash());
  }

  @Test
  void unreadableImagesAreNamedAndLeftOutUpToAShare() throws IOException {
    Files.writeString(folder.resolve("set/class1/05.png"), "no image");
    Exception refused = assertThrows(IllegalArgumentException.class, () -> load(20));
    assertTrue(
        refused.getMessage().startsWith("1 of 24 images in ")
            && refused.getMessage().contains("class1/05.png (no image format that is known)")
            && refused.getMessage().contains("share of 0.01 that data.maxCorrupt allows"),
        refused.getMessage());
    DataSettings lenient =
        new DataSettings("folder", set(), SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1, 20, 0.05);
    DataSet data = DataSets.load(lenient, folder.resolve("cache"), 2, recorder);
    assertEquals(IMAGES, recorder.decoded);
    assertEquals(
        IMAGES - 1,
        data.search().train().size()
            + data.search().validation().size()
            + data.test().images().size());
    assertTrue(recorder.warnings.get(0).endsWith("they are left out"), recorder.warnings.get(0));
  }

  @Test
  void whoStopsLeavesNothingBehind() throws IOException {
    Progress stopping =
        (name, steps) ->
            () -> {
              throw new CancellationException("stop");
            };
    assertThrows(
        CancellationException.class,
        () -> DataSets.load(settings(20), folder.resolve("cache"), 2, stopping));
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      assertEquals(0, files.count());
    }
  }

  // What lies beyond 2 GB is read through another map.
  @Test
  void imagesAreFoundInAnyNumberOfMaps() throws IOException {
    load(20);
    Path file = cache(folder.resolve("cache"));
    MappedPixels one = new MappedPixels(file, IMAGES, IMAGES);
    for (int most : new int[] {1, 2000, 5000, 20_000}) {
      MappedPixels many = new MappedPixels(file, IMAGES, IMAGES, most);
      for (int i = 0; i < IMAGES; i++) {
        byte[] expected = new byte[3 * one.height(i) * one.width(i)];
        byte[] found = expected.clone();
        one.read(i, expected);
        many.read(i, found);
        assertArrayEquals(expected, found);
      }
    }
  }

  @Test
  void viewsShareTheirPixels() throws IOException {
    ImageSet train = load(20).search().train();
    ImageSet view = train.select(3, 1, 3);
    assertEquals(3, view.size());
    assertArrayEquals(train.pixels(3), view.pixels(0));
    assertArrayEquals(train.pixels(1), view.select(1).pixels(0));
    assertEquals(train.label(3), view.label(2));
  }

  private static void readAll(DataSet data) {
    for (ImageSet images :
        List.of(data.search().train(), data.search().validation(), data.test().images())) {
      for (int i = 0; i < images.size(); i++) {
        images.pixels(i);
      }
    }
  }

  private void copySet(Path to) throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      String name = "class%d/%02d.png".formatted(i % 2, i);
      Files.createDirectories(to.resolve(name).getParent());
      Files.copy(folder.resolve("set").resolve(name), to.resolve(name));
    }
  }

  private DataSet loadFrom(Path set) throws IOException {
    DataSettings settings =
        new DataSettings(
            "folder", set.toString(), SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1, 20, 0.01);
    return DataSets.load(settings, folder.resolve("cache"), 2, recorder);
  }

  private static byte[] without(byte[] bytes, int from, int length) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, from + length, result, from, result.length - from);
    return result;
  }

  private static byte[] flipped(byte[] bytes, int place) {
    bytes[place] ^= 4;
    return bytes;
  }

  private static Path cache(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".cache")).findFirst().orElseThrow();
    }
  }

  private String set() {
    return folder.resolve("set").toString();
  }

  private DataSettings settings(int side) {
    return new DataSettings("folder", set(), SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1, side, 0.01);
  }

  private DataSet load(int side) throws IOException {
    return load(side, folder.resolve("cache"), 2);
  }

  private DataSet load(int side, Path cache, int threads) throws IOException {
    return DataSets.load(settings(side), cache, threads, recorder);
  }
}
