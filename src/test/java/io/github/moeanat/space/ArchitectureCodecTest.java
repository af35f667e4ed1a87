package io.github.moeanat.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureCodecTest {

  private final ArchitectureCodec codec = new ArchitectureCodec(SearchSpace.paper());

  @ParameterizedTest
  @CsvSource({
    "08 0 1100 1440 5510 5220 8877, 224, 1.0, 2 3 3 3 4, 3 3 3 3 3 5 5 3 5 5 5 5 5 3 3",
    "08 1 1100 3100 6320 7600 9771, 224, 1.2, 2 2 3 2 4, 3 3 7 3 7 7 5 3 7 7 3 3 3",
    "08 1 2110 5451 5811 8975 9771, 224, 1.2, 3 4 4 4 4, 5 3 3 5 3 5 3 5 5 3 3 5 7 3 5 7 3 3 3",
    "12 1 1510 5572 9815 7894 7781, 240, 1.2, 3 4 4 4 4, 3 5 3 5 5 3 5 7 5 3 5 3 5 7 3 3 3 5 3"
  })
  void publishedEncodingsDecode(
      String encoding, int resolution, double width, String depths, String kernels) {
    int[] genes = genes(encoding);
    Architecture architecture = codec.decode(genes);
    assertEquals(resolution, architecture.resolution());
    assertEquals(width, architecture.width());
    assertEquals(depths, join(architecture.stages().stream().map(List::size).toList()));
    assertEquals(
        kernels,
        join(architecture.stages().stream().flatMap(List::stream).map(Layer::kernelSize).toList()));
    assertArrayEquals(genes, codec.encode(architecture));
  }

  @Test
  void boundsAreThoseOfThePaper() {
    SearchSpace space = codec.space();
    assertEquals(22, space.genes());
    for (int gene = 0; gene < 22; gene++) {
      int low = gene < 2 || (gene - 2) % 4 >= 2 ? 0 : 1;
      assertEquals(low, space.lowerBound(gene), "gene " + gene);
      assertEquals(gene == 0 ? 16 : gene == 1 ? 1 : 9, space.upperBound(gene), "gene " + gene);
    }
  }

  @Test
  void genesBehindAnAbsentLayerStandForNothing() {
    int[] genes = genes("08 0 1100 1440 5510 5220 8877");
    int[] shadowed = genes.clone();
    shadowed[5] = 7;
    assertEquals(codec.decode(genes), codec.decode(shadowed));
    assertArrayEquals(genes, codec.canonical(shadowed));
    assertEquals(7, shadowed[5], "the argument stays as it is");
  }

  @Test
  void canonicalGenotypesAndArchitecturesCorrespondOneToOne() {
    RandomGenerator random = new Seeds(1).generator("test");
    for (int n = 0; n < 2000; n++) {
      int[] genes = new int[22];
      for (int i = 0; i < genes.length; i++) {
        genes[i] = random.nextInt(codec.space().lowerBound(i), codec.space().upperBound(i) + 1);
      }
      int[] canonical = codec.canonical(genes);
      Architecture architecture = codec.decode(genes);
      assertArrayEquals(canonical, codec.encode(architecture));
      assertEquals(architecture, codec.decode(canonical));
      canonical[2] = canonical[2] % 9 + 1;
      assertNotEquals(architecture, codec.decode(canonical));
    }
  }

  @Test
  void aGeneOutsideItsBoundsIsNamed() {
    int[] genes = genes("08 0 1100 1440 5510 5220 8877");
    genes[2] = 0;
    var error = assertThrows(IllegalArgumentException.class, () -> codec.decode(genes));
    assertTrue(error.getMessage().startsWith("gene 3 is 0, expected 1 to 9"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> codec.decode(new int[21]));
  }

  private static String join(List<Integer> numbers) {
    return String.join(" ", numbers.stream().map(String::valueOf).toList());
  }

  private static int[] genes(String encoding) {
    String[] parts = encoding.split(" ");
    int[] genes = new int[22];
    genes[0] = Integer.parseInt(parts[0]);
    genes[1] = Integer.parseInt(parts[1]);
    for (int i = 0; i < 20; i++) {
      genes[2 + i] = parts[2 + i / 4].charAt(i % 4) - '0';
    }
    return genes;
  }
}
