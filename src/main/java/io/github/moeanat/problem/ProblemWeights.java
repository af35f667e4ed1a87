package io.github.moeanat.problem;

import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.NetworkMetadata;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.WeightsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads files of weights for the supernets of a problem. */
public final class ProblemWeights {

  private ProblemWeights() {}

  /**
   * The weights of a supernet from a file.
   *
   * @param file where they were read
   * @param weights those of the file, but for a fresh classifier if that of the file is for another
   *     number of classes, or for the classes of another data set, as far as the file says it
   * @param fresh whether the classifier is fresh
   * @param metadata what the file says of itself, by key
   */
  record Found(Path file, Weights weights, boolean fresh, Map<String, String> metadata) {}

  /**
   * Reads one file for each width, in the order of the widths, as {@link WeightsFile} does. A
   * classifier for other classes is drawn anew, which is said.
   *
   * @param progress hears what was drawn anew
   * @throws IllegalArgumentException if a file is missing, damaged or not of its supernet, or if
   *     there are more or fewer than widths
   */
  public static FamilyWeights read(
      ProblemDefinition definition, List<Path> files, Progress progress) {
    List<Double> widths = definition.space().widths();
    if (files.size() != widths.size()) {
      throw new IllegalArgumentException(
          "%d files of weights, expected %d, one for each width of %s"
              .formatted(files.size(), widths.size(), widths));
    }
    Map<Double, Weights> members = new TreeMap<>();
    for (int i = 0; i < widths.size(); i++) {
      Found found = read(definition, files.get(i), widths.get(i));
      if (found.fresh()) {
        warnOfFresh(definition, found, progress);
      }
      members.put(widths.get(i), found.weights());
    }
    return new FamilyWeights(members);
  }

  /** Says that a classifier was drawn anew, and is not trained. */
  static void warnOfFresh(ProblemDefinition definition, Found found, Progress progress) {
    progress.warning(
        "%s is for other classes: the classifier is drawn anew for %d"
            .formatted(found.file(), definition.classes()));
  }

  /**
   * Reads the file of a width. Of the data set its name is known only.
   *
   * @throws IllegalArgumentException if it is missing, damaged or not of the supernet
   */
  static Found read(ProblemDefinition definition, Path file, double width) {
    return read(definition, file, width, new TrainingOrigin(definition.data().name(), "", ""));
  }

  /**
   * Reads the file of a width.
   *
   * @param own what is to be said of the problem's data set
   * @throws IllegalArgumentException if it is missing, damaged or not of the supernet
   */
  static Found read(ProblemDefinition definition, Path file, double width, TrainingOrigin own) {
    if (!Files.exists(file) && !WeightsFile.isPacked(file)) {
      throw new IllegalArgumentException(
          "no weights file %s%s".formatted(file, WeightsFile.sought(file)));
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("the weights file " + file + " is a folder");
    }
    MobileNetV3 network = definition.network(width);
    SearchSpace space = definition.space().ofWidth(width);
    try {
      WeightsFile.Content content = WeightsFile.read(file);
      NetworkMetadata.requireSame(content.metadata(), network);
      Weights found = content.weights();
      long seed = definition.training().warmUpSeed();
      boolean otherClasses =
          TrainingOrigin.of(content.metadata()).filter(own::isOfOtherClassesThan).isPresent();
      Weights weights =
          otherClasses
              ? found.withFreshClassifier(network, space, seed)
              : found.withClassifierFor(network, space, seed);
      weights.requireShapes(network, space);
      weights.requireFinite();
      return new Found(file, weights, weights != found, content.metadata());
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      // What is wrong with the content names the file already.
      throw new IllegalArgumentException(
          message.startsWith(file + " ") || message.startsWith(file + ":")
              ? message
              : message.startsWith("can't read ")
                  ? message
                  : "can't read " + file + ": " + IoReason.of(file, e),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
