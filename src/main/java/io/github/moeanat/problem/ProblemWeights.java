package io.github.moeanat.problem;

import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
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
   * Reads one file for each width, in the order of the widths. A classifier for another number of
   * classes is drawn anew, which is said.
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
      members.put(widths.get(i), read(definition, files.get(i), widths.get(i), progress));
    }
    return new FamilyWeights(members);
  }

  static Weights read(ProblemDefinition definition, Path file, double width, Progress progress) {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("no weights file " + file);
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("the weights file " + file + " is a folder");
    }
    MobileNetV3 network = definition.network(width);
    SearchSpace space = definition.space().ofWidth(width);
    try {
      Weights found = WeightsFile.read(file);
      Weights weights = found.withClassifierFor(network, space, definition.training().warmUpSeed());
      weights.requireShapes(network, space);
      weights.requireFinite();
      if (weights != found) {
        progress.warning(
            "%s is for another number of classes: the classifier is drawn anew for %d"
                .formatted(file, definition.classes()));
      }
      return weights;
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
