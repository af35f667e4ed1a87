package io.github.moeanat.problem.table;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.cost.SubnetCost;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    TableSpace space = definition.space();
    Path path = Path.of(definition.tables().get(0));
    TableFile file = TableFile.read(path);
    for (int i = 1; i < definition.tables().size(); i++) {
      file = joined(file, space, i + 1, Path.of(definition.tables().get(i)));
    }
    requireColumns(definition, path, file);
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
        throw row.repeats(earlier);
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

  /** Returns a table with the cells of another one's rows of the same architectures. */
  private static TableFile joined(TableFile table, TableSpace space, int number, Path path) {
    TableFile other = TableFile.read(path);
    Map<List<Integer>, TableRow> found = new HashMap<>();
    for (TableRow row : other.rows()) {
      TableRow earlier = found.putIfAbsent(asList(space.read(row)), row);
      if (earlier != null) {
        throw row.repeats(earlier);
      }
    }
    List<TableRow> rows = new ArrayList<>();
    for (TableRow row : table.rows()) {
      TableRow match = found.get(asList(space.read(row)));
      if (match == null) {
        throw new IllegalArgumentException(
            "%s has no row for the architecture of %s".formatted(path, row.place()));
      }
      Map<String, String> cells = new LinkedHashMap<>(row.cells());
      match.cells().forEach((column, cell) -> cells.put(number + ":" + column, cell));
      rows.add(new TableRow(row.place(), cells));
    }
    List<String> comments = new ArrayList<>(table.comments());
    other.comments().forEach(comment -> comments.add(number + ": " + comment));
    List<String> columns = new ArrayList<>(table.columns());
    other.columns().forEach(column -> columns.add(number + ":" + column));
    return new TableFile(comments, columns, rows);
  }

  private static void requireColumns(TableDefinition definition, Path path, TableFile file) {
    for (TableValue value : definition.values().values()) {
      if (!value.isCounted() && !file.columns().contains(value.column())) {
        throw new IllegalArgumentException(
            "%s: %s has no column '%s' for the value %s; column.%s names another, there are %s"
                .formatted(
                    definition.source(),
                    path,
                    value.column(),
                    value.name(),
                    value.name(),
                    file.columns()));
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
    String missing =
        space.size().compareTo(BigInteger.valueOf(MOST_ROWS)) > 0
            ? ""
            : space.all(MOST_ROWS).stream()
                .filter(genes -> !seen.contains(asList(genes)))
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
