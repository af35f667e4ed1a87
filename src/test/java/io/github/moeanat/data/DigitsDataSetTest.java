package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Shared;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

class DigitsDataSetTest {

  private static final String IMAGES = "/data/digits/digits.csv.gz";
  private static final String SPLIT = "/data/digits/split.txt";

  @Test
  void isFoundByNameAndHasItsParts() throws IOException {
    DataSet digits = load("Digits");
    assertEquals("digits", digits.name());
    assertEquals(10, digits.search().classes());
    assertEquals(1097, digits.search().train().size());
    assertEquals(300, digits.search().validation().size());
    assertEquals(400, digits.test().images().size());
    assertEquals(1, digits.search().train().channels());
    assertEquals(8, digits.search().train().height(0));
    assertEquals(8, digits.search().train().width(0));
    assertTrue(DataSets.names().contains("digits"));
    Exception unknown = assertThrows(IllegalArgumentException.class, () -> load("mnist"));
    assertTrue(unknown.getMessage().startsWith("no data set is named 'mnist', expected one of "));
  }

  private static DataSet load(String name) throws IOException {
    return DataSets.load(DataSettings.of(name, ""), Path.of("unused"), 1, Progress.NONE);
  }

  // Results name the data they came from by this hash, so it must never change by accident.
  @Test
  void hashIsThatOfImagesLabelsAndSplit() throws IOException {
    DataSet digits = DigitsDataSet.load();
    assertEquals("09a664317498cea38f8e4d7356d9541feff83416eba713cda825e61600b0d7dd", digits.hash());
    SearchData search = digits.search();
    SearchData exchanged =
        new SearchData(10, /* train= */ search.validation(), /* validation= */ search.train());
    assertTrue(!digits.hash().equals(DataSet.of("digits", exchanged, digits.test()).hash()));
  }

  @Test
  void imagesLabelsAndSplitAreThoseOfTheGoldenVectors() throws IOException {
    DataSet digits = DigitsDataSet.load();
    try (ZipFile golden = new ZipFile(Shared.path("golden/w0.25_digits/digits.npz").toFile())) {
      ByteBuffer images = array(golden, "images8");
      ByteBuffer labels = array(golden, "labels");
      assertPart(digits.search().train(), array(golden, "train"), images, labels);
      assertPart(digits.search().validation(), array(golden, "val"), images, labels);
      assertPart(digits.test().images(), array(golden, "test"), images, labels);
    }
  }

  @Test
  void damageIsNamedWithFileAndLine() throws IOException {
    assertDamaged("line 3: expected 65 numbers, found 64", edit(2, l -> l.substring(2)));
    assertDamaged("line 5: expected an integer from 0 to 16, found '17'", edit(4, set(7, "17")));
    assertDamaged("line 5: expected an integer from 0 to 16, found '-1'", edit(4, set(7, "-1")));
    assertDamaged("line 5: expected an integer from 0 to 16, found 'x'", edit(4, set(7, "x")));
    assertDamaged("line 9: expected an integer from 0 to 9, found '10'", edit(8, set(64, "10")));
    List<String> lines = lines();
    assertDamaged("line 1797: expected 1797 lines, found the end", pack(lines.subList(0, 1796)));
    byte[] whole = resource(IMAGES);
    assertDamaged("cannot be uncompressed", Arrays.copyOf(whole, whole.length / 2));
    assertDamaged("line 1: cannot be uncompressed", new byte[0]);
    assertDamaged("line 1: cannot be uncompressed", new byte[100]);
    byte[] flipped = whole.clone();
    flipped[whole.length - 6] ^= 1;
    assertDamaged("cannot be uncompressed", flipped);
    ArrayList<String> longer = new ArrayList<>(lines);
    longer.add(lines.get(0));
    assertDamaged("line 1798: expected no more than 1797 lines", pack(longer));
  }

  @Test
  void aDamagedSplitIsNamedWithFileAndLine() throws IOException {
    String split = new String(resource(SPLIT), StandardCharsets.US_ASCII);
    assertSplit("line 1: image 1081 occurs twice", split.replaceFirst(" 1707", " 1081"));
    assertSplit("line 1: expected 'train' and 1097", split.replaceFirst(" 1707", ""));
    assertSplit("line 2: expected 'validation' and 300", split.replaceFirst("validation", "val"));
    assertSplit(
        "line 1: expected an integer from 0 to 1796, found '1797'",
        split.replaceFirst(" 1707", " 1797"));
    assertSplit(
        "line 3: expected 'test' and 400 numbers", split.substring(0, split.indexOf("test")));
  }

  private static void assertPart(
      ImageSet part, ByteBuffer numbers, ByteBuffer images, ByteBuffer labels) {
    assertEquals(numbers.remaining() / 2, part.size());
    for (int i = 0; i < part.size(); i++) {
      int image = numbers.getShort();
      assertEquals(labels.get(labels.position() + image), part.label(i));
      for (int p = 0; p < 64; p++) {
        assertEquals(images.get(images.position() + 64 * image + p), part.pixels(i)[p]);
      }
    }
  }

  // The little part of NumPy's format that this file uses: after the magic and the version, a
  // 16-bit length and a header of that length come before the values.
  private static ByteBuffer array(ZipFile file, String name) throws IOException {
    try (InputStream stream =
        file.getInputStream(Objects.requireNonNull(file.getEntry(name + ".npy")))) {
      ByteBuffer all = ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return all.position(10 + all.getShort(8));
    }
  }

  private static UnaryOperator<String> set(int field, String value) {
    return line -> {
      String[] fields = line.split(",");
      fields[field] = value;
      return String.join(",", fields);
    };
  }

  private static byte[] edit(int line, UnaryOperator<String> edit) throws IOException {
    List<String> lines = new ArrayList<>(lines());
    lines.set(line, edit.apply(lines.get(line)));
    return pack(lines);
  }

  private static List<String> lines() throws IOException {
    try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(resource(IMAGES)))) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static byte[] pack(List<String> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
      stream.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  private static void assertDamaged(String message, byte[] images) throws IOException {
    assertRefused(IMAGES, message, images, resource(SPLIT));
  }

  private static void assertSplit(String message, String split) throws IOException {
    byte[] bytes = split.getBytes(StandardCharsets.US_ASCII);
    assertRefused(SPLIT, message, resource(IMAGES), bytes);
  }

  private static void assertRefused(String file, String message, byte[] images, byte[] split) {
    String found =
        assertThrows(
                IOException.class,
                () ->
                    DigitsDataSet.read(
                        new ByteArrayInputStream(images), new ByteArrayInputStream(split)))
            .getMessage();
    assertTrue(found.startsWith(file + ", line ") && found.contains(message), found);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = DigitsDataSet.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    }
  }
}
