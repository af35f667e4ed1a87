package io.github.moeanat.experiment;

import com.google.gson.GsonBuilder;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.evaluation.LatencyMeter;
import io.github.moeanat.evaluation.LatencySettings;
import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.SupernetFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Latencies of subnets measured on this machine, with all that they depend on.
 *
 * @param problem name of the problem
 * @param machine where they were measured
 * @param device the engine's device
 * @param load processes that wanted a processor when the measurement began, on average over a
 *     minute; absent where the system does not tell
 * @param settings how they were measured
 * @param rows one for each subnet
 */
public record LatencyReport(
    String problem,
    Machine machine,
    String device,
    OptionalDouble load,
    LatencySettings settings,
    List<Row> rows) {

  /**
   * A measured subnet.
   *
   * @param name how the user knows it
   * @param architecture what it is
   * @param cost what it costs in closed form
   * @param latency what it takes
   */
  public record Row(String name, Architecture architecture, SubnetCost cost, Latency latency) {}

  /** Copies the list. */
  public LatencyReport {
    rows = List.copyOf(rows);
  }

  /**
   * Measures subnets.
   *
   * @param weights of the supernets
   * @param subnets by name
   * @param device {@code cpu}, {@code gpu} or {@code gpu:N}
   */
  public static LatencyReport measure(
      ProblemDefinition definition,
      FamilyWeights weights,
      Map<String, Architecture> subnets,
      String device,
      LatencySettings settings,
      Progress progress) {
    Machine machine = Machine.here();
    OptionalDouble load = machine.load();
    List<Subnet> extracted = new ArrayList<>();
    List<Latency> latencies;
    try (SupernetFamily supernets =
        new SupernetFamily(
            weights, definition::network, definition.space(), PyTorch.device(device))) {
      subnets.values().forEach(architecture -> extracted.add(supernets.extract(architecture)));
      latencies =
          new LatencyMeter(settings, supernets.device(), System::nanoTime)
              .measure(extracted, progress);
    } finally {
      extracted.forEach(Subnet::close);
    }
    List<Row> rows = new ArrayList<>();
    subnets.forEach(
        (name, architecture) ->
            rows.add(
                new Row(
                    name,
                    architecture,
                    definition.cost(architecture),
                    latencies.get(rows.size()))));
    return new LatencyReport(definition.name(), machine, device, load, settings, rows);
  }

  /** Returns the report as JSON. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("problem", problem);
    json.put("machine", machine);
    json.put("device", device);
    json.put("load_average", load.isPresent() ? load.getAsDouble() : null);
    json.put("batch", settings.batch());
    json.put("threads", settings.threads());
    json.put("warm_up", settings.warmUp());
    json.put("repeats", settings.repeats());
    json.put("seed", settings.seed());
    json.put("subnets", rows.stream().map(LatencyReport::json).toList());
    return new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json);
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("subnet", row.name());
    json.put("median_ms", row.latency().median());
    json.put("low_ms", row.latency().low());
    json.put("high_ms", row.latency().high());
    json.put("table_ms", tabled(row));
    json.put("resolution", row.architecture().resolution());
    json.put("madds", row.cost().madds());
    json.put("params", row.cost().params());
    return json;
  }

  private static Double tabled(Row row) {
    return row.cost().latency().isPresent() ? row.cost().latency().getAsDouble() : null;
  }

  /**
   * Writes the report into the folder of the run whose front it is.
   *
   * @throws IOException if a file can't be written
   */
  public void write(RunFolder folder) throws IOException {
    List<List<Object>> cells = new ArrayList<>();
    for (Row row : rows) {
      List<Object> line = new ArrayList<>(json(row).values());
      line.add(settings.batch());
      line.add(settings.threads());
      cells.add(line);
    }
    List<String> header = new ArrayList<>(json(rows.get(0)).keySet());
    header.add("batch");
    header.add("threads");
    Csv.write(folder.latencyCsv(), header, cells);
    String json = toJson();
    AtomicFile.writeText(folder.latencyReport(), writer -> writer.append(json).append('\n'));
  }
}
