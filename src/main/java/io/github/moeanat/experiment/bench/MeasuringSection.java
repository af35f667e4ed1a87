package io.github.moeanat.experiment.bench;

import ai.djl.ndarray.NDManager;
import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Measuring subnets with one worker: the fused engine against the eager path at its best validation
 * batch. In every round each subnet is measured by both, one behind the other, so that a machine
 * that gets slower for a while does so for both. The first round tries all batch sizes of the eager
 * path; the best one stays.
 *
 * <p>Times are counted by image and then added up for as many images as an iteration of a search is
 * promised for, however many were run.
 */
final class MeasuringSection {

  static final List<Integer> EAGER_BATCHES = List.of(8, 32, 100);
  static final int RECALIBRATION_IMAGES = 500;
  static final int VALIDATION_IMAGES = 1000;
  // It cuts batches itself.
  private static final int FUSED_BATCH = VALIDATION_IMAGES;

  private final BenchCase measured;
  private final BenchSettings settings;

  MeasuringSection(BenchCase measured, BenchSettings settings) {
    this.measured = measured;
    this.settings = settings;
  }

  /**
   * Seconds of one round for all subnets together, for the promised numbers of images.
   *
   * @param fused the whole of it
   * @param eagerRest all but the validation
   * @param eagerValidation by batch size
   */
  record Round(double fused, double eagerRest, Map<Integer, Double> eagerValidation) {

    /** Adds up what the subnets took. */
    static Round of(List<SubnetTimer.Times> fused, List<SubnetTimer.Times> eager) {
      Map<Integer, Double> validation = new LinkedHashMap<>();
      for (SubnetTimer.Times times : eager) {
        times
            .validation()
            .forEach(
                (batch, seconds) ->
                    validation.merge(batch, VALIDATION_IMAGES * seconds, Double::sum));
      }
      double judging =
          fused.stream()
              .flatMap(times -> times.validation().values().stream())
              .mapToDouble(seconds -> VALIDATION_IMAGES * seconds)
              .sum();
      return new Round(rest(fused) + judging, rest(eager), validation);
    }

    private static double rest(List<SubnetTimer.Times> times) {
      return times.stream()
          .mapToDouble(t -> t.ready() + RECALIBRATION_IMAGES * t.recalibration())
          .sum();
    }

    int bestBatch() {
      return eagerValidation.entrySet().stream()
          .min(Comparator.comparingDouble(Map.Entry::getValue))
          .orElseThrow()
          .getKey();
    }

    double eager(int batch) {
      return eagerRest + eagerValidation.get(batch);
    }
  }

  Figure run(Progress progress) {
    int validation = settings.images().orElse(measured.images());
    int recalibration = recalibrationImages(validation);
    List<Round> rounds = new ArrayList<>();
    try (SupernetFamily supernets = measured.open();
        NDManager manager = PyTorch.newManager(supernets.device());
        Engine fused = Engine.Kind.FUSED.open(manager);
        Engine eager = Engine.Kind.EAGER.open(manager);
        Workers worker = new Workers("nat-bench", 1, false);
        Progress.Phase phase =
            progress.begin(
                measured.description(), (long) settings.repeats() * measured.candidates().size())) {
      var calibrating = new SyntheticImages.Resident(manager, recalibration);
      var judged = new SyntheticImages.Resident(manager, validation);
      SubnetTimer timer = new SubnetTimer(supernets, System::nanoTime);
      warmUp(manager, timer, List.of(fused, eager), worker);
      List<Integer> eagerBatches = EAGER_BATCHES;
      for (int round = 0; round < settings.repeats(); round++) {
        List<SubnetTimer.Times> byFused = new ArrayList<>();
        List<SubnetTimer.Times> byEager = new ArrayList<>();
        for (Architecture candidate : measured.candidates()) {
          List<Integer> batches = eagerBatches;
          Callable<Boolean> both =
              () -> {
                byFused.add(
                    timer.measure(fused, candidate, calibrating, judged, List.of(FUSED_BATCH)));
                byEager.add(timer.measure(eager, candidate, calibrating, judged, batches));
                return true;
              };
          worker.run(List.of(both));
          phase.step();
        }
        rounds.add(Round.of(byFused, byEager));
        eagerBatches = List.of(rounds.get(0).bestBatch());
      }
    }
    return figure(measured, rounds, recalibration, validation);
  }

  // Programs are loaded and compiled with the first pass.
  private void warmUp(NDManager manager, SubnetTimer timer, List<Engine> engines, Workers worker) {
    Architecture first = measured.candidates().get(0);
    try (NDManager scope = manager.newSubManager()) {
      var few = new SyntheticImages.Resident(scope, 2);
      Callable<Boolean> task =
          () -> {
            engines.forEach(engine -> timer.measure(engine, first, few, few, EAGER_BATCHES));
            return true;
          };
      worker.run(List.of(task));
    }
  }

  /** Half as many as validation images, in whole batches. */
  static int recalibrationImages(int validation) {
    int batch = SubnetTimer.RECALIBRATION_BATCH;
    return Math.max(1, validation / 2 / batch) * batch;
  }

  static Figure figure(BenchCase measured, List<Round> rounds, int recalibration, int validation) {
    int best = rounds.get(0).bestBatch();
    List<Double> ratios = rounds.stream().map(round -> round.eager(best) / round.fused()).toList();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("rounds", ratios.size());
    details.put("range", Series.range(ratios));
    details.put("fused_s", Series.median(rounds.stream().map(Round::fused).toList()));
    details.put("eager_s", Series.median(rounds.stream().map(r -> r.eager(best)).toList()));
    details.put("eager_batch", best);
    rounds
        .get(0)
        .eagerValidation()
        .keySet()
        .forEach(batch -> details.put("eager_s_batch_" + batch, rounds.get(0).eager(batch)));
    details.put("recalibration_images", recalibration);
    details.put("validation_images", validation);
    return new Figure(
        BenchSection.MEASURING,
        measured.description() + ", fused against eager",
        Series.median(ratios),
        "x",
        Optional.of(Bar.atLeast(measured.bar())),
        details);
  }
}
