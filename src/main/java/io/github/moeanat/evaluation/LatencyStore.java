package io.github.moeanat.evaluation;

import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Sha256;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Latencies of the subnets of one width in a text file, a row for each. The file is named by a hash
 * of all that decides them, and says it in its first lines. It is written as a whole, under a lock
 * that other processes heed, and what is there is never replaced: whoever comes second takes the
 * first one's values.
 *
 * <p>Every row has a check of its own. Damaged rows are dropped with a warning, for they can be
 * measured again.
 */
final class LatencyStore {

  private static final String HEADER = "architecture,median_ms,low_ms,high_ms,check";
  private static final String COMMENT = "# ";
  private static final int CHECK_LENGTH = 8;
  private static final int VALUES = 4;

  // A lock on a file belongs to the process, so its threads need another one.
  private static final Object PROCESS = new Object();

  private final Path file;
  private final List<String> conditions;
  private final double width;

  /** What a file holds, and its first line that is not as it was written, or 0. */
  private record Content(Map<Architecture, Latency> latencies, int damaged) {}

  /**
   * Describes a store.
   *
   * @param folder of the stores; made if need be
   * @param conditions lines that say all that decides the latencies
   * @param width of the subnets
   */
  LatencyStore(Path folder, List<String> conditions, double width) {
    this.conditions = List.copyOf(conditions);
    this.width = width;
    String key = Sha256.of(String.join("\n", conditions)).substring(0, 32);
    file = folder.resolve("latency-" + key + ".csv");
  }

  /** Where the latencies are. */
  Path file() {
    return file;
  }

  /**
   * Returns what is stored.
   *
   * @param progress hears of damage, which is mended
   * @throws UncheckedIOException if the file can't be read, or not be mended
   */
  Map<Architecture, Latency> read(Progress progress) {
    try {
      Content content = content();
      return content.damaged() == 0 ? content.latencies() : merge(Map.of(), progress);
    } catch (IOException e) {
      throw new UncheckedIOException("can't read " + file + ": " + IoReason.of(file, e), e);
    }
  }

  /**
   * Stores what is not stored yet.
   *
   * @return all that is stored now
   * @param progress hears of damage, which is mended
   * @throws UncheckedIOException if the file can't be read or written
   */
  Map<Architecture, Latency> merge(Map<Architecture, Latency> measured, Progress progress) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    synchronized (PROCESS) {
      try {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          channel.lock();
          Content content = content();
          if (content.damaged() > 0) {
            progress.warning(
                "the latencies in %s are damaged from line %d on; whole rows are kept, the others"
                        .formatted(file, content.damaged())
                    + " are measured anew");
          }
          Map<Architecture, Latency> all = new LinkedHashMap<>(content.latencies());
          measured.forEach(all::putIfAbsent);
          AtomicFile.removeLeftovers(file);
          write(all);
          return all;
        }
      } catch (IOException e) {
        String message = String.valueOf(e.getMessage());
        throw new UncheckedIOException(
            message.startsWith("can't write ")
                ? message
                : "can't write " + file + ": " + IoReason.of(lock, e),
            e);
      }
    }
  }

  private Content content() throws IOException {
    if (!Files.exists(file)) {
      return new Content(Map.of(), 0);
    }
    // Not by a reader, which would stop at bytes that are no UTF-8.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = Arrays.asList(text.split("\n", -1));
    Map<Architecture, Latency> latencies = new LinkedHashMap<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!addRow(lines.get(i), latencies)) {
        others.add(i);
      }
    }
    List<String> expected = frame(latencies.size());
    for (int i = 0; i < Math.max(others.size(), expected.size()); i++) {
      String found = i < others.size() ? lines.get(others.get(i)) : "";
      if (i >= others.size() || i >= expected.size() || !found.equals(expected.get(i))) {
        return new Content(latencies, 1 + (i < others.size() ? others.get(i) : lines.size()));
      }
    }
    return new Content(latencies, 0);
  }

  /** The lines that are no rows: conditions and header before them, and the end behind them. */
  private List<String> frame(int rows) {
    List<String> frame = new ArrayList<>();
    conditions.forEach(condition -> frame.add(COMMENT + condition));
    frame.add(HEADER);
    frame.add(COMMENT + "end of " + rows + " rows");
    frame.add("");
    return frame;
  }

  private void write(Map<Architecture, Latency> latencies) throws IOException {
    List<String> lines = frame(latencies.size());
    List<String> rows = new ArrayList<>();
    latencies.forEach((architecture, latency) -> rows.add(row(architecture, latency)));
    lines.addAll(conditions.size() + 1, rows);
    AtomicFile.writeText(file, writer -> writer.write(String.join("\n", lines)));
  }

  private static String row(Architecture architecture, Latency latency) {
    String values =
        "%s,%s,%s,%s"
            .formatted(text(architecture), latency.median(), latency.low(), latency.high());
    return values + "," + check(values);
  }

  private static String check(String values) {
    return Sha256.of(values).substring(0, CHECK_LENGTH);
  }

  private boolean addRow(String line, Map<Architecture, Latency> latencies) {
    int last = line.lastIndexOf(',');
    if (last < 0 || !line.substring(last + 1).equals(check(line.substring(0, last)))) {
      return false;
    }
    String[] values = line.split(",", -1);
    if (values.length != VALUES + 1) {
      return false;
    }
    latencies.put(
        architecture(values[0]),
        new Latency(
            Double.parseDouble(values[1]),
            Double.parseDouble(values[2]),
            Double.parseDouble(values[3])));
    return true;
  }

  // Resolution, and kernel size x expand ratio of the layers: "8:3x6 5x4|3x3|...".
  private static String text(Architecture architecture) {
    return architecture.stages().stream()
        .map(
            stage ->
                stage.stream()
                    .map(layer -> layer.kernelSize() + "x" + layer.expandRatio())
                    .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("|", architecture.resolution() + ":", ""));
  }

  private Architecture architecture(String text) {
    int colon = text.indexOf(':');
    List<List<Layer>> stages =
        Arrays.stream(text.substring(colon + 1).split("\\|", -1))
            .map(stage -> Arrays.stream(stage.split(" ", -1)).map(LatencyStore::layer).toList())
            .toList();
    return new Architecture(Integer.parseInt(text.substring(0, colon)), width, stages);
  }

  private static Layer layer(String text) {
    int cross = text.indexOf('x');
    return new Layer(
        Integer.parseInt(text.substring(0, cross)), Integer.parseInt(text.substring(cross + 1)));
  }
}
