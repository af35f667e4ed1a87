package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SupernetFamilyTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(16), List.of(0.25, 0.5));

  private final Weights narrow = Weights.initial(network(0.25), SPACE, 1);
  private final Weights wide = Weights.initial(network(0.5), SPACE, 2);

  @Test
  void theHashOfOneIsItsMembersAndOfSeveralThatOfAll() {
    assertEquals(narrow.hash(), FamilyWeights.of(0.25, narrow).hash());
    String both = family(narrow, wide).hash();
    assertEquals(64, both.length());
    assertEquals(both, family(narrow, wide).hash());
    assertNotEquals(both, family(wide, narrow).hash());
    assertNotEquals(both, family(narrow, Weights.initial(network(0.5), SPACE, 3)).hash());
    assertNotEquals(both, new FamilyWeights(Map.of(0.25, narrow, 0.75, wide)).hash());
  }

  @Test
  void membersAreInAscendingOrderAndAnAbsentOneIsNamed() {
    FamilyWeights weights = family(narrow, wide);
    assertEquals(List.of(0.25, 0.5), weights.widths());
    assertEquals(List.of(narrow, wide), List.copyOf(weights.members().values()));
    var error = assertThrows(IllegalArgumentException.class, () -> weights.get(1.2));
    assertEquals("there are no weights of width 1.2, only of [0.25, 0.5]", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new FamilyWeights(Map.of()));
  }

  @Test
  void anArchitectureIsExtractedFromTheSupernetOfItsWidth() {
    RandomGenerator random = new Seeds(5).generator("test");
    ArchitectureSampler sampler = new ArchitectureSampler(SPACE);
    try (SupernetFamily family = open(family(narrow, wide));
        Supernet one = supernet(0.25, narrow);
        Supernet other = supernet(0.5, wide);
        NDManager manager = PyTorch.newManager(family.device())) {
      NDArray images = manager.ones(new Shape(2, 3, 16, 16));
      for (int n = 0; n < 6; n++) {
        Architecture architecture = sampler.sample(random).withWidth(n % 2 == 0 ? 0.25 : 0.5);
        try (Subnet alone = (n % 2 == 0 ? one : other).extract(architecture);
            Subnet subnet = family.extract(architecture)) {
          assertEquals(architecture, subnet.architecture());
          assertArrayEquals(
              alone.forward(images, BatchNorm.RUNNING).toFloatArray(),
              subnet.forward(images, BatchNorm.RUNNING).toFloatArray());
        }
      }
      Architecture absent = sampler.smallest().withWidth(1.2);
      var error = assertThrows(IllegalArgumentException.class, () -> family.extract(absent));
      assertEquals("there is no supernet of width 1.2, only of [0.25, 0.5]", error.getMessage());
    }
  }

  @Test
  void membersShareNothing() {
    try (SupernetFamily family = open(family(narrow, wide))) {
      family.supernet(0.5).parameters().muli(2);
      assertEquals(narrow.hash(), family.supernet(0.25).toWeights().hash());
      assertNotEquals(wide.hash(), family.supernet(0.5).toWeights().hash());
      assertEquals(List.of(0.5), family.supernet(0.5).space().widths());
    }
  }

  @Test
  void weightsOfOtherWidthsAreNamed() {
    var fewer =
        assertThrows(
            IllegalArgumentException.class, () -> open(FamilyWeights.of(0.25, narrow)).close());
    assertEquals(
        "the weights are of widths [0.25], the search space has [0.25, 0.5]", fewer.getMessage());
    var swapped =
        assertThrows(IllegalArgumentException.class, () -> open(family(wide, narrow)).close());
    assertTrue(swapped.getMessage().contains("MobileNetV3[width=0.25"), swapped.getMessage());
  }

  @Test
  void aSpaceIsCutToOneOfItsWidths() {
    assertEquals(SearchSpace.nat(List.of(16), List.of(0.5)), SPACE.ofWidth(0.5));
    var error = assertThrows(IllegalArgumentException.class, () -> SPACE.ofWidth(1.0));
    assertEquals("width is 1.0, expected one of [0.25, 0.5]", error.getMessage());
  }

  private static FamilyWeights family(Weights first, Weights second) {
    return new FamilyWeights(Map.of(0.5, second, 0.25, first));
  }

  private static SupernetFamily open(FamilyWeights weights) {
    return new SupernetFamily(weights, SupernetFamilyTest::network, SPACE, PyTorch.device("cpu"));
  }

  private static Supernet supernet(double width, Weights weights) {
    return new Supernet(weights, network(width), SPACE, PyTorch.device("cpu"));
  }

  private static MobileNetV3 network(double width) {
    return new MobileNetV3(width, 2, 10);
  }
}
