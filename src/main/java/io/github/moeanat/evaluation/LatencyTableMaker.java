package io.github.moeanat.evaluation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.cost.Part;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.SubnetParts;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures every distinct part of a search space once on this machine and writes a latency table.
 * Weights are drawn, for their values do not matter, and batch normalisation uses running
 * statistics. Those parts of an architecture that no architecture before it had are measured
 * together, in rounds as {@link LatencyMeter} measures subnets. What is measured is kept in a file
 * beside the table until that is complete, so work that was stopped or killed at any instant goes
 * on with the architecture it was at.
 */
public final class LatencyTableMaker {

  // Bytecode and memory pools are warm after these, whatever part is measured first.
  private static final int FIRST_PASSES = 300;
  private static final long BETWEEN_SAVES_NANOS = 1_000_000_000L;

  private final SearchSpace space;
  private final DoubleFunction<MobileNetV3> networks;
  private final LatencySettings settings;
  private final Device device;
  private final LongSupplier nanoTime;
  private final Stopwatch stopwatch;

  /**
   * Creates the maker of a space's table.
   *
   * @param networks the network of a width
   * @param device where the parts run
   * @param nanoTime a clock in ns, such as {@link System#nanoTime}
   */
  public LatencyTableMaker(
      SearchSpace space,
      DoubleFunction<MobileNetV3> networks,
      LatencySettings settings,
      Device device,
      LongSupplier nanoTime) {
    this.space = space;
    this.networks = networks;
    this.settings = settings;
    this.device = device;
    this.nanoTime = nanoTime;
    this.stopwatch = new Stopwatch(nanoTime);
  }

  /** Returns the file that keeps what is measured until the table is complete. */
  public static Path unfinished(Path table) {
    return table.resolveSibling(table.getFileName() + ".part");
  }

  /**
   * Measures what is not measured yet and writes the table.
   *
   * @param comments say how it is measured; an unfinished table with others is refused
   * @param progress told once a turn, in the rounds that warm up too
   * @return number of entries
   * @throws IllegalArgumentException if an unfinished table was measured otherwise or is damaged
   * @throws CancellationException if {@code progress} asked to stop; what was measured is kept but
   *     for the architecture at work
   * @throws IOException if a file can't be written
   */
  public int write(Path table, List<String> comments, Progress progress) throws IOException {
    Path unfinished = unfinished(table);
    Set<String> keys = keys();
    Map<String, LatencyTableFile.Entry> known = new LinkedHashMap<>();
    if (Files.exists(unfinished)) {
      LatencyTableFile earlier = LatencyTableFile.load(unfinished);
      requireSame(unfinished, earlier.comments(), comments);
      known.putAll(earlier.entries());
      known.keySet().retainAll(keys);
    }
    try (Workers workers = new Workers("nat-latency", 1, false);
        Progress.Phase phase =
            progress.begin("measuring blocks", turns(keys.size() - known.size()))) {
      Callable<Void> task =
          () -> {
            new Measurement(unfinished, comments, known, phase).run();
            return null;
          };
      workers.runAlone(task);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Map<String, LatencyTableFile.Entry> ordered = new LinkedHashMap<>();
    keys.forEach(key -> ordered.put(key, known.get(key)));
    new LatencyTableFile(comments, ordered).write(table);
    Files.deleteIfExists(unfinished);
    AtomicFile.removeLeftovers(unfinished);
    return ordered.size();
  }

  private static void requireSame(Path unfinished, List<String> earlier, List<String> now) {
    for (int i = 0; i < Math.max(earlier.size(), now.size()); i++) {
      String then = i < earlier.size() ? earlier.get(i) : "";
      String wanted = i < now.size() ? now.get(i) : "";
      if (!then.equals(wanted)) {
        throw new IllegalArgumentException(
            "%s was measured otherwise: '%s', now '%s'; remove it to begin anew"
                .formatted(unfinished, then, wanted));
      }
    }
  }

  private long turns(int parts) {
    return (long) parts * (settings.warmUp() + settings.repeats());
  }

  private Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    for (Architecture architecture : Part.covering(space)) {
      MobileNetV3 network = networks.apply(architecture.width());
      Part.of(architecture, network).forEach(part -> keys.add(part.key()));
    }
    return keys;
  }

  /** One go at a table, in the thread that runs the engine. */
  private final class Measurement {

    private final Path unfinished;
    private final List<String> comments;
    private final Map<String, LatencyTableFile.Entry> known;
    private final Progress.Phase phase;
    private final Seeds seeds = new Seeds(settings.seed());
    private boolean warm;
    private long saved = nanoTime.getAsLong();

    Measurement(
        Path unfinished,
        List<String> comments,
        Map<String, LatencyTableFile.Entry> known,
        Progress.Phase phase) {
      this.unfinished = unfinished;
      this.comments = comments;
      this.known = known;
      this.phase = phase;
    }

    void run() {
      PyTorch.useThreads(settings.threads());
      boolean done = false;
      try {
        for (double width : space.widths()) {
          List<Architecture> architectures = new ArrayList<>(Part.covering(space));
          architectures.removeIf(
              architecture -> architecture.width() != width || isKnown(architecture));
          if (!architectures.isEmpty()) {
            measure(width, architectures);
          }
        }
        done = true;
      } finally {
        if (!done && !known.isEmpty()) {
          save();
        }
      }
    }

    private boolean isKnown(Architecture architecture) {
      return Part.of(architecture, networks.apply(architecture.width())).stream()
          .allMatch(part -> known.containsKey(part.key()));
    }

    private void measure(double width, List<Architecture> architectures) {
      MobileNetV3 network = networks.apply(width);
      Weights weights = Weights.initial(network, space.ofWidth(width), seeds.derive("weights"));
      try (Supernet supernet = new Supernet(weights, network, space.ofWidth(width), device)) {
        for (Architecture architecture : architectures) {
          if (!isKnown(architecture)) {
            try (Subnet subnet = supernet.extract(architecture);
                SubnetParts parts = subnet.parts();
                NDManager manager = PyTorch.newManager(device)) {
              measure(architecture, parts, manager);
            }
          }
        }
      }
    }

    private void measure(Architecture architecture, SubnetParts parts, NDManager manager) {
      List<Part> described = Part.of(architecture, networks.apply(architecture.width()));
      NDArray x = Stopwatch.images(manager, settings, architecture.resolution());
      for (int pass = 0; !warm && pass < FIRST_PASSES; pass++) {
        throughAll(parts, x);
      }
      warm = true;
      Map<String, Supplier<NDArray>> passes = new LinkedHashMap<>();
      for (int i = 0; i < parts.size(); i++) {
        int number = i;
        NDArray input = described.get(i) instanceof Part.FeatureMix ? pooled(x) : x;
        if (!known.containsKey(described.get(i).key())) {
          passes.putIfAbsent(described.get(i).key(), () -> parts.run(number, input));
        }
        x = parts.run(i, x);
      }
      double[][] times = stopwatch.rounds(List.copyOf(passes.values()), settings, phase);
      int part = 0;
      for (String key : passes.keySet()) {
        known.put(key, middleHalf(times[part++]));
      }
      saveNowAndThen();
    }

    private void throughAll(SubnetParts parts, NDArray images) {
      try (NDManager scope = images.getManager().newSubManager()) {
        NDArray x = PyTorch.alias(images, scope);
        for (int i = 0; i < parts.size(); i++) {
          x = parts.run(i, x);
        }
      }
    }

    // Tables name the feature mixing by its pooled input.
    private NDArray pooled(NDArray map) {
      NDArray means = map.getNDArrayInternal().globalAvgPool();
      return means.reshape(map.getShape().get(0), map.getShape().get(1), 1, 1);
    }

    private void saveNowAndThen() {
      if (nanoTime.getAsLong() - saved >= BETWEEN_SAVES_NANOS) {
        save();
        saved = nanoTime.getAsLong();
      }
    }

    private void save() {
      try {
        new LatencyTableFile(comments, known).write(unfinished);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  /** Mean and variance of the middle half: what other processes take of a pass is left out. */
  static LatencyTableFile.Entry middleHalf(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    int cut = sorted.length / 4;
    double[] middle = Arrays.copyOfRange(sorted, cut, sorted.length - cut);
    double mean = Arrays.stream(middle).average().orElseThrow();
    double variance =
        Arrays.stream(middle).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    return new LatencyTableFile.Entry(mean, variance);
  }
}
