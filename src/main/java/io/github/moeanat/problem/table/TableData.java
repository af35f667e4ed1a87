package io.github.moeanat.problem.table;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.cost.SubnetCost;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of a table as numbers, checked against the problem file. */
final class TableData implements Serializable {

  private static final long serialVersionUID = 1L;
  // Of a complete table; lists of them are held in memory.
  private static final int MOST_ROWS = 5_000_000;
  private static final double LATENCY_TOLERANCE = 1e-9;

  private final List<String> comments;
  private final int[][] genes;
  private final double[][] cells;

  private TableData(List<String> comments, int[][] genes, double[][] cells) {
    this.comments = comments;
    this.genes = genes;
    this.cells = cells;
  }

  /**
   * Reads the table of a problem.
   *
   * @param latencies null if the problem counts none
   * @throws IllegalArgumentException if there is no such file, a row is not what the problem file
   *     says, one is there twice or, in a complete table, one is missing; the message names file,
   *     line and column
   */
  static TableData read(TableDefinition definition, LatencyTable latencies) {
    Path path = Path.of(definition.table());
    TableFile file = TableFile.read(path);
    requireColumns(definition, path, file);
    TableSpace space = definition.space();
    List<TableValue> values = List.copyOf(definition.values().values());
    int size = file.rows().size();
    int[][] genes = new int[size][];
    double[][] cells = new double[values.size()][size];
    Map<List<Integer>, TableRow> seen = new HashMap<>();
    for (int i = 0; i < size; i++) {
      TableRow row = file.rows().get(i);
      genes[i] = space.read(row);
      TableRow earlier = seen.putIfAbsent(asList(genes[i]), row);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "%s is the same architecture as %s, expected each once"
                .formatted(row.place(), earlier.place()));
      }
      SubnetCost cost =
          space instanceof NetworkSpace networks
              ? networks.cost(networks.architecture(genes[i]), latencies)
              : null;
      for (int v = 0; v < cells.length; v++) {
        TableValue value = values.get(v);
        cells[v][i] = value.isCounted() ? counted(value, cost, row) : row.number(value.column());
      }
    }
    if (definition.complete()) {
      requireAll(space, path, seen.keySet());
    }
    return new TableData(new ArrayList<>(file.comments()), genes, cells);
  }

  private static void requireColumns(TableDefinition definition, Path path, TableFile file) {
    for (TableValue value : definition.values().values()) {
      if (!value.isCounted() && !file.columns().contains(value.column())) {
        throw new IllegalArgumentException(
            "%s has no column '%s', which %s names for %s; there are %s"
                .formatted(
                    path, value.column(), definition.source(), value.name(), file.columns()));
      }
    }
  }

  // A table that holds a cost too must have been made of the same networks.
  private static double counted(TableValue value, SubnetCost cost, TableRow row) {
    double counted = value.metric().raw(cost).doubleValue();
    String column = value.metric().column();
    if (row.cells().containsKey(column)
        && Math.abs(row.number(column) - counted) > LATENCY_TOLERANCE * counted) {
      throw row.refusal(
          column, "%s, as the problem file's network has".formatted(value.metric().raw(cost)));
    }
    return counted;
  }

  private static void requireAll(TableSpace space, Path path, Set<List<Integer>> seen) {
    if (space.size().equals(BigInteger.valueOf(seen.size()))) {
      return;
    }
    Set<List<Integer>> known = new HashSet<>(seen);
    String missing =
        space.size().compareTo(BigInteger.valueOf(MOST_ROWS)) > 0
            ? ""
            : space.all(MOST_ROWS).stream()
                .filter(genes -> !known.contains(asList(genes)))
                .findFirst()
                .map(genes -> "; the first that is missing has the genes " + Arrays.toString(genes))
                .orElse("");
    throw new IllegalArgumentException(
        "%s has %d rows, expected all %s architectures, since rows = all%s"
            .formatted(path, seen.size(), space.size(), missing));
  }

  private static List<Integer> asList(int[] genes) {
    return Arrays.stream(genes).boxed().toList();
  }

  /** What the file says of itself. */
  List<String> comments() {
    return List.copyOf(comments);
  }

  /** Number of rows. */
  int size() {
    return genes.length;
  }

  /** Returns the canonical genotype of a row. */
  int[] genes(int row) {
    return genes[row].clone();
  }

  /** Returns the cell of a row for a value, counted in the order of the definition. */
  double cell(int value, int row) {
    return cells[value][row];
  }
}
