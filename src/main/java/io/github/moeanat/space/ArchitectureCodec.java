package io.github.moeanat.space;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * NAT's integer coding {@code [r, w, L1..L20]}. A layer gene is 0 for an absent layer, else {@code
 * 1 + 3 i_e + i_k} with the indices of expand ratio and kernel size. The first absent layer ends
 * its stage: genes behind it stand for nothing, so several genotypes may be one architecture, and
 * {@link #canonical} picks the one whose absent layers are 0.
 *
 * <p>Where all layers of a stage are alike, the gene of its first layer stands for all of them, and
 * the others are 1 for a layer that is there.
 *
 * <p>Layout and values are those of the encodings published with NAT-M1 to NAT-M4.
 */
public final class ArchitectureCodec {

  private final SearchSpace space;

  /** Creates the codec of a search space. */
  public ArchitectureCodec(SearchSpace space) {
    this.space = space;
  }

  /** Returns the search space whose architectures are coded. */
  public SearchSpace space() {
    return space;
  }

  /** Returns what the genes are called in tables: r, w, l1, l2 and so on. */
  public List<String> geneNames() {
    return Stream.concat(
            Stream.of("r", "w"),
            IntStream.rangeClosed(1, space.slots()).mapToObj(slot -> "l" + slot))
        .toList();
  }

  /**
   * Returns the architecture of a genotype.
   *
   * @throws IllegalArgumentException if the number of genes or a gene is outside the space
   */
  public Architecture decode(int[] genes) {
    check(genes);
    List<List<Layer>> stages = new ArrayList<>();
    for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
      List<Layer> layers = new ArrayList<>();
      for (int slot = 0; slot < space.maxDepth(); slot++) {
        int code = genes[gene(stage, slot)];
        if (code == 0) {
          break;
        }
        layers.add(layer(space.alike() ? genes[gene(stage, 0)] : code));
      }
      stages.add(layers);
    }
    return new Architecture(
        space.resolutions().get(genes[0]), space.widths().get(genes[1]), stages);
  }

  /**
   * Returns the canonical genotype of an architecture.
   *
   * @throws IllegalArgumentException if the architecture is not in the space
   */
  public int[] encode(Architecture architecture) {
    int[] genes = new int[space.genes()];
    genes[0] = index("resolution", space.resolutions(), architecture.resolution());
    genes[1] = index("width", space.widths(), architecture.width());
    if (architecture.stages().size() != SearchSpace.STAGES) {
      throw new IllegalArgumentException(
          "the architecture has %d stages, expected %d"
              .formatted(architecture.stages().size(), SearchSpace.STAGES));
    }
    for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
      List<Layer> layers = architecture.stages().get(stage);
      if (layers.size() < space.minDepth() || layers.size() > space.maxDepth()) {
        throw new IllegalArgumentException(
            "the depth of stage %d is %d, expected %d to %d"
                .formatted(stage + 1, layers.size(), space.minDepth(), space.maxDepth()));
      }
      for (int slot = 0; slot < layers.size(); slot++) {
        Layer layer = layers.get(slot);
        int kernel = index("kernel size", space.kernelSizes(), layer.kernelSize());
        int expand = index("expand ratio", space.expandRatios(), layer.expandRatio());
        int code = 1 + expand * space.kernelSizes().size() + kernel;
        int gene = gene(stage, slot);
        if (space.follows(gene) && !layer.equals(layers.get(0))) {
          throw new IllegalArgumentException(
              "stage %d has the layers %s, expected all alike".formatted(stage + 1, layers));
        }
        genes[gene] = space.follows(gene) ? 1 : code;
      }
    }
    return genes;
  }

  /** Returns the canonical genotype of the same architecture, as a new array. */
  public int[] canonical(int[] genes) {
    check(genes);
    int[] result = genes.clone();
    for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
      boolean absent = false;
      for (int slot = 0; slot < space.maxDepth(); slot++) {
        int gene = gene(stage, slot);
        absent |= result[gene] == 0;
        if (absent) {
          result[gene] = 0;
        }
      }
    }
    return result;
  }

  /**
   * Returns the canonical genotypes of all architectures in ascending order.
   *
   * @throws IllegalArgumentException if there are more than {@code most}
   */
  public List<int[]> all(int most) {
    if (space.size().compareTo(BigInteger.valueOf(most)) > 0) {
      throw new IllegalArgumentException(
          "the space has %s architectures, expected at most %d".formatted(space.size(), most));
    }
    List<int[]> all = new ArrayList<>();
    addAll(new int[space.genes()], 0, all);
    return all;
  }

  private void addAll(int[] genes, int gene, List<int[]> all) {
    if (gene == genes.length) {
      all.add(genes.clone());
      return;
    }
    boolean first = gene < 2 || (gene - 2) % space.maxDepth() == 0;
    // Behind an absent layer there is none.
    int high = first || genes[gene - 1] > 0 ? space.upperBound(gene) : 0;
    for (int value = space.lowerBound(gene); value <= high; value++) {
      genes[gene] = value;
      addAll(genes, gene + 1, all);
    }
  }

  private Layer layer(int code) {
    int kernels = space.kernelSizes().size();
    return new Layer(
        space.kernelSizes().get((code - 1) % kernels),
        space.expandRatios().get((code - 1) / kernels));
  }

  private int gene(int stage, int slot) {
    return 2 + stage * space.maxDepth() + slot;
  }

  private void check(int[] genes) {
    if (genes.length != space.genes()) {
      throw new IllegalArgumentException(
          "%d genes given, expected %d (resolution, width, %d layers)"
              .formatted(genes.length, space.genes(), space.slots()));
    }
    for (int i = 0; i < genes.length; i++) {
      if (genes[i] < space.lowerBound(i) || genes[i] > space.upperBound(i)) {
        throw new IllegalArgumentException(
            "gene %d is %d, expected %d to %d in %s"
                .formatted(
                    i + 1,
                    genes[i],
                    space.lowerBound(i),
                    space.upperBound(i),
                    Arrays.toString(genes)));
      }
    }
  }

  private static <T> int index(String name, List<T> choices, T value) {
    int index = choices.indexOf(value);
    if (index < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", expected one of " + choices);
    }
    return index;
  }
}
