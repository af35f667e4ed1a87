package io.github.moeanat.evaluation;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.SupernetFamily;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleFunction;
import java.util.function.LongSupplier;

/**
 * Latencies of subnets on this machine, each measured once for all runs: times differ from one
 * measurement to the next, so what was measured is kept in a file and read from then on. Weights
 * have no share in a latency, so it outlives their adaptation.
 *
 * <p>May be used by several threads. While one measures, no other worker of this process works.
 */
public final class MachineLatencies {

  // Raised whenever the way of measuring changes.
  private static final String VERSION = "moea-nat latencies 2";

  // As many are in memory at a time, and no more are lost if the user stops.
  private static final int TOGETHER = 8;

  private final Path folder;
  private final DoubleFunction<MobileNetV3> networks;
  private final LatencySettings settings;
  private final String device;
  private final LongSupplier nanoTime;
  private final Map<Architecture, Latency> known = new HashMap<>();
  private final Map<Double, LatencyStore> stores = new TreeMap<>();

  /**
   * What came of asking for latencies.
   *
   * @param latencies in the order of the architectures, without those that failed
   * @param failures architectures whose measurement failed twice, and why
   */
  public record Outcome(
      Map<Architecture, Latency> latencies, Map<Architecture, Throwable> failures) {}

  /**
   * Describes latencies; reads and starts nothing.
   *
   * @param folder of the files; made if need be
   * @param networks the network of a width
   * @param device {@code cpu}, {@code gpu} or {@code gpu:N}
   * @param nanoTime a clock in ns, such as {@link System#nanoTime}
   */
  public MachineLatencies(
      Path folder,
      DoubleFunction<MobileNetV3> networks,
      LatencySettings settings,
      String device,
      LongSupplier nanoTime) {
    this.folder = folder;
    this.networks = networks;
    this.settings = settings;
    this.device = device;
    this.nanoTime = nanoTime;
  }

  /** Returns in one line what the latencies of all networks depend on; starts the engine. */
  public String conditions() {
    return String.join("; ", commonConditions());
  }

  /** Returns the file of the latencies of a width, there or not; starts the engine. */
  public synchronized Path file(double width) {
    return store(width).file();
  }

  /**
   * Returns latencies of architectures, and measures those that this machine does not know yet.
   *
   * @param supernets what has the subnets; nobody may change it meanwhile
   * @param progress told once a pass that is measured
   * @throws CancellationException if {@code progress} asked to stop; what was measured is kept
   * @throws UncheckedIOException if a file can't be read or written
   */
  public synchronized Outcome of(
      SupernetFamily supernets, List<Architecture> architectures, Progress progress) {
    if (!known.keySet().containsAll(architectures)) {
      // Another process or problem may have measured them since.
      for (double width : supernets.widths()) {
        learn(store(width).read(progress));
      }
    }
    List<Architecture> missing = new ArrayList<>(new LinkedHashSet<>(architectures));
    missing.removeAll(known.keySet());
    Map<Architecture, Throwable> failures =
        missing.isEmpty() ? Map.of() : measure(supernets, missing, progress);
    Map<Architecture, Latency> latencies = new LinkedHashMap<>();
    for (Architecture architecture : architectures) {
      if (!failures.containsKey(architecture)) {
        latencies.put(architecture, known.get(architecture));
      }
    }
    return new Outcome(latencies, failures);
  }

  private Map<Architecture, Throwable> measure(
      SupernetFamily supernets, List<Architecture> missing, Progress progress) {
    Map<Architecture, Throwable> failures = new LinkedHashMap<>();
    LatencyMeter meter = new LatencyMeter(settings, supernets.device(), nanoTime);
    long wide = 0;
    long passes = (long) missing.size() * (settings.warmUp() + settings.repeats());
    try (Progress.Phase phase = progress.begin("measuring latency", passes)) {
      // The meter closes the phase that it is given; this one goes on.
      Progress told = (name, steps) -> () -> phase.step();
      for (int from = 0; from < missing.size(); from += TOGETHER) {
        List<Architecture> group = missing.subList(from, Math.min(from + TOGETHER, missing.size()));
        try {
          Map<Architecture, Latency> measured = measure(supernets, group, meter, told);
          keep(measured, progress);
          wide += measured.values().stream().filter(MachineLatencies::isWide).count();
        } catch (CancellationException | UncheckedIOException e) {
          throw e;
        } catch (RuntimeException first) {
          for (Architecture alone : group) {
            try {
              keep(measure(supernets, List.of(alone), meter, told), progress);
            } catch (CancellationException | UncheckedIOException e) {
              throw e;
            } catch (RuntimeException second) {
              failures.put(alone, second);
            }
          }
        }
      }
    }
    if (wide > 0) {
      progress.warning(
          "%d of %d latencies have an interval wider than half their value: if the machine was busy,"
                  .formatted(wide, missing.size())
              + " delete latency-*.csv in %s and measure anew".formatted(folder));
    }
    return failures;
  }

  private static boolean isWide(Latency latency) {
    return latency.high() - latency.low() > latency.median() / 2;
  }

  private static Map<Architecture, Latency> measure(
      SupernetFamily supernets, List<Architecture> group, LatencyMeter meter, Progress progress) {
    List<Subnet> subnets = new ArrayList<>();
    try {
      group.forEach(architecture -> subnets.add(supernets.extract(architecture)));
      List<Latency> latencies = meter.measure(subnets, progress);
      Map<Architecture, Latency> measured = new LinkedHashMap<>();
      for (int i = 0; i < group.size(); i++) {
        measured.put(group.get(i), latencies.get(i));
      }
      return measured;
    } finally {
      subnets.forEach(Subnet::close);
    }
  }

  /** Stores latencies. Only what is stored is known: a value that is used has to be found again. */
  private void keep(Map<Architecture, Latency> measured, Progress progress) {
    Map<Double, Map<Architecture, Latency>> byWidth = new TreeMap<>();
    measured.forEach(
        (architecture, latency) ->
            byWidth
                .computeIfAbsent(architecture.width(), width -> new LinkedHashMap<>())
                .put(architecture, latency));
    byWidth.forEach((width, ofWidth) -> learn(store(width).merge(ofWidth, progress)));
  }

  // What was told once stays, whatever happens to the file.
  private void learn(Map<Architecture, Latency> stored) {
    stored.forEach(known::putIfAbsent);
  }

  private LatencyStore store(double width) {
    return stores.computeIfAbsent(
        width,
        key -> {
          List<String> conditions = new ArrayList<>(commonConditions());
          conditions.add(networks.apply(key).toString());
          return new LatencyStore(folder, conditions, key);
        });
  }

  private List<String> commonConditions() {
    Machine machine = Machine.here();
    return List.of(
        VERSION,
        machine.hardware(),
        machine.software() + ", DJL " + PyTorch.djlVersion(),
        "device " + device,
        String.format(
            Locale.ROOT,
            "batch %d, %d threads, %d passes after %d to warm up, seed %d",
            settings.batch(),
            settings.threads(),
            settings.repeats(),
            settings.warmUp(),
            settings.seed()));
  }
}
