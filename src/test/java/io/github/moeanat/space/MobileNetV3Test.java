package io.github.moeanat.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MobileNetV3Test {

  private static final List<List<Layer>> STAGES =
      Collections.nCopies(5, Collections.nCopies(2, new Layer(3, 3)));

  // Caches of warmed-up weights and measured latencies are named by this text.
  @Test
  void aNetworkOfOfasStridesIsDescribedAsEver() {
    assertEquals(
        "MobileNetV3[width=0.25, stemStride=1, classes=10, activations=DEFAULT]",
        new MobileNetV3(0.25, 1, 10).toString());
    assertEquals(
        "MobileNetV3[width=0.25, stemStride=1, strides=[1, 2, 2, 1, 2], classes=10,"
            + " activations=MISH]",
        network(0.25, 1, 2, 2, 1, 2).toString());
    assertNotEquals(new MobileNetV3(1, 2, 10), network(1, 1, 2, 2, 1, 2));
  }

  @Test
  void onlyTheFirstLayerOfAStageHasItsStride() {
    List<Integer> strides =
        network(1, 1, 2, 1, 2, 1).blocks(STAGES).stream().map(BlockShape::stride).toList();
    assertEquals(List.of(1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1), strides);
  }

  @Test
  void aBlockThatChangesNeitherSideNorChannelsHasAShortcut() {
    // Stem and first stage have 8 channels at a quarter of the width, 16 and 24 at the whole.
    assertEquals(false, network(0.25, 2, 2, 2, 1, 2).blocks(STAGES).get(1).shortcut());
    assertEquals(true, network(0.25, 1, 2, 2, 1, 2).blocks(STAGES).get(1).shortcut());
    assertEquals(false, network(1, 1, 2, 2, 1, 2).blocks(STAGES).get(1).shortcut());
  }

  @Test
  void stridesThatNoNetworkHasAreRefused() {
    requireRefused("number of strides is 4, expected an integer from 5 to 5", 1, 2, 2, 1);
    requireRefused("stride of a stage is 3, expected an integer from 1 to 2", 1, 2, 3, 1, 2);
    requireRefused("stride of a stage is 0, expected an integer from 1 to 2", 0, 2, 2, 1, 2);
  }

  private static void requireRefused(String message, Integer... strides) {
    var error = assertThrows(IllegalArgumentException.class, () -> network(1, strides));
    assertEquals(message, error.getMessage());
  }

  private static MobileNetV3 network(double width, Integer... strides) {
    return new MobileNetV3(width, 1, List.of(strides), 10, MobileNetV3.Activations.MISH);
  }
}
