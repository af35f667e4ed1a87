package io.github.moeanat.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedPrefixesTest {

  private static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 1, 10);
  private static final int SIDE = 16;
  // First convolution of 3x3 to 8 channels, then depthwise 3x3 and pointwise of the fixed block.
  private static final long STEM = (long) SIDE * SIDE * (3 * 8 * 9 + 8 * 9 + 8 * 8);

  @Test
  void subnetsOfOneResolutionHaveTheStemInCommon() {
    Architecture small = subnet(SIDE, 2, new Layer(3, 3));
    Architecture other = subnet(SIDE, 2, new Layer(5, 3));
    SharedPrefixes shared = of(small, other);
    long madds = madds(small) + madds(other);
    assertEquals(new SharedPrefixes(2, madds, madds - STEM, List.of(2, 0, 0, 0, 0, 0)), shared);
    assertEquals((double) STEM / madds, shared.saved(), 1e-12);
  }

  @Test
  void atAnotherResolutionOrWidthNothingIsCommon() {
    Architecture subnet = subnet(SIDE, 2, new Layer(3, 3));
    SharedPrefixes shared = of(subnet, subnet(12, 2, new Layer(3, 3)), subnet.withWidth(0.2));
    assertEquals(List.of(0, 0, 0, 0, 0, 0), shared.begunAlike());
    assertEquals(0, shared.saved());
  }

  @Test
  void aTreeGoesAsDeepAsLayersAreEqual() {
    Layer layer = new Layer(3, 3);
    Architecture shallow = subnet(SIDE, 2, layer);
    // One more layer in the first stage: two layers are common, the stage is not.
    Architecture deeper = withStage(shallow, 0, Collections.nCopies(3, layer));
    SharedPrefixes stage = of(shallow, deeper);
    assertEquals(List.of(2, 0, 0, 0, 0, 0), stage.begunAlike());
    // 8 in, 24 middle; stride 2 in the first: 8 to 8 channels at 0.25 of the width.
    long half = SIDE / 2;
    long first = 8L * 24 * SIDE * SIDE + half * half * (24 * 9 + 24 * 8);
    long second = half * half * (8 * 24 + 24 * 9 + 24 * 8);
    assertEquals(STEM + first + second, stage.madds() - stage.treeMadds());
    // Equal but for the last layer, and a third that is equal up to the second stage.
    Architecture last = withStage(shallow, 4, List.of(layer, new Layer(7, 3)));
    Architecture third = withStage(shallow, 2, Collections.nCopies(2, new Layer(7, 6)));
    assertEquals(List.of(3, 3, 3, 2, 2, 0), of(shallow, last, third).begunAlike());
  }

  @Test
  void equalSubnetsCountOnce() {
    Architecture subnet = subnet(SIDE, 2, new Layer(3, 3));
    assertEquals(
        new SharedPrefixes(1, madds(subnet), madds(subnet), List.of(0, 0, 0, 0, 0, 0)),
        of(subnet, subnet));
    assertThrows(IllegalArgumentException.class, () -> of());
  }

  private static SharedPrefixes of(Architecture... architectures) {
    return SharedPrefixes.of(
        List.of(architectures), width -> new MobileNetV3(width, 1, NETWORK.classes()));
  }

  private static long madds(Architecture architecture) {
    return SubnetCost.of(architecture, NETWORK).madds();
  }

  private static Architecture subnet(int resolution, int depth, Layer layer) {
    return new Architecture(
        resolution, 0.25, Collections.nCopies(5, Collections.nCopies(depth, layer)));
  }

  private static Architecture withStage(Architecture architecture, int stage, List<Layer> layers) {
    List<List<Layer>> stages = new ArrayList<>(architecture.stages());
    stages.set(stage, layers);
    return new Architecture(architecture.resolution(), architecture.width(), stages);
  }
}
