package io.github.moeanat.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.Layer;
import java.util.ArrayList;
import java.util.List;

/** Subnet configurations as the golden files hold them: only active layers are listed. */
public final class Ofa {

  private Ofa() {}

  /** Returns the architecture of a compact {@code ks}, {@code e}, {@code d} configuration. */
  public static Architecture compact(JsonObject config, int resolution, double width) {
    JsonArray kernels = config.getAsJsonArray("ks");
    JsonArray expands = config.getAsJsonArray("e");
    List<List<Layer>> stages = new ArrayList<>();
    int next = 0;
    for (var depth : config.getAsJsonArray("d")) {
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < depth.getAsInt(); i++, next++) {
        layers.add(new Layer(kernels.get(next).getAsInt(), expands.get(next).getAsInt()));
      }
      stages.add(layers);
    }
    return new Architecture(resolution, width, stages);
  }
}
