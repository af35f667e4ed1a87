package io.github.moeanat.cost;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Ofa;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SubnetCostTest {

  // NAT adds up in float32, whose neighbours are 64 apart at these sizes.
  private static final double FLOAT_SUM = 256;

  @Test
  void randomSubnetsEqualOfasCounts() throws IOException {
    for (JsonElement element : golden().getAsJsonArray("random")) {
      JsonObject net = element.getAsJsonObject();
      Architecture architecture =
          Ofa.compact(
              net.getAsJsonObject("config"),
              net.get("r").getAsInt(),
              net.get("width").getAsDouble());
      SubnetCost cost =
          SubnetCost.of(
              architecture,
              new MobileNetV3(architecture.width(), 2, net.get("n_classes").getAsInt()));
      assertEquals(net.get("macs_exact").getAsLong(), cost.madds(), net.toString());
      assertEquals(net.get("params").getAsLong(), cost.params(), net.toString());
    }
  }

  @Test
  void publishedSubnetsEqualOfasCounts() throws IOException {
    for (JsonElement element : golden().getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      String width = net.get("width_from_config").getAsString();
      JsonObject counts = net.getAsJsonObject("ofa").getAsJsonObject(width);
      SubnetCost cost = cost(net);
      assertAll(
          () -> assertEquals(counts.get("macs_exact").getAsLong(), cost.madds(), net.toString()),
          () -> assertEquals(net.get("nat_params").getAsLong(), cost.params(), net.toString()));
    }
  }

  @Test
  void everyPartOfThePublishedCountEqualsThePythonOriginals() throws IOException {
    JsonArray published = golden().getAsJsonArray("published");
    assertEquals(14, published.size());
    for (JsonElement element : published) {
      JsonObject net = element.getAsJsonObject();
      JsonObject parts = net.getAsJsonObject("closed_form");
      SubnetCost cost = cost(net);
      Operations operations = cost.operations();
      assertAll(
          net.get("folder").getAsString(),
          () -> assertEquals(parts.get("conv_linear").getAsLong(), operations.convolutions()),
          () -> assertEquals(parts.get("hswish_elts").getAsLong(), operations.hSwish()),
          () -> assertEquals(parts.get("relu_elts").getAsLong(), operations.relu()),
          () -> assertEquals(parts.get("se_mul").getAsLong(), operations.rescaled()),
          () -> assertEquals(parts.get("mean_outputs").getAsLong(), operations.means()),
          () ->
              assertEquals(
                  parts.get("torchprofile002_equivalent").getAsLong(), cost.publishedMadds()));
    }
  }

  @Test
  void sevenFoldersOfReluNetsStateThePublishedCount() throws IOException {
    int equal = 0;
    for (JsonElement element : golden().getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      if (isMish(net)) {
        continue;
      }
      assertEquals(
          net.get("torchprofile_macs").getAsLong(), cost(net).publishedMadds(), net.toString());
      long stated = net.get("published_mflops").getAsLong();
      equal += Math.round(cost(net).publishedMadds() / 1e6) == stated ? 1 : 0;
    }
    assertEquals(7, equal);
  }

  @Test
  void natsShippedCounterGivesTheSame() throws IOException {
    int nets = 0;
    for (JsonElement element : golden().getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      if (isMish(net)) {
        continue;
      }
      nets++;
      assertEquals(
          net.get("nat_macs_full_counter").getAsDouble(), (double) cost(net).natMadds(), FLOAT_SUM);
      if (net.get("dataset").getAsString().equals("aircraft")) {
        assertEquals(397.25, cost(net).natMadds() / 1e6, 0.005);
      }
    }
    assertEquals(8, nets);
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
      assertEquals(architecture(net), codec.decode(genes), net.get("encoding").getAsString());
    }
    assertEquals(4, encodings);
  }

  @Test
  void stemStrideOneAtHalfTheResolutionHasTheSameMapsAndAFullStem() {
    SearchSpace space = SearchSpace.nat(List.of(16, 32), List.of(0.25));
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    Architecture at32 = sampler.largest();
    Architecture at16 = new Architecture(16, 0.25, at32.stages());
    SubnetCost whole = SubnetCost.of(at32, new MobileNetV3(at32.width(), 2, 10));
    SubnetCost half = SubnetCost.of(at16, new MobileNetV3(at16.width(), 1, 10));
    assertEquals(whole.operations(), half.operations());
    assertEquals(whole.params(), half.params());
  }

  /**
   * Width 0.25 has 8 channels in the stem and in the first stage, 16 in the second, 24, 32, 40, and
   * 240 behind the last; the largest set of live maps is found by hand.
   */
  @Test
  void activationMemoryEqualsAFewCasesCountedByHand() {
    // 32 px, stride 2: 16 px behind the stem. The expansion of the first stage's first layer reads
    // 8 maps and writes 8 * 3 of 16 px; its depthwise convolution reads those and writes 24 of 8
    // px,
    // its input needed no more.
    assertEquals(4 * (8 + 24) * 16 * 16, bytes(32, 2, new Layer(3, 3), 2));
    // Expand ratio 6: (8 + 48) of 16 px is below (48 of 16 px + 48 of 8 px).
    assertEquals(4 * (48 * 16 * 16 + 48 * 8 * 8), bytes(32, 2, new Layer(3, 6), 2));
    // Stride 1 and 1 px: no map is larger than a pixel. In the last stage's second layer the input
    // is kept (40) while the gates of 240 channels are found from 240 means, with 64 in between.
    assertEquals(4 * (40 + 240 + 240 + 64), bytes(1, 1, new Layer(3, 6), 2));
    // The classifier's output counts once it is larger than everything else.
    Architecture small = uniform(1, new Layer(3, 3), 2);
    assertEquals(
        4 * (320 + 100_000),
        SubnetCost.of(small, new MobileNetV3(small.width(), 1, 100_000)).activationBytes());
  }

  @Test
  void kernelSizesNeedNoMemoryAndEverythingLargerNeedsNoLess() {
    SearchSpace space = SearchSpace.paper();
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    RandomGenerator random = new Seeds(5).generator("costs");
    for (int i = 0; i < 200; i++) {
      Architecture small = sampler.sample(random);
      List<List<Layer>> kernels = new ArrayList<>();
      List<List<Layer>> expands = new ArrayList<>();
      for (List<Layer> stage : small.stages()) {
        kernels.add(stage.stream().map(layer -> new Layer(7, layer.expandRatio())).toList());
        expands.add(stage.stream().map(layer -> new Layer(layer.kernelSize(), 6)).toList());
      }
      SubnetCost cost = SubnetCost.of(small, new MobileNetV3(small.width(), 2, 10));
      int r = small.resolution();
      double w = small.width();
      assertEquals(
          cost.activationBytes(),
          SubnetCost.of(
                  new Architecture(r, w, kernels),
                  new MobileNetV3(new Architecture(r, w, kernels).width(), 2, 10))
              .activationBytes());
      for (Architecture larger :
          List.of(
              new Architecture(r, w, expands),
              new Architecture(r + 4, w, small.stages()),
              new Architecture(r, 1.2, small.stages()))) {
        SubnetCost more = SubnetCost.of(larger, new MobileNetV3(larger.width(), 2, 10));
        assertTrue(more.activationBytes() >= cost.activationBytes());
        assertTrue(more.publishedMadds() >= cost.publishedMadds());
        assertTrue(more.natMadds() >= cost.natMadds());
        assertTrue(more.params() >= cost.params());
      }
      assertTrue(cost.madds() < cost.publishedMadds());
      assertTrue(cost.publishedMadds() < cost.natMadds());
    }
  }

  private static long bytes(int resolution, int stemStride, Layer layer, int depth) {
    return SubnetCost.of(
            uniform(resolution, layer, depth),
            new MobileNetV3(uniform(resolution, layer, depth).width(), stemStride, 10))
        .activationBytes();
  }

  private static Architecture uniform(int resolution, Layer layer, int depth) {
    return new Architecture(
        resolution, 0.25, Collections.nCopies(5, Collections.nCopies(depth, layer)));
  }

  private static SubnetCost cost(JsonObject net) {
    return SubnetCost.of(
        architecture(net),
        new MobileNetV3(architecture(net).width(), 2, net.get("n_classes_in_config").getAsInt()));
  }

  private static Architecture architecture(JsonObject net) {
    return Ofa.compact(
        net.getAsJsonObject("config"),
        net.get("r").getAsInt(),
        net.get("width_from_config").getAsDouble());
  }

  private static boolean isMish(JsonObject net) {
    return net.get("act_first_conv").getAsString().equals("mish");
  }

  private static JsonObject golden() throws IOException {
    return JsonParser.parseString(Files.readString(Shared.path("golden/madds.json")))
        .getAsJsonObject();
  }
}
