package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.TrainingOrigin;
import io.github.moeanat.supernet.NetworkMetadata;
import io.github.moeanat.supernet.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that decides the result of a run: the problem's and the algorithm's properties as resolved
 * from files and overrides, and the seed. {@code run.properties} holds it, so a run can be resumed
 * or repeated when the files have changed.
 *
 * @param problem name of the problem file
 * @param problemFile properties of the problem
 * @param algorithm name of the algorithm file
 * @param algorithmFile properties of the algorithm
 * @param seed seed of the run
 */
public record RunPlan(
    String problem,
    PropertyFile problemFile,
    String algorithm,
    PropertyFile algorithmFile,
    long seed) {

  private static final String PROBLEM = "problem";
  private static final String ALGORITHM = "algorithm";
  private static final String SEED = "seed";

  /**
   * Reads the plan of an earlier run.
   *
   * @param moved keys of the problem that name another place than when the run began
   * @throws IllegalArgumentException if a key is missing or the seed is no number
   * @throws IOException if the file can't be read
   */
  public static RunPlan read(Path file, Map<String, String> moved) throws IOException {
    Properties stored = PropertiesFile.read(file);
    for (String key : new String[] {PROBLEM, ALGORITHM, SEED}) {
      if (stored.getProperty(key) == null) {
        throw new IllegalArgumentException(file + ": key '" + key + "' is missing");
      }
    }
    long seed;
    try {
      seed = Long.parseLong(stored.getProperty(SEED));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: seed is '%s', expected a whole number".formatted(file, stored.getProperty(SEED)), e);
    }
    return new RunPlan(
        stored.getProperty(PROBLEM),
        new PropertyFile(file.toString(), below(stored, PROBLEM), moved),
        stored.getProperty(ALGORITHM),
        new PropertyFile(file.toString(), below(stored, ALGORITHM), Map.of()),
        seed);
  }

  /** Creates the problem; loads nothing. */
  public NatProblem newProblem(Execution execution) {
    return new NatProblem(ProblemDefinition.read(problem, problemFile), execution);
  }

  /** Creates the algorithm. */
  public NAT newAlgorithm(NatProblem on) {
    NAT nat = NatAlgorithms.create(algorithmFile, on);
    nat.getSettings().setSeed(String.valueOf(seed));
    return nat;
  }

  /**
   * Returns what a file of weights that the run writes says of itself, by key: the network and the
   * images that they were trained for and on, and the run.
   *
   * @param origin the images
   */
  public Map<String, String> metadata(
      ProblemDefinition definition, double width, TrainingOrigin origin) {
    Map<String, String> metadata = new TreeMap<>(NetworkMetadata.of(definition.network(width)));
    metadata.putAll(origin.metadata());
    metadata.put(PROBLEM, problem);
    metadata.put(ALGORITHM, algorithm);
    metadata.put(SEED, String.valueOf(seed));
    metadata.put("program", "moea-nat " + PropertiesFile.version());
    return metadata;
  }

  /** Returns keys and values for {@code run.properties}. */
  public Map<String, String> toProperties() {
    Map<String, String> properties = new TreeMap<>();
    properties.put(PROBLEM, problem);
    properties.put(ALGORITHM, algorithm);
    properties.put(SEED, String.valueOf(seed));
    problemFile.resolved().forEach((key, value) -> properties.put(PROBLEM + "." + key, value));
    // So that a run is resumed from whatever folder. What comes with the program does so
    // everywhere.
    properties.computeIfPresent(
        PROBLEM + ".supernet.weights",
        (key, paths) ->
            Arrays.stream(paths.split(",", -1))
                .map(String::trim)
                .map(path -> WeightsFile.isPacked(Path.of(path)) ? path : absolute(path))
                .collect(Collectors.joining(",")));
    properties.computeIfPresent(
        PROBLEM + ".latency.table",
        (key, path) -> LatencyTableFile.isPacked(Path.of(path)) ? path : absolute(path));
    algorithmFile.values().forEach((key, value) -> properties.put(ALGORITHM + "." + key, value));
    return properties;
  }

  private static String absolute(String path) {
    return path.isEmpty() ? path : Path.of(path).toAbsolutePath().normalize().toString();
  }

  private static Map<String, String> below(Properties stored, String prefix) {
    Map<String, String> values = new TreeMap<>();
    for (String key : stored.stringPropertyNames()) {
      if (key.startsWith(prefix + ".")) {
        values.put(key.substring(prefix.length() + 1), stored.getProperty(key));
      }
    }
    return values;
  }
}
