package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.TrainingOrigin;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.MicroBatch;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The file that says how to repeat a run. */
final class RunProperties {

  private static final String HASH = "sha256.";

  /** Name of the hash of the data set. */
  static final String DATA = "data";

  /** Name of the hash of the latency table. */
  static final String LATENCY_TABLE = "latencyTable";

  /** What measured latencies depend on: the machine, its software and how they are measured. */
  static final String LATENCY_CONDITIONS = "measuredLatency.conditions";

  private RunProperties() {}

  /** Returns the hashes that an earlier start has written, by name; empty if there is no file. */
  static Map<String, String> hashes(Path file) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    Properties stored = PropertiesFile.read(file);
    for (String key : stored.stringPropertyNames()) {
      if (key.startsWith(HASH)) {
        hashes.put(key.substring(HASH.length()), stored.getProperty(key));
      }
    }
    return hashes;
  }

  /** Returns the value of a key that an earlier start has written; empty if there is none. */
  static Optional<String> value(Path file, String key) throws IOException {
    return Optional.ofNullable(PropertiesFile.read(file).getProperty(key));
  }

  /**
   * Checks that a run still has the latency table that it began with.
   *
   * @param hashes that the run has written
   * @throws IllegalArgumentException if it has another one or none
   */
  static void requireTable(Path file, Map<String, String> hashes, ProblemDefinition definition) {
    String began = hashes.get(LATENCY_TABLE);
    String now = definition.latencyTable().map(LatencyTable::hash).orElse("");
    if (began != null && !began.equals(now)) {
      throw new IllegalArgumentException(
          file
              + ": the run began with another latency table than the one that latency.table names"
              + " now");
    }
  }

  /**
   * Writes the file.
   *
   * @param hashes what is known of data and weights by now, by name; nothing before the engine may
   *     be started
   */
  static void write(
      Path file,
      RunPlan plan,
      Execution execution,
      NatProblem problem,
      NAT nat,
      Map<String, String> hashes)
      throws IOException {
    Map<String, String> properties = new TreeMap<>(plan.toProperties());
    hashes.forEach((name, hash) -> properties.put(HASH + name, hash));
    problem
        .definition()
        .latencyTable()
        .ifPresent(table -> properties.put(HASH + LATENCY_TABLE, table.hash()));
    nat.getConfiguration()
        .keySet()
        .forEach(
            key -> {
              if (!key.equals("algorithm") && !key.equals("problem") && !key.equals("seed")) {
                properties.put("algorithm." + key, nat.getConfiguration().getString(key, ""));
              }
            });
    properties.put("problem.name", problem.getName());
    // Absolute, for a run may be resumed from elsewhere.
    problem
        .definition()
        .data()
        .path()
        .ifPresent(path -> properties.put("problem.data.path", path.toString()));
    if (problem.definition().training().evaluationEngine() == Engine.Kind.FUSED) {
      properties.putAll(microBatches(problem.definition()));
    }
    if (hashes.containsKey(DATA)) {
      properties.put("images", problem.dataSummary());
      String classes = problem.trainingOrigin().classes();
      if (!classes.isEmpty()) {
        properties.put(TrainingOrigin.CLASSES, classes);
      }
    }
    properties.putAll(PropertiesFile.environment(execution));
    if (!hashes.isEmpty() && problem.definition().looksAt(Metric.MEASURED_LATENCY)) {
      properties.putAll(latencies(problem));
    }
    if (hashes.containsKey("startWeights")) {
      properties.put("version.pytorch", PyTorch.version());
    }
    PropertiesFile.write(file, properties);
  }

  private static Map<String, String> latencies(NatProblem problem) {
    String files =
        problem.definition().space().widths().stream()
            .map(width -> problem.latencies().file(width).toAbsolutePath().toString())
            .collect(Collectors.joining(","));
    return Map.of(
        LATENCY_CONDITIONS, problem.latencies().conditions(), "measuredLatency.files", files);
  }

  /** Of the largest subnets, for each resolution; smaller ones run more images together. */
  private static Map<String, String> microBatches(ProblemDefinition definition) {
    SearchSpace space = definition.space();
    MobileNetV3 widest = definition.network(Collections.max(space.widths()));
    return space.resolutions().stream()
        .collect(
            Collectors.toMap(
                resolution -> "evaluation.microBatch." + resolution,
                resolution ->
                    String.valueOf(MicroBatch.of(widest, widest.blocks(space), resolution))));
  }
}
