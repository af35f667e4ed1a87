package io.github.moeanat.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.moeanat.supernet.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights and images that a formula gives, the same here and where the expected values are from.
 */
public final class Formula {

  /** The number that images have in place of a tensor's. */
  public static final int IMAGES = 1_000_003;

  private Formula() {}

  /** Returns the weights of a set, in the order of its state dict. */
  public static Weights weights(JsonObject set) {
    Weights.Builder builder = new Weights.Builder();
    JsonArray keys = set.getAsJsonArray("keys");
    for (int k = 0; k < keys.size(); k++) {
      JsonArray key = keys.get(k).getAsJsonArray();
      String name = key.get(0).getAsString();
      List<Integer> shape = new ArrayList<>();
      for (JsonElement side : key.get(1).getAsJsonArray()) {
        shape.add(side.getAsInt());
      }
      if (key.get(2).getAsString().equals("int64")) {
        builder.putCounter(name, 0);
      } else {
        builder.put(name, shape, values(name, shape, k));
      }
    }
    return builder.build();
  }

  /** Returns images {@code [count, 3, side, side]}. */
  public static float[] images(int count, int side, int k) {
    float[] values = new float[count * 3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * uniform(i, k));
    }
    return values;
  }

  private static float[] values(String name, List<Integer> shape, int k) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value(name, shape, i, uniform(i, k));
    }
    return values;
  }

  private static double value(String name, List<Integer> shape, int i, double u) {
    if (name.endsWith("_matrix")) {
      return (i % (shape.get(0) + 1) == 0 ? 1 : 0) + 0.1 * u;
    }
    if (name.endsWith("running_var") || name.endsWith("bn.weight")) {
      return 1 + 0.5 * u;
    }
    if (name.endsWith("running_mean") || name.endsWith("bias")) {
      return 0.1 * u;
    }
    if (shape.size() == 4) {
      return u * Math.sqrt(6.0 / (shape.get(1) * shape.get(2) * shape.get(3)));
    }
    return u * Math.sqrt(3.0 / shape.get(1));
  }

  /** A number from -1 to 1 by the flat index and the number of the tensor. */
  private static double uniform(int i, int k) {
    // The low 32 bits of products and sums are the same for signed and unsigned numbers.
    int x = i * 1_103_515_245 + 12_345 + k * (int) 2_654_435_761L;
    x ^= x >>> 16;
    x *= 0x45d9f3b;
    x ^= x >>> 16;
    return Integer.toUnsignedLong(x) / (double) (1L << 31) - 1;
  }
}
