package io.github.moeanat.experiment;

import io.github.moeanat.data.DataSettings;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.PropertyFiles;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.moeaframework.core.TypedProperties;

/** The file of keys and values in which a run says how to repeat it. */
public final class PropertiesFile {

  private PropertiesFile() {}

  /**
   * Returns keys and values of a file; none if there is no file.
   *
   * @throws IllegalArgumentException if it is no property file
   * @throws IOException if it can't be read
   */
  public static Properties read(Path file) throws IOException {
    Properties stored = new Properties();
    if (!Files.exists(file)) {
      return stored;
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      PropertyFiles.load(file.toString(), stored, reader);
    }
    return stored;
  }

  /**
   * Checks that a run still has the images that it began with.
   *
   * @param began hash of these, if the run has written it
   * @param now hash of the images that are there
   * @param data where they are
   * @throws IllegalArgumentException if it has others
   */
  public static void requireData(Path file, Optional<String> began, String now, DataSettings data) {
    if (began.isPresent() && !began.get().equals(now)) {
      throw new IllegalArgumentException(
          "%s: the run began with other images than those of %s now in %s"
              .formatted(file, data.name(), data.folder()));
    }
  }

  /**
   * Writes a file whole or not at all, in the order of the keys and without a date, so that equal
   * runs have equal files.
   */
  public static void write(Path file, Map<String, String> properties) throws IOException {
    AtomicFile.writeText(
        file,
        writer -> {
          writer.write("# What is needed to repeat this run; --resume reads it.\n");
          for (Map.Entry<String, String> entry : new TreeMap<>(properties).entrySet()) {
            writer.write(escaped(entry.getKey()) + " = " + escaped(entry.getValue()) + "\n");
          }
        });
  }

  /**
   * Returns how and by which software a run is run, without starting the engine.
   *
   * @throws IOException if the engine's library can't be read
   */
  public static Map<String, String> environment(Execution execution) throws IOException {
    return Map.of(
        "execution.threads",
        String.valueOf(execution.threads()),
        "execution.device",
        execution.device(),
        "version.moea-nat",
        version(),
        "version.moeaframework",
        TypedProperties.loadBuildProperties().getString("version"),
        "version.djl",
        PyTorch.djlVersion(),
        "version.java",
        System.getProperty("java.version"),
        "machine",
        "%s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
  }

  /** Returns the version of this program. */
  public static String version() {
    String version = PropertiesFile.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("=", "\\=")
        .replace(":", "\\:")
        .replace("#", "\\#")
        .replace(" ", "\\ ");
  }
}
