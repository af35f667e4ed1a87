package io.github.moeanat.cli;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.DataSettings;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.FewImages;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.NatProblems;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.SupernetSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A problem named on the command line, with the overrides that are meant for it. */
final class ProblemChoice {

  private static final String DATA_PATH = "data.path";

  private final String fileName;
  private final Set<String> keys;
  private final Map<String, String> own = new LinkedHashMap<>();
  private final Map<String, String> others = new LinkedHashMap<>();

  /**
   * Chooses a problem.
   *
   * @param name name of a file in {@code problems/} or the name that it registers
   * @param overrides keys of the problem are kept apart from the others
   */
  ProblemChoice(String name, Map<String, String> overrides) {
    fileName = fileName(name);
    PropertyFile plain = ProblemDefinition.FILES.load(fileName, Map.of());
    // The overrides may name another latency table than the file, which may lack its own.
    ProblemDefinition.readWithoutTable(fileName, plain);
    keys = plain.keysRead();
    overrides.forEach((key, value) -> (keys.contains(key) ? own : others).put(key, value));
  }

  /**
   * Returns the file of a problem.
   *
   * @param name name of a file in {@code problems/} or the name that it registers
   * @throws IllegalArgumentException if there is none
   */
  static String fileName(String name) {
    Map<String, String> registered = NatProblems.fileNames();
    Map<String, String> files = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    files.putAll(registered);
    registered.values().forEach(file -> files.put(file, file));
    return files.get(Invocation.named("problem", name, files.keySet()));
  }

  String fileName() {
    return fileName;
  }

  PropertyFile file() {
    return ProblemDefinition.FILES.load(fileName, own);
  }

  ProblemDefinition definition() {
    return ProblemDefinition.read(fileName, file());
  }

  /** The definition of a problem whose latency table may be missing. */
  ProblemDefinition definitionWithoutTable() {
    return ProblemDefinition.readWithoutTable(fileName, file());
  }

  /**
   * Refuses a folder of a data set that is not there, and a problem on class folders if there is
   * nothing to count the classes by. No image is asked for.
   *
   * @throws IllegalArgumentException if the folder is not given or not there, and neither is the
   *     number of classes
   */
  void requireClasses() {
    DataSettings data = definitionWithoutTable().data();
    boolean counted =
        data.name().equals(DataSets.FOLDER) && !file().values().containsKey("classes");
    if (counted && data.path().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: the number of classes is not known; --data DIR names a folder to count them in, "
                  .formatted(fileName)
              + "-X classes=N gives it");
    }
    if (counted || own.containsKey(DATA_PATH)) {
      DataSets.require(data);
    }
  }

  /** Lowers settings of a search as those of a pretraining are lowered. */
  List<String> fitToImages(Execution execution, Progress progress) {
    int batch = definitionWithoutTable().training().batch();
    return fitToImages(execution, progress, SupernetSettings.BATCH, batch);
  }

  /**
   * Lowers settings that ask for more images than a folder of one's own has. What was given by an
   * override stays.
   *
   * @param batchKey key of the images of a training step, the problem's or another one
   * @param batch images of a training step
   * @return what the user should be told of it
   */
  List<String> fitToImages(Execution execution, Progress progress, String batchKey, int batch) {
    List<String> lowered = new ArrayList<>();
    PropertyFile asked = file();
    ProblemDefinition definition = ProblemDefinition.readWithoutTable(fileName, asked);
    new FewImages(definition, execution)
        .fitting(batchKey, batch, progress)
        .forEach(
            (key, value) -> {
              Map<String, String> overrides = keys.contains(key) ? own : others;
              if (!overrides.containsKey(key)) {
                String from = asked.resolved().getOrDefault(key, String.valueOf(batch));
                lowered.add(
                    "%s is lowered from %s to %s, since there are so few training images"
                        .formatted(key, from, value));
                overrides.put(key, value);
              }
            });
    return lowered;
  }

  /**
   * Refuses overrides of keys of the problem that are of no account.
   *
   * @param used which are
   * @param reason completes "KEY is"
   */
  void refuseUnused(Predicate<String> used, String reason) {
    for (String key : own.keySet()) {
      if (!used.test(key)) {
        throw new IllegalArgumentException("-X: %s is %s".formatted(key, reason));
      }
    }
  }

  /** Returns the overrides for an algorithm, all of which it must know. */
  Map<String, String> algorithmOverrides(String algorithm, Execution execution) {
    try (NatProblem problem = new NatProblem(definitionWithoutTable(), execution)) {
      NAT nat = NatAlgorithms.create(NatAlgorithms.FILES.load(algorithm, Map.of()), problem);
      Set<String> known = new TreeSet<>(nat.getConfiguration().keySet());
      if (others.containsKey("surrogate")) {
        Map<String, String> surrogate = Map.of("surrogate", others.get("surrogate"));
        PropertyFile changed = NatAlgorithms.FILES.load(algorithm, surrogate);
        known.addAll(NatAlgorithms.create(changed, problem).getConfiguration().keySet());
      }
      // What the framework adds of itself is no property of the algorithm.
      known.removeAll(Set.of("algorithm", "problem"));
      refuseUnknown(known);
    }
    return others;
  }

  /** Returns the overrides that are not the problem's. */
  Map<String, String> others() {
    return new LinkedHashMap<>(others);
  }

  /** Returns the problem's keys that a pretraining heeds. */
  Set<String> keysOfPretraining() {
    return keys.stream().filter(SupernetSettings::isOfPretraining).collect(Collectors.toSet());
  }

  /** Refuses overrides of anything but the problem. */
  void refuseOthers() {
    refuseUnknown(Set.of());
  }

  private void refuseUnknown(Set<String> known) {
    for (String key : others.keySet()) {
      if (!known.contains(key)) {
        Set<String> all = new TreeSet<>(known);
        all.addAll(keys);
        throw new IllegalArgumentException(
            "-X: unknown key '" + key + "'" + Suggestions.forName(key, all));
      }
    }
  }
}
