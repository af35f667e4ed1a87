package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  @TempDir private Path folder;

  @Test
  void aFileSaysOfItselfWhatItWasTold() throws IOException {
    Weights weights = new Weights.Builder().put("a", List.of(1), 1).build();
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(weights, file);
    assertEquals(Map.of(), Safetensors.metadata(file));
    Map<String, String> metadata = Map.of("architecture", "{\"ks\": [3]}", "\u00e9", "");
    Files.write(file, Safetensors.encode(weights, metadata));
    assertEquals(metadata, Safetensors.metadata(file));
    assertEquals(weights.hash(), Safetensors.read(file).hash());
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String odd = text.replace("\"\":\"\"", "\"\":[1]").replace(":\"\"", ":{}");
    Files.writeString(file, odd, StandardCharsets.ISO_8859_1);
    assertTrue(
        assertThrows(IOException.class, () -> Safetensors.metadata(file))
            .getMessage()
            .contains("expected texts"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x280, 0x880, 0xc680, 0x4b50})
  void isNoPickleAndNoArchiveWhateverTheLengthOfItsHeader(int length) throws IOException {
    Weights weights = new Weights.Builder().put("a", List.of(1), 1).build();
    int before = (int) header(Safetensors.encode(weights, Map.of("a", "")));
    byte[] bytes = Safetensors.encode(weights, Map.of("a", " ".repeat(length - before)));
    assertEquals(length, header(bytes));
    Path file = folder.resolve("long.safetensors");
    Files.write(file, bytes);
    assertEquals(weights.hash(), WeightsFile.read(file).weights().hash());
  }

  private static long header(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @Test
  void everyBitReturns() throws IOException {
    float[] odd = {
      Float.NaN, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7fc12345), 1
    };
    Weights weights =
        new Weights.Builder()
            .put("b", List.of(2, 3), odd)
            .putCounter("counter \"ä\"", Long.MIN_VALUE)
            .put("a", List.of(1), 1)
            .build();
    Path file = folder.resolve("deep/odd.safetensors");
    Safetensors.write(weights, file);
    Weights read = Safetensors.read(file);
    assertEquals(weights.names(), read.names());
    assertEquals(weights.hash(), read.hash());
    assertEquals(List.of(2, 3), read.shape("b"));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void everyHalfIsReadAndWrittenAsItself() throws IOException {
    Path file = folder.resolve("halves.safetensors");
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int half = 0; half < 1 << 16; half++) {
      all.putShort((short) half);
    }
    Files.write(file, file("F16", all));
    float[] values = Golden.values(Safetensors.read(file), "a");
    int finite = 0;
    for (int half = 0; half < 1 << 16; half++) {
      assertEquals(value(half), values[half], "half " + half);
      if (Float.isFinite(values[half])) {
        values[finite++] = values[half];
      }
    }
    assertEquals(2 * 31 * 1024, finite);
    Weights weights =
        new Weights.Builder()
            .put("a", List.of(finite), Arrays.copyOf(values, finite))
            .putCounter("b", Long.MIN_VALUE)
            .build();
    Safetensors.writeHalf(weights, Map.of(), file);
    Weights again = Safetensors.read(file);
    assertEquals(weights.hash(), again.hash());
    assertTrue(Files.size(file) < 2 * finite + 300);
  }

  @Test
  void valuesBetweenHalvesGoToTheNearestAndTheMiddleToTheEvenOne() {
    for (int half = 0; half < Half.of(Half.MAX); half++) {
      float low = value(half);
      float high = value(half + 1);
      float middle = (low + high) / 2;
      int even = half + (half & 1);
      assertEquals(even, Half.of(middle), "the middle " + middle);
      assertEquals(half, Half.of(Math.nextDown(middle)));
      assertEquals(half + 1, Half.of(Math.nextUp(middle)));
      assertEquals((short) (0x8000 | even), Half.of(-middle));
    }
    assertEquals(0, Half.of(Float.MIN_VALUE));
    assertEquals((short) 0x8000, Half.of(-0f));
    assertEquals(Half.of(Half.MAX), Half.of(Math.nextDown(65520f)));
    for (float beyond : new float[] {65520, 65536, 1e30f, Float.POSITIVE_INFINITY}) {
      assertEquals(Float.POSITIVE_INFINITY, value(Half.of(beyond)));
      assertEquals(Float.NEGATIVE_INFINITY, value(Half.of(-beyond) & 0xffff));
    }
    assertTrue(Float.isNaN(value(Half.of(Float.NaN))));
  }

  @Test
  void whatIsNotFiniteIn16BitsIsNamedAndNotWritten() throws IOException {
    Path file = folder.resolve("large.safetensors");
    for (float large : new float[] {-65520, Float.POSITIVE_INFINITY, Float.NaN}) {
      Weights weights =
          new Weights.Builder()
              .put("fine", List.of(1), 65519)
              .put("big", List.of(2), 1, large)
              .build();
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> Safetensors.writeHalf(weights, Map.of(), file));
      assertEquals(
          "tensor big holds %s, expected finite numbers up to 65504.0, the largest of 16 bits"
              .formatted(large),
          error.getMessage());
      try (var files = Files.list(folder)) {
        assertEquals(0, files.count());
      }
    }
  }

  @Test
  void halvesOfOtherProgramsThatCutTheMantissaAreRead() throws IOException {
    float[] values = {1, -2.5f, 0x1p-130f, 3e38f, 0, Float.NEGATIVE_INFINITY};
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    Path file = folder.resolve("a.safetensors");
    Files.write(file, file("BF16", bytes));
    float[] read = Golden.values(Safetensors.read(file), "a");
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], read[i], Math.abs(values[i]) / 128);
    }
  }

  @Test
  void aSupernetOfHalvesIsHalfAsLargeAndAllButTheSame() throws IOException {
    Path file = folder.resolve("half.safetensors");
    Safetensors.writeHalf(Digits.weights(), Map.of(), file);
    long whole = Files.size(Digits.file("supernet.safetensors"));
    assertTrue(Files.size(file) < 0.55 * whole, Files.size(file) + " of " + whole);
    Weights read = Safetensors.read(file);
    read.requireShapes(Digits.NETWORK, Digits.SPACE);
    for (String name : read.names()) {
      if (read.isCounter(name)) {
        assertEquals(Digits.weights().counter(name), read.counter(name));
      } else {
        float[] before = Golden.values(Digits.weights(), name);
        float[] after = Golden.values(read, name);
        for (int i = 0; i < before.length; i++) {
          assertEquals(before[i], after[i], Math.max(0x1p-25, Math.abs(before[i]) * 0x1p-11));
        }
      }
    }
  }

  @Test
  void writingTheSameGivesTheSameFile() throws IOException {
    Path file = folder.resolve("copy.safetensors");
    Safetensors.write(Digits.weights(), file);
    Safetensors.write(Digits.weights(), file);
    assertArrayEquals(
        Files.readAllBytes(Digits.file("supernet.safetensors")), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":\"2\",\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[8],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[999999999999999,999999999999999],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2,0],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[250000000],\"data_offsets\":[0,1000000000]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
      })
  void hostileHeadersAreRefused(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    requireRefused(file(json.length, json, 8));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 1, 1L << 31, 100})
  void hostileLengthsAreRefused(long length) throws IOException {
    requireRefused(file(length, "{}".getBytes(StandardCharsets.UTF_8), 8));
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    byte[] deep = "{\"a\":".concat("[".repeat(200_000)).getBytes(StandardCharsets.UTF_8);
    requireRefused(file(deep.length, deep, 0));
  }

  @Test
  void truncatedAndExtendedFilesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Digits.file("supernet.safetensors"));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 30; i++) {
      int length = i < 10 ? i : random.nextInt(whole.length);
      requireRefused(Arrays.copyOf(whole, length));
    }
    requireRefused(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(Digits.file("supernet.safetensors"));
    SplittableRandom random = new SplittableRandom(2);
    Path file = folder.resolve("damaged.safetensors");
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(60_000)] = (byte) random.nextInt();
      Files.write(file, damaged);
      try {
        Safetensors.read(file);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("damaged.safetensors"), e::getMessage);
      }
    }
  }

  private void requireRefused(byte[] bytes) throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, bytes);
    IOException e = assertThrows(IOException.class, () -> Safetensors.read(file));
    assertTrue(e.getMessage().contains("hostile.safetensors"), e::getMessage);
  }

  /** The value of a half by its definition; a zero has its sign. */
  private static float value(int half) {
    int exponent = half >>> 10 & 31;
    int mantissa = half & 1023;
    double size =
        switch (exponent) {
          case 0 -> mantissa * 0x1p-24;
          case 31 -> mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1024 + mantissa) * Math.pow(2, exponent - 25);
        };
    return (float) (half >>> 15 == 0 ? size : -size);
  }

  /** A file of one tensor. */
  private static byte[] file(String type, ByteBuffer values) {
    byte[] json =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(type, values.capacity() / 2, values.capacity())
            .getBytes(StandardCharsets.UTF_8);
    byte[] file = file(json.length, json, values.capacity());
    values.rewind().get(file, 8 + json.length, values.capacity());
    return file;
  }

  private static byte[] file(long length, byte[] header, int values) {
    return ByteBuffer.allocate(8 + header.length + values)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .array();
  }
}
