package io.github.moeanat.supernet;

import static io.github.moeanat.testing.Golden.difference;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelSortingTest {

  private static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 2, 10);
  private static final SearchSpace SPACE = SearchSpace.nat(List.of(32), List.of(0.25));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void channelsAreInTheOrderOfOfa(int openedBefore) throws IOException {
    Path folder = Shared.path("golden/w0.25");
    Weights weights = Golden.weights(folder.resolve("supernet.npz"));
    ChannelSorting sorting = new ChannelSorting(NETWORK, SPACE, openedBefore);
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      Map<String, NDArray> expected =
          Golden.npz(manager, folder.resolve("sorted_idx_stage%d.npz".formatted(openedBefore)));
      int compared = 0;
      for (BlockShape block : NETWORK.blocks(SPACE)) {
        if (block.expanded()) {
          assertArrayEquals(
              expected.get("block%02d".formatted(block.index())).toIntArray(),
              sorting.order(weights, block));
          compared++;
        }
      }
      assertEquals(20, compared);
      Weights sorted = sorting.sorted(weights);
      NDArray images = Golden.npy(manager, folder.resolve("x_32.npy"));
      Architecture largest = new ArchitectureSampler(SPACE).largest();
      near(expected.get("maxnet_before"), logits(weights, largest, images));
      near(expected.get("maxnet_after"), logits(sorted, largest, images));
      Architecture small = Golden.subnets(Golden.randomSet(), 32).get(0);
      near(expected.get("s00_after"), logits(sorted, small, images));
    }
  }

  @Test
  void largestSubnetIsUnchangedAndSmallerOnesKeepWhatMattersMost() throws IOException {
    Weights weights = Digits.weights();
    Weights sorted = new ChannelSorting(Digits.NETWORK, Digits.SPACE, 0).sorted(weights);
    assertEquals(weights.names(), sorted.names());
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      NDArray images = manager.randomNormal(new ai.djl.ndarray.types.Shape(2, 3, 24, 24));
      Architecture largest = new ArchitectureSampler(Digits.SPACE).largest();
      near(logits(weights, largest, images), logits(sorted, largest, images));
    }
    for (BlockShape block : Digits.NETWORK.blocks(Digits.SPACE)) {
      if (block.expanded()) {
        int[] again = new ChannelSorting(Digits.NETWORK, Digits.SPACE, 0).order(sorted, block);
        assertArrayEquals(IntStream.range(0, again.length).toArray(), again);
      }
    }
  }

  @Test
  void bandsOfSmallerRatiosStayInFront() {
    Weights weights = Weights.initial(Digits.NETWORK, Digits.SPACE, 1);
    for (BlockShape block : Digits.NETWORK.blocks(Digits.SPACE)) {
      if (block.expanded()) {
        int[] order = new ChannelSorting(Digits.NETWORK, Digits.SPACE, 1).order(weights, block);
        // Of ratio 6 what ratio 4 has not: the last third, give or take the rounding to eights.
        int[] last = Arrays.copyOfRange(order, order.length - order.length / 4, order.length);
        for (int channel : last) {
          assertTrue(channel >= order.length / 2, () -> Arrays.toString(order));
        }
      }
    }
  }

  @Test
  void fewerRatiosWereOpenedBeforeThanThereAre() {
    for (int opened : new int[] {-1, 3}) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> new ChannelSorting(NETWORK, SPACE, opened));
      assertTrue(
          e.getMessage().contains("number of ratios opened before is " + opened), e::getMessage);
    }
  }

  @Test
  void sortingIsAPermutationInOrder() {
    SplittableRandom random = new SplittableRandom(1);
    for (int size = 1; size < 400; size++) {
      float[] keys = new float[size];
      // Few different numbers, already sorted ones, and those that are hard on a pivot.
      for (int i = 0; i < size; i++) {
        keys[i] =
            switch (size % 4) {
              case 0 -> random.nextInt(5);
              case 1 -> i;
              case 2 -> i % 2 == 0 ? i : size - i;
              default -> (float) random.nextDouble();
            };
      }
      int[] order = new UnstableSort(keys).descending();
      assertEquals(size, Arrays.stream(order).distinct().count());
      for (int i = 1; i < size; i++) {
        assertTrue(keys[order[i - 1]] >= keys[order[i]]);
      }
    }
  }

  private static NDArray logits(Weights weights, Architecture architecture, NDArray images) {
    PyTorch.enterThread(false);
    boolean digits = architecture.resolution() == 40;
    SearchSpace space = digits ? Digits.SPACE : SPACE;
    try (Supernet supernet = new Supernet(weights, NETWORK, space, PyTorch.device("cpu"))) {
      return supernet.forward(architecture, images, BatchNorm.RUNNING);
    }
  }

  private static void near(NDArray expected, NDArray actual) {
    double difference = difference(expected.toFloatArray(), actual.toFloatArray());
    assertTrue(difference <= 1e-5, () -> "logits differ by " + difference);
  }
}
