package io.github.moeanat.experiment;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.Logits;
import io.github.moeanat.evaluation.ValidationPass;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.problem.TrainingOrigin;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.NetworkMetadata;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Takes a subnet of a finished run out into a file. One step that does not half-succeed: the subnet
 * is recalibrated, measured, written, read again and compared, and the file has its name only if
 * all of that went well.
 */
public final class SubnetExport {

  /** Logits of the network that was read may differ by this share of the largest. */
  static final double TOLERANCE = 1e-4;

  /** By more than this share of the images, and more than one, a front was measured elsewise. */
  private static final double FRONT_TOLERANCE = 0.01;

  private final FinishedRun run;
  private final Architecture architecture;
  private final OptionalDouble predicted;
  private final OptionalDouble reported;
  private final Execution execution;
  private final Progress progress;
  private final Consumer<String> warnings;

  /**
   * Prepares the export of a subnet; reads all but weights and data.
   *
   * @param folder of the run
   * @param moved keys of the problem that name another place than when the run began
   * @param subnet number in the run's front, from 1, or a file with a subnet of its search space
   * @param warnings told what is odd and no failure
   * @throws IllegalArgumentException if the folder holds no finished run or there is no such subnet
   * @throws IOException if a file can't be read
   */
  public SubnetExport(
      Path folder,
      Map<String, String> moved,
      String subnet,
      Execution execution,
      Progress progress,
      Consumer<String> warnings)
      throws IOException {
    run = new FinishedRun(folder, moved, execution);
    if (subnet.matches("-?\\d{1,9}")) {
      ArchiveTable.FrontRow row = run.subnet(Integer.parseInt(subnet));
      architecture = row.architecture();
      predicted = row.predictedAccuracy();
      reported = OptionalDouble.of(row.validationAccuracy());
    } else {
      architecture = new SubnetFile(run.definition()).read(Path.of(subnet));
      predicted = OptionalDouble.empty();
      reported = OptionalDouble.empty();
    }
    this.execution = execution;
    this.progress = progress;
    this.warnings = warnings;
  }

  /** Returns the names of the formats. */
  public static List<String> formats() {
    return ExportFormats.NAMES;
  }

  /**
   * Writes the subnet.
   *
   * @param format {@code onnx}, {@code safetensors} or {@code json}
   * @param file where to; a file that is there is replaced if everything went well
   * @throws IllegalArgumentException if the format is unknown or the run's files don't fit together
   * @throws CancellationException if {@code progress} asked to stop; nothing is written
   * @throws IOException if the file can't be written, or what is read from it is another network
   *     than the one written, or that one is not the one that the run has measured
   */
  public ExportReport write(String format, Path file) throws IOException {
    ExportFormats.require(format);
    ProblemDefinition definition = run.definition();
    SupernetSettings settings = definition.training();
    double width = architecture.width();
    Weights weights = run.weights(width);
    DataSet data =
        DataSets.load(definition.data(), execution.cache(), execution.threads(), progress);
    if (!run.hasData(data.hash())) {
      warnings.accept("the data set " + data.name() + " is not the one that the run had");
    }
    try (Supernet supernet =
            new Supernet(
                weights,
                definition.network(width),
                definition.space().ofWidth(width),
                PyTorch.device(execution.device()));
        ValidationPass pass =
            new ValidationPass(
                supernet.device(),
                data.search(),
                settings.transform(),
                settings.evaluation(),
                settings.recalibrationSeed());
        Subnet subnet = supernet.extract(architecture)) {
      Logits inherited = run(pass, subnet, "measuring with inherited statistics");
      pass.recalibrate(subnet);
      Logits recalibrated = run(pass, subnet, "measuring after recalibration");
      requireReported(recalibrated.accuracy());
      ExportFormat kind =
          ExportFormats.of(
              format,
              new SubnetJson(definition.space()),
              supernet,
              pass,
              metadata(data, recalibrated.accuracy()));
      Logits reloaded = write(kind, subnet, recalibrated, file, pass);
      return new ExportReport(
          file,
          architecture,
          definition.cost(architecture),
          predicted,
          reported,
          inherited.accuracy(),
          recalibrated.accuracy(),
          reloaded.accuracy(),
          reloaded.difference(recalibrated));
    }
  }

  /**
   * Writes a recalibrated subnet.
   *
   * @param expected its logits
   * @return the logits of the network that was read from the file
   */
  Logits write(ExportFormat kind, Subnet subnet, Logits expected, Path file, ValidationPass pass)
      throws IOException {
    Logits[] reloaded = new Logits[1];
    AtomicFile.write(
        file,
        stream -> kind.write(subnet, stream),
        written -> {
          try (ExportFormat.Network network = kind.read(written, subnet)) {
            reloaded[0] =
                pass.run(
                    subnet.architecture().resolution(),
                    network::forward,
                    progress.named("measuring what was written"));
          } catch (CancellationException e) {
            // An IllegalStateException too, and no fault of the file.
            throw e;
          } catch (IOException | ArithmeticException | IllegalStateException e) {
            throw new IOException(
                "%s was not written: the file fails on reading: %s".formatted(file, e.getMessage()),
                e);
          }
          double difference = reloaded[0].difference(expected);
          // Also if it is not a number.
          if (!(difference <= TOLERANCE)) {
            throw new IOException(
                String.format(
                    Locale.ROOT,
                    "%s was not written: the network read from it is another one, its logits differ"
                        + " by %.2e (accuracy %.2f %% instead of %.2f %%)",
                    file,
                    difference,
                    100 * reloaded[0].accuracy().share(),
                    100 * expected.accuracy().share()));
          }
        });
    return reloaded[0];
  }

  private Logits run(ValidationPass pass, Subnet subnet, String name) {
    return pass.run(subnet, progress.named(name));
  }

  // Another machine may round otherwise and judge an image or two differently.
  private void requireReported(Accuracy measured) throws IOException {
    if (reported.isEmpty() || reported.getAsDouble() == measured.share()) {
      return;
    }
    String message =
        String.format(
            Locale.ROOT,
            "the recalibrated subnet has a validation accuracy of %.2f %%, the run's front says %.2f %%",
            100 * measured.share(),
            100 * reported.getAsDouble());
    double limit = Math.max(FRONT_TOLERANCE, 1.0 / measured.images()) + 1e-9;
    if (Math.abs(reported.getAsDouble() - measured.share()) > limit) {
      throw new IOException(message + ": nothing was written");
    }
    warnings.accept(message);
  }

  private Map<String, String> metadata(DataSet data, Accuracy accuracy) {
    ProblemDefinition definition = run.definition();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("architecture", new SubnetJson(definition.space()).toJson(architecture));
    metadata.put("classes", String.valueOf(definition.classes()));
    metadata.putAll(NetworkMetadata.of(definition.network(architecture.width())));
    metadata.put("image_channels", "RGB; gray images three times");
    ImageTransform transform = definition.training().transform();
    metadata.put("image_resize", transform.resize().name().toLowerCase(Locale.ROOT));
    metadata.put("image_mean", joined(transform.means()));
    metadata.put("image_scale", joined(transform.scales()));
    metadata.put("image_normalisation", "(pixel - image_mean) / image_scale");
    metadata.put("problem", definition.name());
    metadata.put("data", data.name());
    String classes = TrainingOrigin.of(data).classes();
    if (!classes.isEmpty()) {
      metadata.put(TrainingOrigin.CLASSES, classes);
    }
    metadata.put("image_crop", String.valueOf(transform.crop()));
    metadata.put("supernet_sha256", run.weightsHash(architecture.width()));
    metadata.put("validation_accuracy", String.valueOf(accuracy.share()));
    return metadata;
  }

  // One for all channels or one for each.
  private static String joined(List<? extends Number> numbers) {
    return String.join(",", numbers.stream().map(String::valueOf).toList());
  }
}
