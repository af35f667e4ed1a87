package io.github.moeanat.evaluation;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.PackedFile;
import io.github.moeanat.internal.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Latency tables in the YAML form that they are published in: a mapping from the names of blocks to
 * {@code mean} in ms and {@code var} in ms². Other keys beside them are ignored.
 *
 * @param comments lines before the table, without the sign of a comment
 * @param entries by the name of the block, in the order of the file
 */
public record LatencyTableFile(List<String> comments, Map<String, Entry> entries) {

  private static final String MEAN = "mean";
  private static final String VARIANCE = "var";
  private static final String EXPECTED = "a mapping from blocks to their mean and var";

  private static final PackedFile PACKED = new PackedFile("tables");

  // The published table has half a megabyte; the limit only has to keep absurd files out.
  private static final int MOST_CHARACTERS = 100_000_000;

  /**
   * How long a block takes.
   *
   * @param mean in ms
   * @param variance in ms²
   */
  public record Entry(double mean, double variance) {}

  /** Copies the collections. */
  public LatencyTableFile {
    comments = List.copyOf(comments);
    entries = new LinkedHashMap<>(entries);
  }

  /**
   * Reads a file as a table.
   *
   * @throws IllegalArgumentException if there is no such file, it can't be read or is no such
   *     table; the message names the file and, where there is one, line, key and value
   */
  public static LatencyTable read(Path file) {
    Map<String, Double> milliseconds = new LinkedHashMap<>();
    load(file).entries().forEach((key, entry) -> milliseconds.put(key, entry.mean()));
    return new LatencyTable("latency table " + file, milliseconds);
  }

  /** Returns whether a file is not there and comes with the program instead. */
  public static boolean isPacked(Path file) {
    return PACKED.find(file).isPresent();
  }

  /**
   * Reads a file; {@code tables/NAME} may come with the program.
   *
   * @throws IllegalArgumentException as for {@link #read}
   */
  public static LatencyTableFile load(Path file) {
    try {
      String text = PACKED.readText(file);
      List<String> comments =
          text.lines()
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .toList();
      return new LatencyTableFile(comments, entries(file, text));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "can't read latency table " + file + ": " + IoReason.of(file, e), e);
    }
  }

  private static Map<String, Entry> entries(Path file, String text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS).build();
    Optional<Node> root;
    try {
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw new IllegalArgumentException(
          "%s is no YAML: %s".formatted(place(file, e.getProblemMark()), e.getProblem()), e);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      // The library has no limit of its own for the depth of a file.
      throw new IllegalArgumentException(file + " is nested too deeply, expected " + EXPECTED, e);
    }
    if (root.isEmpty()) {
      throw new IllegalArgumentException(file + " is empty, expected " + EXPECTED);
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping(file, root.get(), EXPECTED)) {
      String key = scalar(tuple.getKeyNode());
      Entry entry = entry(file, key, tuple);
      if (entries.put(key, entry) != null) {
        throw new IllegalArgumentException(
            "%s: %s is there twice".formatted(place(file, tuple.getKeyNode().getStartMark()), key));
      }
    }
    return entries;
  }

  private static Entry entry(Path file, String key, NodeTuple tuple) {
    double mean = Double.NaN;
    double variance = 0;
    for (NodeTuple value : mapping(file, tuple.getValueNode(), "mean and var of " + key)) {
      switch (scalar(value.getKeyNode())) {
        case MEAN -> mean = number(file, key + " mean", value.getValueNode());
        case VARIANCE -> variance = number(file, key + " var", value.getValueNode());
        default -> {
          // Whatever else somebody noted.
        }
      }
    }
    if (Double.isNaN(mean)) {
      throw new IllegalArgumentException(
          "%s: %s has no mean".formatted(place(file, tuple.getKeyNode().getStartMark()), key));
    }
    return new Entry(mean, variance);
  }

  private static List<NodeTuple> mapping(Path file, Node node, String expected) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw new IllegalArgumentException(
        "%s: '%s' found, expected %s"
            .formatted(place(file, node.getStartMark()), scalar(node), expected));
  }

  private static double number(Path file, String key, Node node) {
    try {
      return Requires.inRange(key, Double.parseDouble(scalar(node)), 0, Double.MAX_VALUE);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s is '%s', expected a number from 0"
              .formatted(place(file, node.getStartMark()), key, scalar(node)),
          e);
    }
  }

  private static String scalar(Node node) {
    return node instanceof ScalarNode scalar
        ? scalar.getValue()
        : node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  private static String place(Path file, Optional<Mark> mark) {
    return mark.map(at -> file + ", line " + (at.getLine() + 1)).orElse(file.toString());
  }

  /**
   * Writes a file whole or not at all.
   *
   * @throws IOException if that fails
   */
  public void write(Path file) throws IOException {
    AtomicFile.writeText(
        file,
        writer -> {
          for (String comment : comments) {
            writer.write("# " + comment + "\n");
          }
          for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            writer.write(entry.getKey() + ":\n");
            writer.write("  " + MEAN + ": " + entry.getValue().mean() + "\n");
            writer.write("  " + VARIANCE + ": " + entry.getValue().variance() + "\n");
          }
        });
  }
}
