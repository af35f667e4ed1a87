package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarLayoutTest {

  private static final int RECORD = 3073;

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void thePartOfCifar10ThatIsThereIsReadWithAWarning() throws IOException {
    Path set = Shared.path("data/cifar-10-subset");
    DataSet data = load("cifar10", set, new SplitSize(0.1));
    assertEquals(9000, data.search().train().size());
    assertEquals(1000, data.search().validation().size());
    assertEquals(2000, data.test().images().size());
    assertEquals(10, data.search().classes());
    for (int label = 0; label < 10; label++) {
      int wanted = label;
      ImageSet validation = data.search().validation();
      long images = IntStream.range(0, 1000).filter(i -> validation.label(i) == wanted).count();
      assertEquals(100, images);
    }
    byte[] file = Files.readAllBytes(set.resolve("test_batch.bin"));
    for (int i : new int[] {0, 17, 1999}) {
      assertEquals(file[i * RECORD], data.test().images().label(i));
      assertArrayEquals(
          Arrays.copyOfRange(file, i * RECORD + 1, (i + 1) * RECORD),
          data.test().images().pixels(i));
    }
    assertEquals(2, warnings.size());
    assertTrue(warnings.get(0).contains("holds 10000 of 50000 training images; the whole set is"));
  }

  @Test
  void cifar100HasItsClassInTheSecondByte() throws IOException {
    Path set = Shared.path("data/cifar-100-binary");
    DataSet data = load("cifar100", set, new SplitSize(5000));
    assertEquals(45_000, data.search().train().size());
    assertEquals(10_000, data.test().images().size());
    assertEquals(
        100, IntStream.range(0, 5000).map(data.search().validation()::label).distinct().count());
    byte[] file = Files.readAllBytes(set.resolve("test.bin"));
    assertEquals(file[3 * 3074 + 1], data.test().images().label(3));
    assertArrayEquals(
        Arrays.copyOfRange(file, 3 * 3074 + 2, 4 * 3074), data.test().images().pixels(3));
    assertEquals(List.of(), warnings);
  }

  @Test
  void filesAreFoundWithAndWithoutTheArchivesFolder() throws IOException {
    Path inner = folder.resolve("cifar-10-batches-bin");
    Files.createDirectories(inner);
    Files.write(inner.resolve("data_batch_1.bin"), new byte[4 * RECORD]);
    Files.write(inner.resolve("data_batch_2.bin"), new byte[2 * RECORD]);
    Files.write(inner.resolve("test_batch.bin"), new byte[RECORD]);
    DataSet outer = load("cifar10", folder, new SplitSize(2));
    assertEquals(4, outer.search().train().size());
    assertEquals(outer.hash(), load("cifar10", inner, new SplitSize(2)).hash());
  }

  @Test
  void missingAndDamagedFilesAreNamed() throws IOException {
    assertRefused(
        "data_batch_1.bin is missing; expected the unpacked cifar-10-binary.tar.gz of https://www");
    Files.write(folder.resolve("data_batch_1.bin"), new byte[4 * RECORD]);
    assertRefused("test_batch.bin is missing; expected the unpacked");
    Files.write(folder.resolve("test_batch.bin"), new byte[RECORD]);
    Files.write(folder.resolve("data_batch_4.bin"), new byte[RECORD]);
    assertRefused("data_batch_3.bin is missing; expected the unpacked");
    Files.delete(folder.resolve("data_batch_4.bin"));
    Files.write(folder.resolve("data_batch_1.bin"), new byte[4 * RECORD - 1]);
    assertRefused("data_batch_1.bin: 12291 bytes, expected a multiple of 3073; it is not whole");
    byte[] wrong = new byte[4 * RECORD];
    wrong[2 * RECORD] = 10;
    Files.write(folder.resolve("data_batch_1.bin"), wrong);
    assertRefused("data_batch_1.bin: image 2 has class 10, expected 0 to 9");
    Files.write(folder.resolve("data_batch_1.bin"), new byte[0]);
    assertRefused("data_batch_1.bin: 0 bytes");
  }

  @Test
  void splitsThatCannotBeMadeAreRefused() throws IOException {
    Files.write(folder.resolve("data_batch_1.bin"), new byte[4 * RECORD]);
    Files.write(folder.resolve("test_batch.bin"), new byte[RECORD]);
    Exception official =
        assertThrows(
            IllegalArgumentException.class, () -> load("cifar10", folder, SplitSize.OFFICIAL));
    assertTrue(official.getMessage().contains("has no validation images; expected a share"));
    Exception all =
        assertThrows(
            IllegalArgumentException.class, () -> load("cifar10", folder, new SplitSize(4)));
    assertTrue(all.getMessage().contains("data.validation is 4, which leaves no images"));
    DataSettings test =
        new DataSettings(
            "cifar10", folder.toString(), new SplitSize(1), new SplitSize(1), 1, 32, 0);
    Exception twice =
        assertThrows(
            IllegalArgumentException.class,
            () -> DataSets.load(test, folder.resolve("cache"), 1, Progress.NONE));
    assertTrue(twice.getMessage().contains("test images come with the data set"));
  }

  private void assertRefused(String message) {
    Exception refused =
        assertThrows(Exception.class, () -> load("cifar10", folder, new SplitSize(1)));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
  }

  private DataSet load(String name, Path set, SplitSize validation) throws IOException {
    Progress progress =
        new Progress() {
          @Override
          public Phase begin(String phase, long steps) {
            return () -> {};
          }

          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        };
    DataSettings settings =
        new DataSettings(name, set.toString(), validation, SplitSize.OFFICIAL, 1, 32, 0.01);
    return DataSets.load(settings, folder.resolve("cache"), 2, progress);
  }
}
