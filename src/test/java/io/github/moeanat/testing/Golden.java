package io.github.moeanat.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Golden vectors of the original Python code. */
public final class Golden {

  private Golden() {}

  /** Reads a {@code .npz} file. */
  public static Map<String, NDArray> npz(NDManager manager, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      NDList.decode(manager, in).forEach(array -> arrays.put(array.getName(), array));
      return arrays;
    }
  }

  /** Reads a {@code .npy} file. */
  public static NDArray npy(NDManager manager, Path file) throws IOException {
    return NDList.decode(manager, Files.readAllBytes(file)).singletonOrThrow();
  }

  /** Reads a state dict. */
  public static Weights weights(Path file) throws IOException {
    Weights.Builder builder = new Weights.Builder();
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      npz(manager, file)
          .forEach(
              (name, array) -> {
                if (array.getDataType() == DataType.INT64) {
                  builder.putCounter(name, array.getLong());
                } else {
                  List<Integer> shape =
                      Arrays.stream(array.getShape().getShape())
                          .mapToObj(Math::toIntExact)
                          .toList();
                  builder.put(name, shape, array.toFloatArray());
                }
              });
    }
    return builder.build();
  }

  /** Copies the values of a tensor. */
  public static float[] values(Weights weights, String name) {
    float[] values = new float[weights.values(name).remaining()];
    weights.values(name).get(values);
    return values;
  }

  /** The description of the random supernet of width 0.25. */
  public static JsonObject randomSet() throws IOException {
    return JsonParser.parseString(Files.readString(Shared.path("golden/manifest.json")))
        .getAsJsonObject()
        .getAsJsonArray("sets")
        .get(0)
        .getAsJsonObject();
  }

  /** The subnets of a set, in order. */
  public static List<Architecture> subnets(JsonObject set, int resolution) {
    List<Architecture> subnets = new ArrayList<>();
    for (var subnet : set.getAsJsonArray("subnets")) {
      JsonObject object = subnet.getAsJsonObject();
      int r = object.has("r") ? object.get("r").getAsInt() : resolution;
      subnets.add(Ofa.compact(object.getAsJsonObject("config"), r, 0.25));
    }
    return subnets;
  }

  /** Returns numbers drawn normally, always the same. */
  public static float[] noise(int count) {
    SplittableRandom random = new SplittableRandom(7);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Largest difference over largest expected value; fails if the numbers of values differ. */
  public static double difference(float[] expected, float[] actual) {
    return difference(expected, actual, 1e-30);
  }

  /** The same, the divisor being no less than a given value. */
  public static double difference(float[] expected, float[] actual, double smallestScale) {
    assertEquals(expected.length, actual.length, "number of values");
    double difference = 0;
    double scale = Math.max(1e-30, smallestScale);
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Float.isFinite(actual[i]), "value " + i + " is " + actual[i]);
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    return difference / scale;
  }
}
