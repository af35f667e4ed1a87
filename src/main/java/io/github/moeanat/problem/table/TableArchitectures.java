package io.github.moeanat.problem.table;

import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.SearchSpace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The subnets of a table that has a column for each gene. */
public final class TableArchitectures {

  private TableArchitectures() {}

  /**
   * Reads what a table's file says of itself, without the signs of comments.
   *
   * @throws IllegalArgumentException if there is no such table
   */
  public static List<String> comments(Path table) {
    return TableFile.read(table).comments();
  }

  /**
   * Reads a table's subnets in its order.
   *
   * @throws IllegalArgumentException if there is no such table, a row is not in the space or a
   *     subnet is there twice; the message names file, line and column
   */
  public static List<Architecture> read(Path table, SearchSpace space) {
    ArchitectureCodec codec = new ArchitectureCodec(space);
    List<String> names = codec.geneNames();
    Map<Architecture, TableRow> rows = new LinkedHashMap<>();
    for (TableRow row : TableFile.read(table).rows()) {
      int[] genes = new int[names.size()];
      for (int i = 0; i < genes.length; i++) {
        genes[i] = row.whole(names.get(i), space.lowerBound(i), space.upperBound(i));
      }
      TableRow earlier = rows.putIfAbsent(codec.decode(genes), row);
      if (earlier != null) {
        throw row.repeats(earlier);
      }
    }
    return List.copyOf(rows.keySet());
  }
}
