package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Digits;
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
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}",
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

  private static byte[] file(long length, byte[] header, int values) {
    return ByteBuffer.allocate(8 + header.length + values)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .array();
  }
}
