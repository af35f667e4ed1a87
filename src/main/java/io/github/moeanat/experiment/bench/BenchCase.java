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
 * @param candidates what is measured; nothing if the case is for training only
 * @param bar how many times as fast as the eager path measuring should be
 * @param images validation images of a subnet unless told otherwise
 * @param small the problem whose supernet it is; empty for the published ones
 */
record BenchCase(
    String name,
    String description,
    MobileNetV3 network,
    SearchSpace space,
    List<Architecture> candidates,
    double bar,
    int images,
    Optional<Small> small) {

  /**
   * What only the supernet of a problem has.
   *
   * @param problem whose supernet it is
   * @param channels of its original images
   * @param side height and width of its original images in pixels
   * @param pretraining what of its pretraining is measured
   */
  record Small(
      ProblemDefinition problem, int channels, int side, List<PretrainingPhase> pretraining) {

    /** Copies the list. */
    Small {
      pretraining = List.copyOf(pretraining);
    }
  }

  /**
   * A phase of a recipe that comes with the program.
   *
   * @param description what is special about its steps, for the table
   * @param recipe its name
   * @param phase its name in the recipe
   */
  record PretrainingPhase(String description, String recipe, String phase) {}

  private static final double PUBLISHED_WIDTH = 1.0;
  private static final int PUBLISHED_CLASSES = 1000;
  private static final long WEIGHTS_SEED = 1;
  private static final String DIGITS = "digits";
  private static final String CIFAR = "cifar10";
  private static final String PRETRAINED = "cifar100-small";
  private static final List<PretrainingPhase> PRETRAINING =
      List.of(
          new PretrainingPhase("four subnets taught in place", "one-stage", "all"),
          new PretrainingPhase("one subnet, frozen teacher", "progressive-shrinking", "kernel"));

  /** Copies the list. */
  BenchCase {
    candidates = List.copyOf(candidates);
  }

  /** Names of all cases. */
  static List<String> names() {
    return List.of("w1.0-224", "w1.0-128", "w1.0-32", DIGITS, CIFAR, PRETRAINED);
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
      case DIGITS -> searched(name, 1, 8);
      case CIFAR -> searched(name, 3, 32);
      case PRETRAINED -> pretrained(name);
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

  private static BenchCase searched(String name, int channels, int side) {
    Small small = new Small(definition(name), channels, side, List.of());
    List<Architecture> candidates = RecordedIteration.of(name).fresh();
    String description =
        "%d candidates, supernet of %s, its resolutions".formatted(candidates.size(), name);
    return of(name, description, candidates, small);
  }

  private static BenchCase pretrained(String name) {
    Small small = new Small(definition(name), 3, 32, PRETRAINING);
    return of(name, "supernet of " + name, List.of(), small);
  }

  private static BenchCase of(
      String name, String description, List<Architecture> candidates, Small small) {
    SearchSpace space = small.problem().space();
    return new BenchCase(
        name,
        description,
        small.problem().network(space.widths().get(0)),
        space,
        candidates,
        2,
        1000,
        Optional.of(small));
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

  /** Whether measuring subnets is part of the case. */
  boolean measures() {
    return !candidates.isEmpty();
  }

  /** Whether training is part of the case. */
  boolean trains() {
    return small.isPresent();
  }

  /** Returns images of noise of the number of channels and the size that the problem's have. */
  SearchData data(int train, int validation) {
    Small problem = small.orElseThrow();
    return SyntheticImages.dataSet(
        network.classes(), problem.channels(), problem.side(), train, validation);
  }

  /** How the problem trains and measures. */
  SupernetSettings settings() {
    return small.orElseThrow().problem().training();
  }

  /** Returns random weights, the same each time. */
  Weights weights() {
    return Weights.initial(network, space, WEIGHTS_SEED);
  }

  /** Makes the supernet, on the CPU and to be closed. */
  SupernetFamily open() {
    return new SupernetFamily(
        FamilyWeights.of(network.width(), weights()),
        width -> network,
        space,
        PyTorch.device("cpu"));
  }
}
