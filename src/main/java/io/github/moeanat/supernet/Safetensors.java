package io.github.moeanat.supernet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.moeanat.internal.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights in {@code .safetensors} files: eight bytes with the length of a JSON header, the header,
 * the values. DJL's own reader trusts offsets and lengths, and its writer loses the order, so this
 * one checks everything a file says before it allocates what the file asks for.
 */
public final class Safetensors {

  private static final int LENGTH_BYTES = 8;

  /** Bytes that {@link #begins} looks at. */
  static final int START_BYTES = LENGTH_BYTES + 1;

  private static final long LONGEST_HEADER = 16L << 20;
  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8;
  private static final String METADATA = "__metadata__";
  private static final Map<String, TorchType> TYPES =
      Map.of(
          "F32", TorchType.FLOAT32,
          "F16", TorchType.FLOAT16,
          "BF16", TorchType.BFLOAT16,
          "I64", TorchType.INT64);

  private Safetensors() {}

  private record Entry(String name, TorchType type, List<Integer> shape, long from, long to) {}

  /**
   * Reads floating point tensors of 32 or 16 bits and 64-bit counters.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static Weights read(Path file) throws IOException {
    return decode(file.toString(), bytes(file));
  }

  /** Returns the bytes of a file that is not too large to be read. */
  static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST_FILE) {
      throw new IOException(
          "%s has %d bytes, more than the %d that are read".formatted(file, size, LARGEST_FILE));
    }
    return Files.readAllBytes(file);
  }

  /**
   * Decodes what {@link #encode} or a file holds.
   *
   * @param source where the bytes come from, for messages
   * @throws IOException naming the source and what is wrong with it
   */
  public static Weights decode(String source, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = headerLength(source, buffer);
    String header = new String(bytes, LENGTH_BYTES, length, StandardCharsets.UTF_8);
    List<Entry> entries = entries(source, header);
    int start = LENGTH_BYTES + length;
    requireCovered(source, entries, bytes.length - start);
    Weights.Builder builder = new Weights.Builder();
    for (Entry entry : entries) {
      int from = start + (int) entry.from();
      if (entry.type() == TorchType.INT64) {
        builder.putCounter(entry.name(), buffer.getLong(from));
      } else {
        TorchType type = entry.type();
        float[] floats = new float[(int) (entry.to() - entry.from()) / type.bytes()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = type.floatAt(buffer, from + i * type.bytes());
        }
        builder.put(entry.name(), entry.shape(), floats);
      }
    }
    return builder.build();
  }

  /**
   * Returns whether a file begins with a length that it has room for and a JSON object.
   *
   * @param start its first bytes, {@link #START_BYTES} unless it is shorter
   */
  static boolean begins(byte[] start, long size) {
    if (start.length < START_BYTES || start[LENGTH_BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length >= 2 && length <= Math.min(LONGEST_HEADER, size - LENGTH_BYTES);
  }

  private static int headerLength(String source, ByteBuffer buffer) throws IOException {
    int size = buffer.limit();
    if (size < LENGTH_BYTES) {
      throw damaged(source, size + " bytes are too few for a safetensors file");
    }
    long length = buffer.getLong(0);
    if (length < 2 || length > Math.min(LONGEST_HEADER, size - LENGTH_BYTES)) {
      throw damaged(
          source, "the header's length is given as %d, the file has %d".formatted(length, size));
    }
    return (int) length;
  }

  /**
   * Reads what a file says of itself beside its tensors; empty if it says nothing.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static Map<String, String> metadata(Path file) throws IOException {
    return metadata(file.toString(), bytes(file));
  }

  /**
   * Reads what the bytes of a file say of it beside its tensors; empty if they say nothing.
   *
   * @param source where the bytes come from, for messages
   * @throws IOException naming the source and what is wrong with it
   */
  public static Map<String, String> metadata(String source, byte[] bytes) throws IOException {
    int length = headerLength(source, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    JsonObject header =
        header(source, new String(bytes, LENGTH_BYTES, length, StandardCharsets.UTF_8));
    JsonElement texts = header.get(METADATA);
    Map<String, String> metadata = new TreeMap<>();
    if (texts != null) {
      if (!texts.isJsonObject()) {
        throw damaged(source, METADATA + " is not a JSON object");
      }
      for (Map.Entry<String, JsonElement> entry : texts.getAsJsonObject().entrySet()) {
        if (!entry.getValue().isJsonPrimitive()) {
          throw damaged(source, METADATA + " holds " + entry.getValue() + ", expected texts");
        }
        metadata.put(entry.getKey(), entry.getValue().getAsString());
      }
    }
    return metadata;
  }

  /** Returns the bytes of a file of these weights. */
  public static byte[] encode(Weights weights) {
    return encode(weights, Map.of());
  }

  /** Returns the bytes of a file of these weights that says something of itself, by key. */
  public static byte[] encode(Weights weights, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writeTo(weights, metadata, false, Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes weights. The file appears whole or not at all, also if the process is killed.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Weights weights, Path file) throws IOException {
    write(weights, Map.of(), file);
  }

  /**
   * Writes weights as {@link #write(Weights, Path)} does.
   *
   * @param metadata what the file says of itself, by key
   * @throws IOException if it cannot be written
   */
  public static void write(Weights weights, Map<String, String> metadata, Path file)
      throws IOException {
    write(weights, metadata, false, file);
  }

  /**
   * Writes weights as {@link #write(Weights, Path)} does, with tensors rounded to 16 bits: to the
   * nearest value, the even one of two.
   *
   * @param metadata what the file says of itself, by key
   * @throws IllegalArgumentException if a value is not finite in 16 bits; the message names its
   *     tensor, and there is no file
   * @throws IOException if it cannot be written
   */
  public static void writeHalf(Weights weights, Map<String, String> metadata, Path file)
      throws IOException {
    write(weights, metadata, true, file);
  }

  private static void write(Weights weights, Map<String, String> metadata, boolean half, Path file)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    AtomicFile.write(file, stream -> writeTo(weights, metadata, half, Channels.newChannel(stream)));
  }

  private static void writeTo(
      Weights weights, Map<String, String> metadata, boolean half, WritableByteChannel channel)
      throws IOException {
    // Eight-byte values first: readers map tensors in place and want them aligned.
    List<String> placed = new ArrayList<>(weights.names());
    placed.sort(Comparator.comparing(name -> !weights.isCounter(name)));
    JsonObject offsets = new JsonObject();
    long offset = 0;
    for (String name : placed) {
      JsonArray range = new JsonArray();
      range.add(offset);
      offset += size(weights, name, half);
      range.add(offset);
      offsets.add(name, range);
    }
    JsonObject header = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject texts = new JsonObject();
      new TreeMap<>(metadata).forEach(texts::addProperty);
      header.add(METADATA, texts);
    }
    for (String name : weights.names()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", weights.isCounter(name) ? "I64" : half ? "F16" : "F32");
      JsonArray shape = new JsonArray();
      weights.shape(name).forEach(shape::add);
      entry.add("shape", shape);
      entry.add("data_offsets", offsets.get(name));
      header.add(name, entry);
    }
    String json = header.toString();
    int padding = Math.floorMod(-json.getBytes(StandardCharsets.UTF_8).length, LENGTH_BYTES);
    byte[] bytes = (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(channel, length.putLong(bytes.length).flip());
    write(channel, ByteBuffer.wrap(bytes));
    for (String name : placed) {
      write(channel, ByteBuffer.wrap(bytes(weights, name, half)));
    }
  }

  private static int size(Weights weights, String name, boolean half) {
    return weights.isCounter(name)
        ? Long.BYTES
        : weights.values(name).remaining() * (half ? Short.BYTES : Float.BYTES);
  }

  private static byte[] bytes(Weights weights, String name, boolean half) {
    if (!half || weights.isCounter(name)) {
      return weights.bytes(name);
    }
    FloatBuffer values = weights.values(name);
    ByteBuffer halves =
        ByteBuffer.allocate(Short.BYTES * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float value = values.get();
      short rounded = Half.of(value);
      if (!Half.isFinite(rounded)) {
        throw new IllegalArgumentException(
            "tensor %s holds %s, expected finite numbers up to %s, the largest of 16 bits"
                .formatted(name, value, Half.MAX));
      }
      halves.putShort(rounded);
    }
    return halves.array();
  }

  private static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static JsonObject header(String file, String json) throws IOException {
    try {
      JsonElement parsed = JsonParser.parseString(json);
      if (!parsed.isJsonObject()) {
        throw damaged(file, "the header is not a JSON object");
      }
      return parsed.getAsJsonObject();
    } catch (JsonParseException e) {
      throw new IOException(file + " is damaged: the header is not JSON", e);
    }
  }

  private static List<Entry> entries(String file, String json) throws IOException {
    JsonObject header = header(file, json);
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonElement> tensor : header.entrySet()) {
      if (!tensor.getKey().equals(METADATA)) {
        entries.add(entry(file, tensor.getKey(), tensor.getValue()));
      }
    }
    return entries;
  }

  private static Entry entry(String file, String name, JsonElement element) throws IOException {
    if (!element.isJsonObject()) {
      throw damaged(file, "the entry of tensor " + name + " is not a JSON object");
    }
    JsonObject object = element.getAsJsonObject();
    JsonElement dtype = object.get("dtype");
    String type = dtype != null && dtype.isJsonPrimitive() ? dtype.getAsString() : "missing";
    List<Long> dimensions = numbers(file, name, object.get("shape"));
    List<Long> offsets = numbers(file, name, object.get("data_offsets"));
    TorchType known = TYPES.get(type);
    if (known == null || (known == TorchType.INT64 && !dimensions.isEmpty())) {
      throw new IOException(
          "%s: tensor %s has type %s and %d axes; expected F32, F16 or BF16, or I64 without axes"
              .formatted(file, name, type, dimensions.size()));
    }
    long bytes = known.bytes();
    List<Integer> shape = new ArrayList<>();
    for (long dimension : dimensions) {
      // Both factors stay below 2^31, so that the product cannot overflow.
      bytes *= dimension;
      if (dimension > Integer.MAX_VALUE || bytes > Integer.MAX_VALUE) {
        throw damaged(file, "tensor %s has shape %s".formatted(name, dimensions));
      }
      shape.add((int) dimension);
    }
    if (offsets.size() != 2 || offsets.get(1) - offsets.get(0) != bytes) {
      throw damaged(
          file,
          "tensor %s of shape %s needs %d bytes and has offsets %s"
              .formatted(name, dimensions, bytes, offsets));
    }
    return new Entry(name, known, shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> numbers(String file, String name, JsonElement element)
      throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (element == null || !element.isJsonArray()) {
      throw damaged(file, "tensor " + name + " lacks its shape or its offsets");
    }
    for (JsonElement number : element.getAsJsonArray()) {
      if (!number.isJsonPrimitive() || !number.getAsString().matches("\\d{1,15}")) {
        throw damaged(file, "tensor " + name + " has " + number + " where a number belongs");
      }
      numbers.add(Long.parseLong(number.getAsString()));
    }
    return numbers;
  }

  private static void requireCovered(String file, List<Entry> entries, long bytes)
      throws IOException {
    long next = 0;
    for (Entry entry : entries.stream().sorted(Comparator.comparingLong(Entry::to)).toList()) {
      if (entry.from() != next) {
        throw damaged(
            file,
            "tensor %s begins at byte %d of the values, expected %d"
                .formatted(entry.name(), entry.from(), next));
      }
      next = entry.to();
    }
    if (next != bytes) {
      throw damaged(file, "it has %d bytes of values, expected %d".formatted(bytes, next));
    }
  }

  private static IOException damaged(String file, String what) {
    return new IOException(file + " is damaged: " + what);
  }
}
