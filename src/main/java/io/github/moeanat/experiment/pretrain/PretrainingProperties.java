package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.experiment.PropertiesFile;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** The file that says how to repeat a pretraining. */
record PretrainingProperties(
    Path file, RunPlan plan, ProblemDefinition definition, Execution execution) {

  private static final String DATA = "sha256.data";
  private static final String PYTORCH = "version.pytorch";
  private static final String FIRST = "first.";
  // These say what is measured and kept, not what is trained.
  private static final Set<String> OF_REPORTS =
      Set.of(
          "algorithm",
          "description",
          "validationImages",
          "reportSubnets",
          "reportTest",
          "checkpointSteps");

  /**
   * Checks that a resumed run still has the images that it began with.
   *
   * @param hash of the images
   * @throws IllegalArgumentException if it has others
   */
  void requireData(String hash) throws IOException {
    Optional<String> began = Optional.ofNullable(PropertiesFile.read(file).getProperty(DATA));
    PropertiesFile.requireData(file, began, hash, definition.data());
  }

  /** Returns all that decides the weights beside images and versions, by key. */
  Map<String, String> decisive() {
    Map<String, String> decisive = new TreeMap<>();
    plan.problemFile()
        .resolved()
        .forEach(
            (key, value) -> {
              if (SupernetSettings.isOfPretraining(key) && !key.equals("data.path")) {
                decisive.put("problem." + key, value);
              }
            });
    plan.algorithmFile()
        .resolved()
        .forEach(
            (key, value) -> {
              if (!OF_REPORTS.contains(key)) {
                decisive.put("algorithm." + key, value);
              }
            });
    decisive.put("seed", String.valueOf(plan.seed()));
    return decisive;
  }

  /** Warns of an engine of another version than the run began with. */
  void warnOfOtherVersions(Progress progress) throws IOException {
    String first = PropertiesFile.read(file).getProperty(FIRST + PYTORCH);
    if (first != null && !first.equals(PyTorch.version())) {
      progress.warning(
          "the run began with PyTorch %s and goes on with %s: its weights won't be those of an unbroken run"
              .formatted(first, PyTorch.version()));
    }
  }

  /** Writes what is known before the images are, if an earlier start has not. */
  void begin() throws IOException {
    if (!Files.exists(file)) {
      PropertiesFile.write(file, settings());
    }
  }

  /** Writes the file. */
  void write(DataSet data) throws IOException {
    Map<String, String> properties = settings();
    definition
        .data()
        .path()
        .ifPresent(path -> properties.put("problem.data.path", path.toString()));
    properties.put(DATA, data.hash());
    properties.put("images", data.summary());
    properties.put(PYTORCH, PyTorch.version());
    // Of the first sitting too, which a later one may differ from.
    Properties earlier = PropertiesFile.read(file);
    for (String key : List.of(PYTORCH, "version.moea-nat", "machine")) {
      properties.put(
          FIRST + key,
          earlier.getProperty(FIRST + key, earlier.getProperty(key, properties.get(key))));
    }
    PropertiesFile.write(file, properties);
  }

  private Map<String, String> settings() throws IOException {
    Map<String, String> properties = new TreeMap<>(plan.toProperties());
    // Defaults too, which another version may have others of.
    plan.algorithmFile()
        .resolved()
        .forEach((key, value) -> properties.put("algorithm." + key, value));
    properties.putAll(PropertiesFile.environment(execution));
    return properties;
  }
}
