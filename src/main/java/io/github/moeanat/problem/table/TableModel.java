package io.github.moeanat.problem.table;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.surrogate.BoostedTrees;
import io.github.moeanat.surrogate.HeldOutError;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of every architecture: looked up in a complete table, else predicted by a model that
 * was fitted to the sampled ones, with a fixed seed. Immutable.
 */
final class TableModel implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int FOLDS = 10;
  // Two for each fold of the cross-validation.
  private static final int FEWEST_ROWS = 2 * FOLDS;
  private static final Seeds MODEL = new Seeds(1);

  private final TableDefinition definition;
  private final LatencyTable latencies;
  private final TableData data;
  private final TableValue[] values;
  // One of the two is empty.
  private final Map<Long, Integer> rows = new HashMap<>();
  private final BoostedTrees[] models;

  private TableModel(TableDefinition definition, LatencyTable latencies, TableData data) {
    this.definition = definition;
    this.latencies = latencies;
    this.data = data;
    values = definition.values().values().toArray(new TableValue[0]);
    models = new BoostedTrees[definition.complete() ? 0 : values.length];
    if (definition.complete()) {
      for (int row = 0; row < data.size(); row++) {
        rows.put(key(data.genes(row)), row);
      }
    } else {
      if (data.size() < FEWEST_ROWS) {
        throw new IllegalArgumentException(
            "%s has %d rows, expected at least %d to fit a model to, since rows = sample"
                .formatted(definition.tables().get(0), data.size(), FEWEST_ROWS));
      }
      double[][] features = features();
      for (int v = 0; v < values.length; v++) {
        if (!values[v].isCounted()) {
          models[v] = BoostedTrees.fit(features, column(v), seed(v));
        }
      }
    }
  }

  /**
   * Reads the table of a problem and fits what has to be fitted.
   *
   * @throws IllegalArgumentException if the table is not what the problem file says
   */
  static TableModel load(TableDefinition definition) {
    definition.requireFiles();
    LatencyTable latencies =
        definition.latencyTable().isEmpty()
            ? null
            : LatencyTableFile.read(Path.of(definition.latencyTable()));
    if (latencies != null && definition.space() instanceof NetworkSpace networks) {
      latencies.requireAll(
          networks.keys().searched(), width -> networks.keys().network(width, networks.classes()));
    }
    return new TableModel(definition, latencies, TableData.read(definition, latencies));
  }

  TableData data() {
    return data;
  }

  /**
   * Returns what is minimised or bounded of an architecture, noise included, one for each value in
   * the order of the definition.
   *
   * @param genes canonical
   * @param all whether those that are not cheap are predicted; else they are NaN unless the table
   *     has them
   */
  double[] minimised(int[] genes, boolean all) {
    double[] minimised = new double[values.length];
    Integer row = definition.complete() ? rows.get(key(genes)) : null;
    double[] features = null;
    SubnetCost cost = null;
    for (int v = 0; v < values.length; v++) {
      TableValue value = values[v];
      double cell = Double.NaN;
      if (row != null) {
        cell = data.cell(v, row);
      } else if (value.isCounted()) {
        cost = cost == null ? cost(genes) : cost;
        cell = value.metric().raw(cost).doubleValue();
      } else if (all || value.cheap()) {
        features = features == null ? definition.space().features(genes) : features;
        cell = models[v].predict(features);
      }
      minimised[v] = value.minimised(cell) + noise(value, genes);
    }
    return minimised;
  }

  // The same for the same architecture whenever it is asked for.
  private double noise(TableValue value, int[] genes) {
    return value.noise() == 0
        ? 0
        : value.noise()
            * new Seeds(definition.noiseSeed())
                .generator(
                    "noise of " + value.name(), Arrays.stream(genes).asLongStream().toArray())
                .nextGaussian();
  }

  private SubnetCost cost(int[] genes) {
    NetworkSpace networks = (NetworkSpace) definition.space();
    return networks.cost(networks.architecture(genes), latencies);
  }

  private long key(int[] genes) {
    TableSpace space = definition.space();
    long key = 0;
    for (int gene = 0; gene < genes.length; gene++) {
      key = key * (space.high(gene) - space.low(gene) + 1L) + genes[gene] - space.low(gene);
    }
    return key;
  }

  /**
   * Returns how well rows are predicted by models of the others; the same each time.
   *
   * @param value in the order of the definition
   */
  HeldOutError heldOutError(int value) {
    long seed = seed(value);
    return HeldOutError.of(
        features(), column(value), FOLDS, seed, (x, y) -> BoostedTrees.fit(x, y, seed));
  }

  private double[][] features() {
    double[][] features = new double[data.size()][];
    Arrays.setAll(features, row -> definition.space().features(data.genes(row)));
    return features;
  }

  private double[] column(int value) {
    double[] column = new double[data.size()];
    Arrays.setAll(column, row -> data.cell(value, row));
    return column;
  }

  private long seed(int value) {
    return MODEL.derive("table " + values[value].name());
  }
}
