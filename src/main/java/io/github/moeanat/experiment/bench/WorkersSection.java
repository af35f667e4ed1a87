package io.github.moeanat.experiment.bench;

import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.supernet.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What two workers of one process reach, beside what two processes with a worker each reach
 * together at the same time. One worker, two workers and two processes have their turn in every
 * round.
 */
final class WorkersSection {

  static final String MEASURING = "measuring";
  static final String TRAINING = "training";
  private static final double MEASURING_BAR = 0.95;
  private static final double TRAINING_BAR = 0.9;

  private final BenchCase small;
  private final BenchSettings settings;

  WorkersSection(BenchCase small, BenchSettings settings) {
    this.small = small;
    this.settings = settings;
  }

  /**
   * Runs of the load in a second, in one round.
   *
   * @param one with one worker
   * @param two with two workers
   * @param processes two processes together
   */
  record Round(double one, double two, double processes) {}

  static TrainingLoad training(BenchCase small, int workers) {
    return new TrainingLoad(small, Engine.Kind.FUSED, workers);
  }

  /**
   * Measures.
   *
   * @throws IOException if the other processes fail
   */
  List<Figure> run(Progress progress) throws IOException {
    Figure measuring;
    try (MeasuringLoad one = new MeasuringLoad(small, 1);
        MeasuringLoad two = new MeasuringLoad(small, 2)) {
      measuring = figure(small.name(), MEASURING, rounds(MEASURING, one, two, progress));
    }
    try (TrainingLoad one = training(small, 1);
        TrainingLoad two = training(small, 2)) {
      return List.of(
          measuring, figure(small.name(), TRAINING, rounds(TRAINING, one, two, progress)));
    }
  }

  private List<Round> rounds(String load, Load one, Load two, Progress progress)
      throws IOException {
    List<Round> rounds = new ArrayList<>();
    try (OtherProcess first = OtherProcess.start(load, small.name());
        OtherProcess second = OtherProcess.start(load, small.name());
        Progress.Phase phase =
            progress.begin(
                "workers and processes, %s %s".formatted(load, small.name()),
                1L + 3L * settings.repeats())) {
      try {
        first.awaitReady();
        second.awaitReady();
        one.run();
        two.run();
        phase.step();
        for (int round = 0; round < settings.repeats(); round++) {
          rounds.add(round(one, two, List.of(first, second), phase));
        }
      } catch (IOException e) {
        // What interrupts this process from a terminal interrupts the others too.
        phase.step();
        throw e;
      }
    }
    return rounds;
  }

  private Round round(Load one, Load two, List<OtherProcess> others, Progress.Phase phase)
      throws IOException {
    double oneWorker = one.watch(settings.seconds()).rate();
    phase.step();
    double twoWorkers = two.watch(settings.seconds()).rate();
    phase.step();
    for (OtherProcess other : others) {
      other.begin(settings.seconds());
    }
    double processes = 0;
    for (OtherProcess other : others) {
      processes += other.result().rate();
    }
    phase.step();
    return new Round(oneWorker, twoWorkers, processes);
  }

  static Figure figure(String problem, String load, List<Round> rounds) {
    List<Double> ratios = rounds.stream().map(round -> round.two() / round.processes()).toList();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("rounds", ratios.size());
    details.put("range", Series.range(ratios));
    details.put(
        "two_workers_over_one",
        Series.median(rounds.stream().map(r -> r.two() / r.one()).toList()));
    details.put(
        "two_processes_over_one_worker",
        Series.median(rounds.stream().map(r -> r.processes() / r.one()).toList()));
    if (load.equals(MEASURING)) {
      details.put("subnets", "all of the recorded iteration");
      details.put("recalibration_images", MeasuringLoad.RECALIBRATION_IMAGES);
      details.put("validation_images", MeasuringLoad.VALIDATION_IMAGES);
    }
    return new Figure(
        BenchSection.WORKERS,
        "%s on %s, 2 workers against 2 processes".formatted(load, problem),
        Series.median(ratios),
        "x",
        Optional.of(Bar.atLeast(load.equals(MEASURING) ? MEASURING_BAR : TRAINING_BAR)),
        details);
  }
}
