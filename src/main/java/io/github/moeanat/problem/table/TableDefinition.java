package io.github.moeanat.problem.table;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.problem.Bound;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.ProblemKind;
import io.github.moeanat.problem.PropertyFile;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The problem file of a table, read and checked. The table itself is not read.
 *
 * @param source the problem file, for messages
 * @param name name with the framework
 * @param description one line for lists
 * @param tables files of the table, or such as come with the program; columns of the second begin
 *     with {@code 2:}, and so on
 * @param complete whether the table has every architecture, so that nothing is modelled
 * @param space which genotypes there are and how rows name them
 * @param values what is minimised or bounded, by name
 * @param objectives names of what is minimised, in the algorithm's order
 * @param bounds constraints
 * @param epsilons one for each objective
 * @param referencePoint of the hypervolume, one for each objective
 * @param latencyTable where latencies are counted, or an empty text
 * @param noiseSeed decides all noise
 */
public record TableDefinition(
    String source,
    String name,
    String description,
    List<String> tables,
    boolean complete,
    TableSpace space,
    Map<String, TableValue> values,
    List<String> objectives,
    List<Bound> bounds,
    List<Double> epsilons,
    List<Double> referencePoint,
    String latencyTable,
    long noiseSeed)
    implements Serializable {

  private static final String OBJECTIVES = "objectives";
  private static final String CONSTRAINTS = "constraints";
  private static final String LATENCY_TABLE = "latency.table";
  private static final String ROWS = "rows";
  private static final String TABLE = "table";
  private static final String CHEAP = "cheap";
  private static final String COLUMN = "column.";

  /** Copies the collections. */
  public TableDefinition {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    tables = List.copyOf(tables);
    objectives = List.copyOf(objectives);
    bounds = List.copyOf(bounds);
    epsilons = List.copyOf(epsilons);
    referencePoint = List.copyOf(referencePoint);
  }

  /**
   * Reads a problem file.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is not what is expected; the
   *     message names file, key and value
   */
  public static TableDefinition read(String fileName, PropertyFile file) {
    ProblemKind.TABLE.require(file);
    file.text(ROWS);
    boolean complete = file.choice(ROWS, List.of("all", "sample")).equals("all");
    TableSpace space =
        file.choice("space", List.of("genes", "mobilenetv3")).equals("genes")
            ? GeneSpace.read(file)
            : NetworkSpace.read(file);
    String latencyTable = space instanceof NetworkSpace ? file.text(LATENCY_TABLE, "") : "";
    file.text(OBJECTIVES);
    List<String> objectives = file.list(OBJECTIVES, List.of(), "names", TableValue::name);
    if (Set.copyOf(objectives).size() < objectives.size()) {
      throw file.refusal(OBJECTIVES, "each name at most once");
    }
    List<Bound> bounds =
        file.listOrNone(CONSTRAINTS, "bounds such as madds<=2e6", TableDefinition::bound);
    if (bounds.stream().map(Bound::name).distinct().count() < bounds.size()) {
      throw file.refusal(CONSTRAINTS, "each name at most once");
    }
    Map<String, TableValue> values = values(file, space, latencyTable, objectives, bounds);
    TableDefinition definition =
        new TableDefinition(
            file.source(),
            file.text("name", ProblemDefinition.defaultName(fileName)),
            file.text("description", ""),
            tables(file),
            complete,
            space,
            values,
            objectives,
            bounds,
            perObjective(file, "epsilon.", objectives, 0.01),
            perObjective(file, "referencePoint.", objectives, 1),
            latencyTable,
            file.integer("noise.seed", 1, 0, Integer.MAX_VALUE));
    acceptOthers(file, values.keySet());
    file.refuseUnread(List.of());
    return definition;
  }

  // A file may say more than is asked for: -X objectives=... looks at a part of it.
  private static void acceptOthers(PropertyFile file, Set<String> asked) {
    Set<String> others = new TreeSet<>(Metric.ids());
    others.addAll(named(file));
    others.removeAll(asked);
    for (String name : others) {
      if (file.values().containsKey(COLUMN + name)) {
        file.text(COLUMN + name);
      }
      for (String prefix : List.of("scale.", "epsilon.", "referencePoint.", "perfect.", "noise.")) {
        if (file.values().containsKey(prefix + name)) {
          file.number(prefix + name, 0, -Double.MAX_VALUE, Double.MAX_VALUE);
        }
      }
    }
  }

  /** What the file has a column for, or would ask for itself. */
  private static Set<String> named(PropertyFile file) {
    Set<String> names = new TreeSet<>();
    for (String key : file.values().keySet()) {
      if (key.startsWith(COLUMN)) {
        names.add(key.substring(COLUMN.length()));
      }
    }
    for (String key : List.of(OBJECTIVES, CONSTRAINTS)) {
      for (String item : file.replaced(key).orElse("").split(",", -1)) {
        names.add(item.replaceAll("[<>=].*", "").trim());
      }
    }
    return names;
  }

  /** Whether all files come with the program, and none of the working directory stands before. */
  boolean isPacked() {
    return Stream.concat(tables.stream(), Stream.of(latencyTable).filter(name -> !name.isEmpty()))
        .allMatch(file -> TableFile.PACKED.find(Path.of(file)).isPresent());
  }

  private static Bound bound(String text) {
    Bound bound = Bound.parse(text);
    return new Bound(TableValue.name(bound.name()), bound.limit());
  }

  private static List<String> tables(PropertyFile file) {
    file.text(TABLE);
    return file.list(
        TABLE,
        List.of(),
        "files",
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
          }
          return text;
        });
  }

  /**
   * Checks that all files are there that the problem is read from.
   *
   * @throws IllegalArgumentException naming key and file if one is not
   */
  void requireFiles() {
    tables.forEach(table -> requireFile(TABLE, table));
    if (!latencyTable.isEmpty()) {
      requireFile(LATENCY_TABLE, latencyTable);
    }
  }

  private void requireFile(String key, String path) {
    Path file = Path.of(path);
    if (!Files.exists(file) && TableFile.PACKED.find(file).isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no file '%s' for the key %s%s"
              .formatted(source, path, key, TableFile.PACKED.sought(file)));
    }
  }

  private static Map<String, TableValue> values(
      PropertyFile file,
      TableSpace space,
      String latencyTable,
      List<String> objectives,
      List<Bound> bounds) {
    Set<String> names = new LinkedHashSet<>(objectives);
    bounds.forEach(bound -> names.add(bound.name()));
    List<String> cheap = file.list(CHEAP, List.of(), "names", TableValue::name);
    Set<String> unknown = new LinkedHashSet<>(cheap);
    unknown.removeAll(names);
    unknown.removeAll(named(file));
    if (!unknown.isEmpty()) {
      throw file.refusal(CHEAP, "some of " + names);
    }
    List<Metric> countable = List.of();
    SubnetCost largest = null;
    if (space instanceof NetworkSpace networks) {
      largest = networks.cost(networks.largest(), null);
      countable =
          Arrays.stream(Metric.values())
              .filter(Metric::isCheap)
              .filter(metric -> metric != Metric.LATENCY || !latencyTable.isEmpty())
              .toList();
    }
    Map<String, TableValue> values = new LinkedHashMap<>();
    for (String name : names) {
      double scale = 1;
      for (Metric metric : countable) {
        if (metric.id().equals(name)) {
          // No latency table is read here; a bound needs no scale.
          boolean known = metric != Metric.LATENCY;
          scale =
              known
                  ? metric.raw(largest).doubleValue()
                  : objectives.contains(name) ? Double.NaN : 1;
        }
      }
      values.put(name, TableValue.read(file, name, countable, cheap, scale));
    }
    return values;
  }

  private static List<Double> perObjective(
      PropertyFile file, String prefix, List<String> objectives, double absent) {
    return objectives.stream()
        .map(name -> file.number(prefix + name, absent, Double.MIN_NORMAL, Double.MAX_VALUE))
        .toList();
  }
}
