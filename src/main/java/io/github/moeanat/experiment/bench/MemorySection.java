package io.github.moeanat.experiment.bench;

import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Resident memory of this process over many measurements of random digits subnets. */
final class MemorySection {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double FLAT = 1.05;
  private static final int AT_ONCE = 10;
  // Before as many the process may still grow into its heap.
  private static final int PROMISED = 500;

  private final BenchSettings settings;

  MemorySection(BenchSettings settings) {
    this.settings = settings;
  }

  /**
   * Measures; nothing is returned where the system does not tell a process's memory.
   *
   * @throws IOException if the system stops telling
   */
  List<Figure> run(Progress progress) throws IOException {
    if (!Files.exists(STATUS)) {
      progress.warning("memory is not measured: there is no " + STATUS);
      return List.of();
    }
    BenchCase digits = BenchCase.of("digits");
    ArchitectureSampler sampler = new ArchitectureSampler(digits.space());
    Seeds seeds = new Seeds(1);
    List<Double> resident = new ArrayList<>();
    try (MeasuringLoad load = new MeasuringLoad(digits, List.of(), 1);
        Progress.Phase phase = progress.begin("memory", settings.measurements())) {
      resident.add(megabytes());
      for (int from = 0; from < settings.measurements(); from += AT_ONCE) {
        int to = Math.min(settings.measurements(), from + AT_ONCE);
        List<Architecture> drawn =
            IntStream.range(from, to)
                .mapToObj(i -> sampler.sample(seeds.generator("memory", i)))
                .toList();
        load.measure(drawn);
        resident.add(megabytes());
        drawn.forEach(architecture -> phase.step());
      }
    }
    return List.of(figure(settings.measurements(), resident));
  }

  private static double megabytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException(STATUS + " does not say VmRSS");
  }

  /**
   * Returns the largest over the smallest memory in the second half.
   *
   * @param resident MB, first before anything was measured
   */
  static Figure figure(int measurements, List<Double> resident) {
    List<Double> last = resident.subList(resident.size() / 2, resident.size());
    double most = last.stream().mapToDouble(v -> v).max().orElseThrow();
    double least = last.stream().mapToDouble(v -> v).min().orElseThrow();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("start_mb", resident.get(0));
    details.put("half_way_mb", last.get(0));
    details.put("end_mb", last.get(last.size() - 1));
    return new Figure(
        BenchSection.MEMORY,
        "resident memory over %d measurements, most over least in the second half"
            .formatted(measurements),
        most / least,
        "x",
        measurements < PROMISED ? Optional.empty() : Optional.of(Bar.atMost(FLAT)),
        details);
  }
}
