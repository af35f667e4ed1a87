package io.github.moeanat.experiment;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.ProblemWeights;
import io.github.moeanat.problem.PropertyFiles;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What a finished search has left in its folder, checked where files say the same thing twice. */
public final class FinishedRun {

  private final RunFolder folder;
  private final RunPlan plan;
  private final Execution execution;
  private final ProblemDefinition definition;
  private final Properties properties = new Properties();
  private final List<ArchiveTable.FrontRow> front;

  /**
   * Reads all but the weights.
   *
   * @param moved keys of the problem that name another place than when the run began
   * @throws IllegalArgumentException if the folder holds no finished run, or one whose files don't
   *     fit together
   * @throws IOException if a file can't be read
   */
  public FinishedRun(Path path, Map<String, String> moved, Execution execution) throws IOException {
    this.execution = execution;
    folder = RunFolder.read(path);
    plan = RunPlan.read(folder.properties(), moved);
    definition = ProblemDefinition.read(plan.problem(), plan.problemFile());
    try (Reader reader = Files.newBufferedReader(folder.properties())) {
      PropertyFiles.load(folder.properties().toString(), properties, reader);
    }
    RunProperties.requireTable(
        folder.properties(), RunProperties.hashes(folder.properties()), definition);
    try (NatProblem problem = new NatProblem(definition, execution)) {
      front = new ArchiveTable(problem).readFront(folder.front());
    }
  }

  Path path() {
    return folder.path();
  }

  /** The problem that was searched. */
  public ProblemDefinition definition() {
    return definition;
  }

  /**
   * Reads the subnets of the last archive, which were measured together.
   *
   * @throws IOException if the file can't be read
   */
  public List<Architecture> archive() throws IOException {
    try (NatProblem problem = new NatProblem(definition, execution)) {
      return new ArchiveTable(problem)
          .readArchive(folder.archive()).stream().map(problem::architecture).toList();
    }
  }

  /** Returns whether data of this hash are those of the run. */
  boolean hasData(String hash) {
    return hash(folder.properties(), "data").equals(hash);
  }

  /** SHA-256 of the adapted weights of a width, as the run has noted it. */
  String weightsHash(double width) {
    boolean only = definition.space().widths().size() == 1;
    return hash(folder.properties(), only ? "adaptedWeights" : "adaptedWeights.w" + width);
  }

  /**
   * Returns a row of the front.
   *
   * @param number counted from 1
   * @throws IllegalArgumentException if there is none, or its file holds another subnet
   */
  ArchiveTable.FrontRow subnet(int number) {
    if (number < 1 || number > front.size()) {
      throw new IllegalArgumentException(
          "subnet is %d, expected 1 to %d, a row of %s"
              .formatted(number, front.size(), folder.front()));
    }
    ArchiveTable.FrontRow row = front.get(number - 1);
    Path file = folder.subnet(number);
    Architecture described = new SubnetJson(definition.space()).read(file);
    if (!described.equals(row.architecture())) {
      throw new IllegalArgumentException(
          "%s holds another subnet than row %d of %s".formatted(file, number, folder.front()));
    }
    return row;
  }

  /**
   * Reads the adapted weights of all widths.
   *
   * @throws IllegalArgumentException if they are missing, damaged or not those of the run
   */
  public FamilyWeights weights() {
    Map<Double, Weights> members = new TreeMap<>();
    definition.space().widths().forEach(width -> members.put(width, weights(width)));
    return new FamilyWeights(members);
  }

  /**
   * Reads the adapted weights of a width.
   *
   * @throws IllegalArgumentException if they are missing, damaged or not those of the run
   */
  Weights weights(double width) {
    List<Double> widths = definition.space().widths();
    Path file = folder.supernets(widths).get(widths.indexOf(width));
    Weights weights =
        ProblemWeights.read(definition, folder.supernets(widths), Progress.NONE).get(width);
    String hash = weights.hash();
    if (!hash.equals(weightsHash(width))) {
      throw new IllegalArgumentException(
          "%s does not hold the weights of the run: their SHA-256 is %s, %s says %s"
              .formatted(file, hash, folder.properties(), weightsHash(width)));
    }
    return weights;
  }

  private String hash(Path file, String name) {
    String hash = properties.getProperty("sha256." + name);
    if (hash == null) {
      throw new IllegalArgumentException(
          "%s: key 'sha256.%s' is missing: the run has not finished".formatted(file, name));
    }
    return hash;
  }
}
