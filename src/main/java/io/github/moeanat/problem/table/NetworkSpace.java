package io.github.moeanat.problem.table;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.SpaceKeys;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Subnets of MobileNetV3 supernets in NAT's coding, whose costs are exact.
 *
 * @param keys which subnets of which supernets
 * @param classes number of classes
 * @param columns where a subnet stands in a row: genes, or kernel sizes, expand ratios, depths,
 *     resolution and, where there are several, width
 * @param codes whether they are genes
 */
record NetworkSpace(SpaceKeys keys, int classes, List<String> columns, boolean codes)
    implements TableSpace {

  private static final String GENES = "genes";
  private static final String FORM = "genes.form";
  private static final int MOST_CLASSES = 100_000;
  // Kernel sizes, expand ratios, depths and resolution; a fifth column is the width.
  private static final int FEWEST_LISTS = 4;

  NetworkSpace {
    columns = List.copyOf(columns);
  }

  static NetworkSpace read(PropertyFile file) {
    SpaceKeys keys = SpaceKeys.read(file);
    file.text("classes");
    int classes = file.integer("classes", 2, 2, MOST_CLASSES);
    boolean codes = file.choice(FORM, List.of("codes", "layers")).equals("codes");
    boolean wide = keys.searched().widths().size() > 1;
    List<String> absent =
        codes
            ? new ArchitectureCodec(keys.searched()).geneNames()
            : wide ? List.of("ks", "e", "d", "r", "w") : List.of("ks", "e", "d", "r");
    List<String> columns = file.list(GENES, absent, "columns", String::toString);
    if (columns.size() != absent.size() || columns.contains("")) {
      throw file.refusal(GENES, "%d columns, such as %s".formatted(absent.size(), absent));
    }
    return new NetworkSpace(keys, classes, columns, codes);
  }

  private SearchSpace space() {
    return keys.searched();
  }

  private ArchitectureCodec codec() {
    return new ArchitectureCodec(space());
  }

  /** Returns the architecture of a genotype. */
  Architecture architecture(int[] genes) {
    return codec().decode(genes);
  }

  /**
   * Returns what a subnet costs.
   *
   * @param table null if latencies are not known
   */
  SubnetCost cost(Architecture architecture, LatencyTable table) {
    MobileNetV3 network = keys.network(architecture.width(), classes);
    return table == null
        ? SubnetCost.of(architecture, network)
        : SubnetCost.of(architecture, network, table);
  }

  /** Returns the largest architecture. */
  Architecture largest() {
    return new ArchitectureSampler(space()).largest();
  }

  @Override
  public int genes() {
    return space().genes();
  }

  @Override
  public int low(int gene) {
    return space().lowerBound(gene);
  }

  @Override
  public int high(int gene) {
    return space().upperBound(gene);
  }

  @Override
  public int[] canonical(int[] genes) {
    return codec().canonical(genes);
  }

  @Override
  public int[] sample(RandomGenerator random) {
    return codec().encode(new ArchitectureSampler(space()).sample(random));
  }

  @Override
  public List<int[]> extremes() {
    ArchitectureSampler sampler = new ArchitectureSampler(space());
    return List.of(codec().encode(sampler.smallest()), codec().encode(sampler.largest()));
  }

  @Override
  public BigInteger size() {
    return space().size();
  }

  @Override
  public List<int[]> all(int most) {
    return codec().all(most);
  }

  @Override
  public double[] features(int[] genes) {
    Architecture architecture = architecture(genes);
    // Resolution, width, and of each stage its depth and two choices of each slot, 0 if absent.
    double[] features = new double[2 + SearchSpace.STAGES * (1 + 2 * space().maxDepth())];
    features[0] = architecture.resolution();
    features[1] = architecture.width();
    int at = 2;
    for (List<Layer> stage : architecture.stages()) {
      features[at++] = stage.size();
      for (int slot = 0; slot < space().maxDepth(); slot++) {
        features[at++] = slot < stage.size() ? stage.get(slot).kernelSize() : 0;
        features[at++] = slot < stage.size() ? stage.get(slot).expandRatio() : 0;
      }
    }
    return features;
  }

  @Override
  public int[] read(TableRow row) {
    if (codes) {
      int[] genes = new int[genes()];
      Arrays.setAll(genes, gene -> row.whole(columns.get(gene), low(gene), high(gene)));
      return canonical(genes);
    }
    List<Integer> depths = numbers(row, 2);
    if (depths.size() != SearchSpace.STAGES) {
      throw row.refusal(columns.get(2), SearchSpace.STAGES + " depths");
    }
    if (depths.stream().anyMatch(depth -> depth < 0 || depth > space().maxDepth())) {
      throw row.refusal(columns.get(2), "depths from 0 to " + space().maxDepth());
    }
    List<Integer> kernels = active(row, 0, depths);
    List<Integer> expands = active(row, 1, depths);
    double width =
        columns.size() > FEWEST_LISTS
            ? row.number(columns.get(FEWEST_LISTS))
            : space().widths().get(0);
    try {
      List<List<Layer>> stages = new ArrayList<>();
      int next = 0;
      for (int depth : depths) {
        List<Layer> stage = new ArrayList<>();
        for (int i = 0; i < depth; i++, next++) {
          stage.add(new Layer(kernels.get(next), expands.get(next)));
        }
        stages.add(stage);
      }
      int resolution = row.whole(columns.get(3), 1, Integer.MAX_VALUE);
      return codec().encode(new Architecture(resolution, width, stages));
    } catch (IllegalArgumentException e) {
      if (e.getMessage().startsWith(row.place())) {
        throw e;
      }
      throw new IllegalArgumentException(
          "%s: columns %s: %s".formatted(row.place(), columns, e.getMessage()), e);
    }
  }

  private List<Integer> numbers(TableRow row, int column) {
    try {
      return Arrays.stream(row.text(columns.get(column)).trim().split("[\\s,]+"))
          .map(Integer::valueOf)
          .toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          row.refusal(columns.get(column), "whole numbers with spaces between them").getMessage(),
          e);
    }
  }

  /** Returns the values of the layers that are there; all slots of the supernet may be listed. */
  private List<Integer> active(TableRow row, int column, List<Integer> depths) {
    List<Integer> listed = numbers(row, column);
    int layers = depths.stream().mapToInt(Integer::intValue).sum();
    SearchSpace all = keys.space();
    if (listed.size() == layers) {
      return listed;
    }
    if (listed.size() != all.slots()
        || depths.stream().anyMatch(depth -> depth < 0 || depth > all.maxDepth())) {
      throw row.refusal(
          columns.get(column),
          "%d numbers, one for each slot, or %d, one for each layer"
              .formatted(all.slots(), layers));
    }
    List<Integer> active = new ArrayList<>();
    for (int stage = 0; stage < depths.size(); stage++) {
      int first = stage * all.maxDepth();
      active.addAll(listed.subList(first, first + depths.get(stage)));
    }
    return active;
  }
}
