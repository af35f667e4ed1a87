package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.experiment.PropertiesFile;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The file that says how to repeat a pretraining. */
record PretrainingProperties(
    Path file, RunPlan plan, ProblemDefinition definition, Execution execution) {

  private static final String DATA = "sha256.data";

  /**
   * Checks that a resumed run still has the images that it began with.
   *
   * @param hash of the images
   * @throws IllegalArgumentException if it has others
   */
  void requireData(String hash) throws IOException {
    String began = PropertiesFile.read(file).getProperty(DATA);
    if (began != null && !began.equals(hash)) {
      throw new IllegalArgumentException(
          "%s: the run began with other images than those of %s now in %s"
              .formatted(file, definition.data().name(), definition.data().folder()));
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
    properties.put("version.pytorch", PyTorch.version());
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
