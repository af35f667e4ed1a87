package io.github.moeanat.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.SearchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Subnets in OFA's form: kernel sizes {@code ks} and expand ratios {@code e} of all layer slots,
 * depths {@code d} of the stages, resolution {@code r} and width {@code w}. Slots past a stage's
 * depth are written as 0. Other keys are ignored in reading, as OFA's own files have some.
 */
public final class SubnetJson {

  private static final Gson GSON = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  private final SearchSpace space;
  private final ArchitectureCodec codec;

  /** Creates the reader and writer of a search space's subnets. */
  public SubnetJson(SearchSpace space) {
    this.space = space;
    this.codec = new ArchitectureCodec(space);
  }

  /**
   * Returns the text for a subnet, on one line.
   *
   * @throws IllegalArgumentException if the subnet is not in the space
   */
  public String toJson(Architecture architecture) {
    codec.encode(architecture);
    JsonArray kernels = new JsonArray();
    JsonArray expands = new JsonArray();
    JsonArray depths = new JsonArray();
    for (List<Layer> stage : architecture.stages()) {
      depths.add(stage.size());
      for (int slot = 0; slot < space.maxDepth(); slot++) {
        boolean active = slot < stage.size();
        kernels.add(active ? stage.get(slot).kernelSize() : 0);
        expands.add(active ? stage.get(slot).expandRatio() : 0);
      }
    }
    JsonObject json = new JsonObject();
    json.add("ks", kernels);
    json.add("e", expands);
    json.add("d", depths);
    json.addProperty("r", architecture.resolution());
    json.addProperty("w", architecture.width());
    return GSON.toJson(json);
  }

  /**
   * Writes a subnet to a file.
   *
   * @throws IllegalArgumentException if the subnet is not in the space
   * @throws IOException if the file can't be written
   */
  public void write(Path file, Architecture architecture) throws IOException {
    String json = toJson(architecture);
    AtomicFile.writeText(file, writer -> writer.append(json).append('\n'));
  }

  /**
   * Reads a subnet from a file.
   *
   * @throws IllegalArgumentException if the file can't be read or does not hold a subnet of the
   *     space; the message names file, key, value and what is expected
   */
  public Architecture read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + file + ": " + IoReason.of(file, e), e);
    }
    return parse(file.toString(), text);
  }

  /**
   * Reads a subnet from a text. The lists {@code ks} and {@code e} may have an entry for each slot,
   * of which those past a stage's depth are ignored, or one for each active layer only.
   *
   * @param source where the text stands, for messages
   * @throws IllegalArgumentException as for {@link #read}
   */
  public Architecture parse(String source, String text) {
    JsonElement json;
    try {
      json = GSON.fromJson(text, JsonElement.class);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          source + ": not JSON, expected an object with the keys ks, e, d, r, w", e);
    }
    if (json == null || !json.isJsonObject()) {
      throw new IllegalArgumentException(
          source + ": not a JSON object, expected one with the keys ks, e, d, r, w");
    }
    return new Reader(source, json.getAsJsonObject()).architecture();
  }

  private final class Reader {

    private final String source;
    private final JsonObject json;

    Reader(String source, JsonObject json) {
      this.source = source;
      this.json = json;
    }

    Architecture architecture() {
      List<Integer> depths = depths();
      List<Integer> kernels = layers("ks", depths, space.kernelSizes());
      List<Integer> expands = layers("e", depths, space.expandRatios());
      List<List<Layer>> stages = new ArrayList<>();
      int next = 0;
      for (int depth : depths) {
        List<Layer> stage = new ArrayList<>();
        for (int i = 0; i < depth; i++, next++) {
          stage.add(new Layer(kernels.get(next), expands.get(next)));
        }
        stages.add(stage);
      }
      return new Architecture(integer("r", get("r"), space.resolutions()), width(), stages);
    }

    private List<Integer> depths() {
      JsonArray array = array("d");
      if (array.size() != SearchSpace.STAGES) {
        throw refusal(
            "d", array, "a list of " + SearchSpace.STAGES + " depths, one for each stage");
      }
      List<Integer> choices = new ArrayList<>();
      for (int depth = space.minDepth(); depth <= space.maxDepth(); depth++) {
        choices.add(depth);
      }
      List<Integer> depths = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        depths.add(integer("d[" + i + "]", array.get(i), choices));
      }
      return depths;
    }

    // Entries of active layers only.
    private List<Integer> layers(String key, List<Integer> depths, List<Integer> choices) {
      JsonArray array = array(key);
      int active = depths.stream().mapToInt(Integer::intValue).sum();
      boolean full = array.size() == space.slots();
      if (!full && array.size() != active) {
        throw new IllegalArgumentException(
            "%s: %s has %d entries, expected %d (one for each slot) or %d (one for each layer in d)"
                .formatted(source, key, array.size(), space.slots(), active));
      }
      List<Integer> values = new ArrayList<>();
      int next = 0;
      for (int depth : depths) {
        for (int i = 0; i < depth; i++) {
          values.add(integer(key + "[" + (next + i) + "]", array.get(next + i), choices));
        }
        next += full ? space.maxDepth() : depth;
      }
      return values;
    }

    private double width() {
      JsonElement value = get("w");
      if (!isNumber(value) || !space.widths().contains(value.getAsDouble())) {
        throw refusal("w", value, oneOf(space.widths()));
      }
      return value.getAsDouble();
    }

    private int integer(String key, JsonElement value, List<Integer> choices) {
      for (int choice : choices) {
        if (isNumber(value) && value.getAsDouble() == choice) {
          return choice;
        }
      }
      throw refusal(key, value, oneOf(choices));
    }

    private JsonArray array(String key) {
      JsonElement value = get(key);
      if (!value.isJsonArray()) {
        throw refusal(key, value, "a list of whole numbers");
      }
      return value.getAsJsonArray();
    }

    private JsonElement get(String key) {
      JsonElement value = json.get(key);
      if (value == null) {
        throw new IllegalArgumentException(source + ": key '" + key + "' is missing");
      }
      return value;
    }

    private static boolean isNumber(JsonElement value) {
      return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static String oneOf(List<?> choices) {
      String list = String.join(", ", choices.stream().map(String::valueOf).toList());
      return choices.size() == 1 ? list : "one of " + list;
    }

    private IllegalArgumentException refusal(String key, JsonElement value, String expected) {
      return new IllegalArgumentException(
          "%s: %s is %s, expected %s".formatted(source, key, value, expected));
    }
  }
}
