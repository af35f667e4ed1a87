package io.github.moeanat.problem;

import io.github.moeanat.cost.LatencyTable;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.DataSettings;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.LatencySettings;
import io.github.moeanat.evaluation.LatencyTableFile;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * A problem file, read and checked: what is searched, on which data, with which objectives. Loads
 * neither data nor weights.
 *
 * @param name name with the framework, for example {@code NAT-digits}
 * @param description one line for lists
 * @param data which images
 * @param classes number of classes of the data set
 * @param space all subnets of the supernets
 * @param searched those of them that are searched
 * @param stemStride stride of the first convolution
 * @param strides stride of each stage
 * @param activations which non-linearities the supernets have
 * @param objectives what is minimised, in the algorithm's order
 * @param bounds constraints
 * @param scales what each metric is divided by before an algorithm sees it
 * @param epsilons one for each objective
 * @param referencePoint of the hypervolume, one for each objective
 * @param weights files of the supernets' weights, one for each width in order, or names of such as
 *     come with the program; if there are none, the supernets are warmed up
 * @param latencyTable where latencies are looked up; empty if the problem names none
 * @param measuredLatency how latencies are measured on this machine
 * @param training how weights are trained and measured
 * @param algorithm name of the algorithm that {@code nat search} runs unless told otherwise
 */
public record ProblemDefinition(
    String name,
    String description,
    DataSettings data,
    int classes,
    SearchSpace space,
    SearchSpace searched,
    int stemStride,
    List<Integer> strides,
    MobileNetV3.Activations activations,
    List<Metric> objectives,
    List<Bound> bounds,
    Map<Metric, Double> scales,
    List<Double> epsilons,
    List<Double> referencePoint,
    List<String> weights,
    Optional<LatencyTable> latencyTable,
    LatencySettings measuredLatency,
    SupernetSettings training,
    String algorithm) {

  /** The folder of problem files. */
  public static final PropertyFiles FILES = new PropertyFiles("problems");

  private static final int MAX_CLASSES = 100_000;
  private static final double LOWEST_SCALE = 1e-6;
  private static final int MANY_PASSES = 1_000_000;
  private static final long LATENCY_SEED = 1;

  /** Copies the collections. */
  public ProblemDefinition {
    strides = List.copyOf(strides);
    objectives = List.copyOf(objectives);
    bounds = List.copyOf(bounds);
    scales = Map.copyOf(scales);
    epsilons = List.copyOf(epsilons);
    referencePoint = List.copyOf(referencePoint);
    weights = List.copyOf(weights);
  }

  /**
   * Reads a problem file.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is not what is expected; the
   *     message names file, key and value
   */
  public static ProblemDefinition read(String fileName, PropertyFile file) {
    return read(fileName, file, true);
  }

  /**
   * Reads a problem file as {@link #read} does, except for the latency table that it names, which
   * may be missing: for those who make that table. Latencies are unknown to such a definition.
   *
   * @throws IllegalArgumentException as for {@link #read}
   */
  public static ProblemDefinition readWithoutTable(String fileName, PropertyFile file) {
    return read(fileName, file, false);
  }

  private static ProblemDefinition read(String fileName, PropertyFile file, boolean withTable) {
    ProblemKind.SUPERNET.require(file);
    SpaceKeys keys = SpaceKeys.read(file);
    SearchSpace space = keys.space();
    SupernetSettings training = SupernetSettings.read(file);
    DataSettings data =
        DataKeys.read(
            file,
            training.transform().scaled(space.resolutions().get(space.resolutions().size() - 1)));
    int classes = file.integer("classes", DataSets.countClasses(data), 2, MAX_CLASSES);
    if (classes == 0) {
      file.text("classes");
    }
    List<Metric> objectives = objectives(file);
    List<Bound> bounds = bounds(file);
    DoubleFunction<MobileNetV3> networks = width -> keys.network(width, classes);
    Optional<LatencyTable> table = latencyTable(file, withTable, space, networks);
    boolean timed =
        objectives.contains(Metric.LATENCY)
            || bounds.stream().anyMatch(bound -> bound.metric() == Metric.LATENCY);
    if (withTable && timed && table.isEmpty()) {
      throw new IllegalArgumentException(
          file.source()
              + ": key 'latency.table' is missing, which latency needs;"
              + " nat latency-table makes such a file");
    }
    Architecture largestSubnet = new ArchitectureSampler(keys.searched()).largest();
    SubnetCost largest = cost(largestSubnet, networks.apply(largestSubnet.width()), table);
    ProblemDefinition definition =
        new ProblemDefinition(
            file.text("name", defaultName(fileName)),
            file.text("description", ""),
            data,
            classes,
            space,
            keys.searched(),
            keys.stemStride(),
            keys.strides(),
            keys.activations(),
            objectives,
            bounds,
            scales(file, largest),
            perObjective(file, "epsilon", objectives, 0.01),
            perObjective(file, "referencePoint", objectives, 1.0),
            weights(file, space),
            table,
            measuredLatency(file),
            training,
            file.text("algorithm", "NAT"));
    file.refuseUnread(List.of());
    return definition;
  }

  private static List<Metric> objectives(PropertyFile file) {
    List<Metric> objectives =
        file.list(
            "objectives",
            List.of(Metric.ERROR, Metric.MADDS),
            String.join(", ", Metric.ids()),
            Metric::of);
    if (objectives.stream().distinct().count() < objectives.size()) {
      throw file.refusal("objectives", "each metric at most once");
    }
    return objectives;
  }

  private static List<Bound> bounds(PropertyFile file) {
    List<Bound> bounds =
        file.listOrNone(
            "constraints",
            "bounds such as madds<=2e6",
            text -> {
              Bound bound = Bound.parse(text);
              // Refused here if there is no such metric.
              return new Bound(bound.metric().id(), bound.limit());
            });
    if (bounds.stream().map(Bound::metric).distinct().count() < bounds.size()) {
      throw file.refusal("constraints", "each metric at most once");
    }
    return bounds;
  }

  /**
   * Checks that images are those that the problem is about and enough to measure by.
   *
   * @throws IllegalArgumentException naming the key that they don't fit
   */
  public void requireFit(SearchData images) {
    if (images.classes() != classes) {
      throw new IllegalArgumentException(
          "%s: classes is %d, the data set %s has %d"
              .formatted(name, classes, data.name(), images.classes()));
    }
    int recalibration = training.recalibrationImages();
    if (recalibration > images.train().size()) {
      throw new IllegalArgumentException(
          "%s: evaluation.recalibrationImages is %d, the data set %s has %d training images"
              .formatted(name, recalibration, data.name(), images.train().size()));
    }
  }

  /** Whether a metric is an objective or bounded by a constraint. */
  public boolean looksAt(Metric metric) {
    return objectives.contains(metric) || bounds.stream().anyMatch(b -> b.metric() == metric);
  }

  /** The name with the framework of a file that gives itself none. */
  public static String defaultName(String fileName) {
    return "NAT-" + fileName;
  }

  /** Returns the sizes of the supernet of a width. */
  public MobileNetV3 network(double width) {
    return new MobileNetV3(width, stemStride, strides, classes, activations);
  }

  /** What the supernet of a width is called where one is spoken of. */
  String supernetName(double width) {
    return space.widths().size() == 1 ? "the supernet" : "the supernet of width " + width;
  }

  /** Returns what a subnet costs. */
  public SubnetCost cost(Architecture architecture) {
    return cost(architecture, network(architecture.width()), latencyTable);
  }

  private static SubnetCost cost(
      Architecture architecture, MobileNetV3 network, Optional<LatencyTable> table) {
    return table.isPresent()
        ? SubnetCost.of(architecture, network, table.get())
        : SubnetCost.of(architecture, network);
  }

  private static Optional<LatencyTable> latencyTable(
      PropertyFile file, boolean read, SearchSpace space, DoubleFunction<MobileNetV3> networks) {
    String path = file.text("latency.table", "");
    if (path.isEmpty() || !read) {
      return Optional.empty();
    }
    try {
      LatencyTable table = LatencyTableFile.read(Path.of(path));
      table.requireAll(space, networks);
      return Optional.of(table);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: latency.table: %s".formatted(file.place("latency.table"), e.getMessage()), e);
    }
  }

  private static LatencySettings measuredLatency(PropertyFile file) {
    return new LatencySettings(
        file.integer("measuredLatency.batch", 1, 1, 1024),
        file.integer("measuredLatency.threads", 1, 1, 1024),
        file.integer("measuredLatency.warmUp", 10, 0, MANY_PASSES),
        file.integer("measuredLatency.repeats", 50, LatencySettings.FEWEST_REPEATS, MANY_PASSES),
        LATENCY_SEED);
  }

  // A measured latency has no default of its own: nothing is measured to create a problem.
  private static Map<Metric, Double> scales(PropertyFile file, SubnetCost largest) {
    Map<Metric, Double> scales = new EnumMap<>(Metric.class);
    scales.put(Metric.ERROR, 1.0);
    for (Metric metric : Metric.values()) {
      if (metric != Metric.ERROR) {
        boolean known = Metric.of(largest).contains(metric);
        double absent = known ? metric.raw(largest).doubleValue() : 1;
        scales.put(metric, file.number("scale." + metric.id(), absent, LOWEST_SCALE, 1e15));
      }
    }
    return scales;
  }

  private static List<String> weights(PropertyFile file, SearchSpace space) {
    String text = file.text("supernet.weights", "");
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> files = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    int expected = space.widths().size();
    if (files.size() != expected || files.contains("")) {
      throw file.refusal(
          "supernet.weights",
          expected == 1
              ? "one file"
              : "%d files with commas between them, for the widths %s in this order"
                  .formatted(expected, space.widths()));
    }
    return files;
  }

  // Every metric's key is read, so that one file serves whatever objectives an override names.
  private static List<Double> perObjective(
      PropertyFile file, String key, List<Metric> objectives, double absent) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      values.put(
          metric,
          file.number(key + "." + metric.id(), absent, Double.MIN_NORMAL, Double.MAX_VALUE));
    }
    return objectives.stream().map(values::get).toList();
  }
}
