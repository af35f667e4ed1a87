package io.github.moeanat.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReducedSpaceTest {

  private static final SearchSpace FREE =
      new SearchSpace(List.of(8, 12), List.of(0.25), List.of(5), List.of(3, 6), 1, 2);
  private static final SearchSpace ALIKE =
      new SearchSpace(List.of(8), List.of(0.25), List.of(3, 7), List.of(6), 2, 4, true);

  @Test
  void everyArchitectureIsListedOnceInItsCanonicalForm() {
    for (SearchSpace space : List.of(FREE, ALIKE)) {
      ArchitectureCodec codec = new ArchitectureCodec(space);
      List<int[]> all = codec.all(20_000);
      assertEquals(space.size(), BigInteger.valueOf(all.size()));
      Set<Architecture> distinct = new HashSet<>();
      for (int i = 0; i < all.size(); i++) {
        int[] genes = all.get(i);
        assertArrayEquals(genes, codec.canonical(genes));
        Architecture architecture = codec.decode(genes);
        assertArrayEquals(genes, codec.encode(architecture));
        distinct.add(architecture);
        assertTrue(i == 0 || Arrays.compare(all.get(i - 1), genes) < 0, "ascending");
      }
      assertEquals(all.size(), distinct.size());
    }
    // Per stage one or two layers of two kinds: 2 + 4; in the other, three depths of two kinds.
    assertEquals(BigInteger.valueOf(2 * 6 * 6 * 6 * 6 * 6), FREE.size());
    assertEquals(BigInteger.valueOf(6 * 6 * 6 * 6 * 6), ALIKE.size());
    assertThrows(
        IllegalArgumentException.class, () -> new ArchitectureCodec(SearchSpace.paper()).all(9));
  }

  @Test
  void theFirstLayerOfAStageStandsForAll() {
    ArchitectureCodec codec = new ArchitectureCodec(ALIKE);
    RandomGenerator random = new Seeds(1).generator("test");
    ArchitectureSampler sampler = new ArchitectureSampler(ALIKE);
    for (int i = 0; i < 200; i++) {
      Architecture architecture = sampler.sample(random);
      for (List<Layer> stage : architecture.stages()) {
        assertEquals(1, Set.copyOf(stage).size());
      }
      assertEquals(architecture, codec.decode(codec.encode(architecture)));
    }
    assertEquals(2, ALIKE.upperBound(2));
    assertEquals(1, ALIKE.lowerBound(3));
    assertEquals(1, ALIKE.upperBound(3));
    assertEquals(0, ALIKE.lowerBound(4));
    assertEquals(1, ALIKE.upperBound(4));
    Architecture mixed =
        new ArchitectureCodec(
                new SearchSpace(List.of(8), List.of(0.25), List.of(3, 7), List.of(6), 2, 4))
            .decode(new int[] {0, 0, 1, 2, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0});
    String message =
        assertThrows(IllegalArgumentException.class, () -> codec.encode(mixed)).getMessage();
    assertTrue(message.startsWith("stage 1 has the layers "), message);
  }

  // Caches of warmed-up weights are named by this text.
  @Test
  void aSpaceIsDescribedAsEver() {
    assertEquals(
        "SearchSpace[resolutions=[8], widths=[1.0], kernelSizes=[3, 5, 7], expandRatios=[3, 4, 6],"
            + " minDepth=2, maxDepth=4]",
        SearchSpace.nat(List.of(8), List.of(1.0)).toString());
    assertTrue(ALIKE.toString().endsWith("maxDepth=4, alike]"));
  }
}
