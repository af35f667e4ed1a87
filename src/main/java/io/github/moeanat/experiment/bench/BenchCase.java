package io.github.moeanat.experiment.bench;

import io.github.moeanat.data.SearchData;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A supernet with random weights and the subnets of it that are measured. Times do not depend on
 * the values of weights and images.
 *
 * @param name on the command line
 * @param description what is measured, for the table
 * @param network shape of the supernet
 * @param space its search space
 * @param candidates what is measured
 * @param bar how many times as fast as the eager path measuring should be
 * @param images validation images of a subnet unless told otherwise
 * @param problem the problem whose supernet it is; empty for the published ones
 */
record BenchCase(
    String name,
    String description,
    MobileNetV3 network,
    SearchSpace space,
    List<Architecture> candidates,
    double bar,
    int images,
    Optional<ProblemDefinition> problem) {

  private static final double PUBLISHED_WIDTH = 1.0;
  private static final int PUBLISHED_CLASSES = 1000;
  private static final long WEIGHTS_SEED = 1;
  private static final String DIGITS = "digits";
  private static final String CIFAR = "cifar10";

  /** Names of all cases. */
  static List<String> names() {
    return List.of("w1.0-224", "w1.0-128", "w1.0-32", DIGITS, CIFAR);
  }

  /**
   * Creates the case of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static BenchCase of(String name) {
    return switch (name) {
      // Fewer images than a search uses, for these take minutes.
      case "w1.0-224" -> published(name, 224, 2, 100);
      case "w1.0-128" -> published(name, 128, 1.5, 200);
      case "w1.0-32" -> largest(name, 32, 2.5);
      case DIGITS, CIFAR -> small(name);
      default ->
          throw new IllegalArgumentException(
              "no case '%s', expected one of %s".formatted(name, names()));
    };
  }

  /** Returns the supernet of the published width with its largest subnet at a resolution. */
  static BenchCase largest(String name, int resolution, double bar) {
    SearchSpace space = publishedSpace(resolution);
    return new BenchCase(
        name,
        "largest subnet, w1.0 at %d px".formatted(resolution),
        publishedNetwork(),
        space,
        List.of(new ArchitectureSampler(space).largest()),
        bar,
        1000,
        Optional.empty());
  }

  private static BenchCase published(String name, int resolution, double bar, int images) {
    List<Architecture> candidates =
        RecordedIteration.of(CIFAR).fresh().stream()
            .map(recorded -> new Architecture(resolution, PUBLISHED_WIDTH, recorded.stages()))
            .toList();
    return new BenchCase(
        name,
        "%d candidates, w1.0 at %d px".formatted(candidates.size(), resolution),
        publishedNetwork(),
        publishedSpace(resolution),
        candidates,
        bar,
        images,
        Optional.empty());
  }

  private static BenchCase small(String problem) {
    ProblemDefinition definition = definition(problem);
    List<Architecture> candidates = RecordedIteration.of(problem).fresh();
    double width = definition.space().widths().get(0);
    return new BenchCase(
        problem,
        "%d candidates, supernet of %s, its resolutions".formatted(candidates.size(), problem),
        definition.network(width),
        definition.space(),
        candidates,
        2,
        1000,
        Optional.of(definition));
  }

  /** Returns a problem as it is registered; its data are not read. */
  static ProblemDefinition definition(String problem) {
    return ProblemDefinition.read(problem, ProblemDefinition.FILES.load(problem, Map.of()));
  }

  private static MobileNetV3 publishedNetwork() {
    return new MobileNetV3(PUBLISHED_WIDTH, 2, PUBLISHED_CLASSES);
  }

  private static SearchSpace publishedSpace(int resolution) {
    return SearchSpace.nat(List.of(resolution), List.of(PUBLISHED_WIDTH));
  }

  /** Returns images of noise of the number of channels and the size that the problem's have. */
  SearchData data(int train, int validation) {
    boolean digits = name.equals(DIGITS);
    return SyntheticImages.dataSet(
        network.classes(), digits ? 1 : 3, digits ? 8 : 32, train, validation);
  }

  /** How the problem trains and measures. */
  SupernetSettings settings() {
    return problem.orElseThrow().training();
  }

  /** Makes the supernet, on the CPU and to be closed. */
  SupernetFamily open() {
    Weights weights = Weights.initial(network, space, WEIGHTS_SEED);
    return new SupernetFamily(
        FamilyWeights.of(network.width(), weights), width -> network, space, PyTorch.device("cpu"));
  }
}
