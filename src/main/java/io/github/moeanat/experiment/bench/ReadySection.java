package io.github.moeanat.experiment.bench;

import ai.djl.ndarray.NDManager;
import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * How long extraction and preparation of a subnet of the published width take, and how long it
 * takes until a supernet that comes with the program is loaded.
 */
final class ReadySection {

  /** Name of the load. */
  static final String LOADING = "loading";

  private static final String SHIPPED = "digits";
  private static final double BAR_SECONDS = 1;
  private static final double BAR_MILLIS = 50;
  private static final int RUNS_OF_A_REPEAT = 5;

  private final BenchSettings settings;

  ReadySection(BenchSettings settings) {
    this.settings = settings;
  }

  /**
   * Measures.
   *
   * @throws IOException if another process fails
   */
  List<Figure> run(Progress progress) throws IOException {
    List<Figure> figures = new ArrayList<>(subnets(progress));
    if (BenchCase.definition(SHIPPED).weights().isEmpty()) {
      progress.warning(
          "loading a supernet is not measured: " + SHIPPED + " names no supernet.weights");
    } else {
      figures.add(loading(SHIPPED, settings.repeats(), progress));
    }
    return figures;
  }

  /** Times the first load in a new process, again and again. */
  static Figure loading(String problem, int repeats, Progress progress) throws IOException {
    List<Double> seconds = new ArrayList<>();
    try (Progress.Phase phase = progress.begin("loading the supernet", repeats)) {
      for (int i = 0; i < repeats; i++) {
        try (OtherProcess process = OtherProcess.start(LOADING, problem)) {
          process.awaitReady();
          process.begin(0);
          seconds.add(process.result().seconds());
        }
        phase.step();
      }
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("processes", repeats);
    details.put("range", Series.range(seconds));
    details.put("weights", String.join(",", BenchCase.definition(problem).weights()));
    return new Figure(
        BenchSection.READY,
        "loading the supernet of %s in a new process, engine started".formatted(problem),
        Series.median(seconds),
        "s",
        Optional.of(Bar.atMost(BAR_SECONDS)),
        details);
  }

  private List<Figure> subnets(Progress progress) {
    BenchCase published = BenchCase.of("w1.0-224");
    Architecture largest = new ArchitectureSampler(published.space()).largest();
    List<Double> ofCandidates = new ArrayList<>();
    List<Double> ofLargest = new ArrayList<>();
    int runs = RUNS_OF_A_REPEAT * settings.repeats();
    try (SupernetFamily supernets = published.open();
        NDManager manager = PyTorch.newManager(supernets.device());
        Engine engine = Engine.Kind.FUSED.open(manager);
        Workers worker = new Workers("nat-bench", 1, false);
        Progress.Phase phase = progress.begin("making subnets ready", 1L + runs)) {
      SubnetTimer timer = new SubnetTimer(supernets, System::nanoTime);
      for (int run = -1; run < runs; run++) {
        List<Double> candidates = run < 0 ? new ArrayList<>() : ofCandidates;
        List<Double> alone = run < 0 ? new ArrayList<>() : ofLargest;
        Callable<Boolean> task =
            () -> {
              for (Architecture candidate : published.candidates()) {
                candidates.add(1e3 * timer.ready(engine, candidate));
              }
              alone.add(1e3 * timer.ready(engine, largest));
              return true;
            };
        worker.run(List.of(task));
        phase.step();
      }
    }
    return List.of(
        figure("candidates, w1.0", ofCandidates), figure("largest subnet, w1.0", ofLargest));
  }

  static Figure figure(String subnets, List<Double> millis) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("runs", millis.size());
    details.put("range", Series.range(millis));
    return new Figure(
        BenchSection.READY,
        "making a subnet ready, " + subnets,
        Series.median(millis),
        "ms",
        Optional.of(Bar.atMost(BAR_MILLIS)),
        details);
  }
}
