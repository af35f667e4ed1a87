package io.github.moeanat.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTableTest {

  // As OFA's code prints them: stem, five stages, expansion, features.
  private static final Map<Double, int[]> CHANNELS =
      Map.of(
          1.0, new int[] {16, 24, 40, 80, 112, 160, 960, 1280},
          1.2, new int[] {24, 32, 48, 96, 136, 192, 1152, 1536});
  private static final int[] STRIDES = {2, 2, 2, 1, 2};
  private static final boolean[] SQUEEZE = {false, true, false, true, true};

  private static final SearchSpace SPACE =
      SearchSpace.nat(
          IntStream.rangeClosed(24, 64).mapToObj(i -> 4 * i).toList(), List.of(1.0, 1.2));

  @Test
  void thePublishedTableHasEveryBlockAndNoOther() throws IOException {
    Path file = Shared.path("data/latency/i7-8700K_lut.yaml");
    LatencyTableFile.read(file).requireAll(SPACE, width -> new MobileNetV3(width, 2, 1000));
    Map<String, Double> lines = lines(file);
    assertEquals(4050, lines.size());
    Part.covering(SPACE)
        .forEach(
            architecture ->
                Part.of(architecture, new MobileNetV3(architecture.width(), 2, 1000))
                    .forEach(part -> lines.remove(part.key())));
    assertEquals(Map.of(), lines);
  }

  @Test
  void sumsOfRandomSubnetsEqualThoseByHand() throws IOException {
    Path file = Shared.path("data/latency/i7-8700K_lut.yaml");
    LatencyTable table = LatencyTableFile.read(file);
    Map<String, Double> lines = lines(file);
    ArchitectureSampler sampler = new ArchitectureSampler(SPACE);
    RandomGenerator random = new Seeds(8).generator("subnets");
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int i = 0; i < 500; i++) {
      Architecture subnet = sampler.sample(random);
      double sum = keys(subnet).stream().mapToDouble(lines::get).sum();
      SubnetCost cost = SubnetCost.of(subnet, new MobileNetV3(subnet.width(), 2, 1000), table);
      assertEquals(sum, cost.latency().orElseThrow(), 1e-9);
      assertEquals(
          SubnetCost.of(subnet, new MobileNetV3(subnet.width(), 2, 1000)).operations(),
          cost.operations());
      least = Math.min(least, sum);
      most = Math.max(most, sum);
    }
    assertTrue(most > 3 * least);
  }

  @Test
  void aBlockThatTheTableLacksIsNamed() throws IOException {
    LatencyTable table = LatencyTableFile.read(Shared.path("data/latency/i7-8700K_lut.yaml"));
    Architecture smallest = new ArchitectureSampler(SPACE).smallest();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> SubnetCost.of(smallest, new MobileNetV3(smallest.width(), 2, 10), table))
            .getMessage();
    assertTrue(message.endsWith("i7-8700K_lut.yaml has no entry classifier-input:1280-output:10"));
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> table.requireAll(SPACE, width -> new MobileNetV3(width, 1, 1000)))
            .getMessage();
    assertTrue(message.endsWith("has no entry first_conv-input:96x96x3-output:96x96x16"), message);
  }

  private static List<String> keys(Architecture subnet) {
    int[] channels = CHANNELS.get(subnet.width());
    int r = subnet.resolution();
    int size = (r + 1) / 2;
    int in = channels[0];
    List<String> keys = new ArrayList<>();
    keys.add("first_conv-input:" + map(r, 3) + "-output:" + map(size, in));
    keys.add(block(size, in, size, in, 1, 3, 1, 1, 0));
    for (int stage = 0; stage < 5; stage++) {
      int stride = STRIDES[stage];
      for (Layer layer : subnet.stages().get(stage)) {
        int out = channels[stage + 1];
        int behind = stride == 2 ? (size + 1) / 2 : size;
        int skip = stride == 1 && in == out ? 1 : 0;
        int squeeze = SQUEEZE[stage] ? 1 : 0;
        keys.add(
            block(
                size,
                in,
                behind,
                out,
                layer.expandRatio(),
                layer.kernelSize(),
                stride,
                skip,
                squeeze));
        in = out;
        size = behind;
        stride = 1;
      }
    }
    keys.add("final_expand_layer-input:" + map(size, in) + "-output:" + map(size, channels[6]));
    keys.add("feature_mix_layer-input:" + map(1, channels[6]) + "-output:" + map(1, channels[7]));
    keys.add("classifier-input:" + channels[7] + "-output:1000");
    return keys;
  }

  private static String block(
      int size, int in, int behind, int out, int expand, int kernel, int stride, int skip, int se) {
    return "MBConv-input:%s-output:%s-expand:%d-kernel:%d-stride:%d-idskip:%d-se:%d"
        .formatted(map(size, in), map(behind, out), expand, kernel, stride, skip, se);
  }

  private static String map(int size, int channels) {
    return "%dx%dx%d".formatted(size, size, channels);
  }

  private static Map<String, Double> lines(Path file) throws IOException {
    Map<String, Double> means = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i += 3) {
      String key = lines.get(i).substring(0, lines.get(i).length() - 1);
      means.put(key, Double.parseDouble(lines.get(i + 1).substring("  mean: ".length())));
    }
    return means;
  }
}
