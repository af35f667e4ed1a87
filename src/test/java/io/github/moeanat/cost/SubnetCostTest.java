package io.github.moeanat.cost;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Ofa;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubnetCostTest {

  @Test
  void randomSubnetsEqualOfasCounts() throws IOException {
    for (JsonElement element : golden().getAsJsonArray("random")) {
      JsonObject net = element.getAsJsonObject();
      Architecture architecture =
          Ofa.compact(
              net.getAsJsonObject("config"),
              net.get("r").getAsInt(),
              net.get("width").getAsDouble());
      assertEquals(
          new SubnetCost(net.get("macs_exact").getAsLong(), net.get("params").getAsLong()),
          SubnetCost.of(architecture, 2, net.get("n_classes").getAsInt()),
          net.toString());
    }
  }

  @Test
  void publishedSubnetsEqualOfasCounts() throws IOException {
    for (JsonElement element : golden().getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      double width = net.get("width_from_config").getAsDouble();
      JsonObject counts = net.getAsJsonObject("ofa").getAsJsonObject(String.valueOf(width));
      Architecture architecture =
          Ofa.compact(net.getAsJsonObject("config"), net.get("r").getAsInt(), width);
      SubnetCost cost = SubnetCost.of(architecture, 2, net.get("n_classes_in_config").getAsInt());
      assertAll(
          () -> assertEquals(counts.get("macs_exact").getAsLong(), cost.madds(), net.toString()),
          () -> assertEquals(net.get("nat_params").getAsLong(), cost.params(), net.toString()));
    }
  }

  @Test
  void publishedEncodingsDecodeToThePublishedConfigurations() throws IOException {
    ArchitectureCodec codec = new ArchitectureCodec(SearchSpace.paper());
    int encodings = 0;
    for (JsonElement element : golden().getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      if (net.get("encoding").isJsonNull()) {
        continue;
      }
      encodings++;
      String digits = net.get("encoding").getAsString().replaceAll("\\D", "");
      int[] genes = new int[22];
      genes[0] = Integer.parseInt(digits.substring(0, 2));
      for (int i = 1; i < genes.length; i++) {
        genes[i] = digits.charAt(i + 1) - '0';
      }
      Architecture published =
          Ofa.compact(
              net.getAsJsonObject("config"),
              net.get("r").getAsInt(),
              net.get("width_from_config").getAsDouble());
      assertEquals(published, codec.decode(genes), net.get("encoding").getAsString());
    }
    assertEquals(4, encodings);
  }

  @Test
  void stemStrideOneAtHalfTheResolutionHasTheSameMapsAndAFullStem() {
    SearchSpace space = SearchSpace.nat(List.of(16, 32), List.of(0.25));
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    Architecture at32 = sampler.largest();
    Architecture at16 = new Architecture(16, 0.25, at32.stages());
    assertEquals(SubnetCost.of(at32, 2, 10), SubnetCost.of(at16, 1, 10));
  }

  private static JsonObject golden() throws IOException {
    return JsonParser.parseString(Files.readString(Shared.path("golden/madds.json")))
        .getAsJsonObject();
  }
}
