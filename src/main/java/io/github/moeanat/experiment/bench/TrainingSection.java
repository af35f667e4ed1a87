package io.github.moeanat.experiment.bench;

import io.github.moeanat.experiment.bench.BenchCase.PretrainingPhase;
import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Training steps of a small supernet, in turn: as a search trains it, the fused engine against the
 * eager path; and where the case is one of pretraining, as recipes train it.
 */
final class TrainingSection {

  private static final double BAR = 1.5;

  private final BenchCase trained;
  private final BenchSettings settings;
  private final LongSupplier nanoTime;

  TrainingSection(BenchCase trained, BenchSettings settings, LongSupplier nanoTime) {
    this.trained = trained;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /**
   * Images trained on in a second, in one round.
   *
   * @param fused with one worker
   * @param twoWorkers the same engine with two
   * @param eager with one worker
   */
  record Round(double fused, double twoWorkers, double eager) {}

  /**
   * Images trained on in a second, in one round of pretraining. However many subnets a step has, it
   * counts its images once.
   *
   * @param one with one worker
   * @param two with two
   */
  record PretrainingRound(double one, double two) {}

  List<Figure> run(Progress progress) {
    List<Figure> figures = new ArrayList<>(search(progress));
    for (PretrainingPhase phase : trained.small().orElseThrow().pretraining()) {
      figures.add(pretrain(phase, progress));
    }
    return figures;
  }

  private Figure pretrain(PretrainingPhase recipe, Progress progress) {
    List<PretrainingRound> rounds = new ArrayList<>();
    try (PretrainingLoad one = new PretrainingLoad(trained, recipe, 1);
        PretrainingLoad two = new PretrainingLoad(trained, recipe, 2);
        Progress.Phase phase =
            progress.begin("pretraining steps of " + recipe.recipe(), 1L + settings.repeats())) {
      one.run();
      two.run();
      phase.step();
      for (int round = 0; round < settings.repeats(); round++) {
        rounds.add(
            new PretrainingRound(
                imagesPerSecond(one.images(), one::run), imagesPerSecond(two.images(), two::run)));
        phase.step();
      }
    }
    return pretraining(trained.name(), recipe, rounds);
  }

  private List<Figure> search(Progress progress) {
    Map<String, Optional<Architecture>> subjects = subjects();
    Map<String, List<Round>> rounds = new LinkedHashMap<>();
    subjects.keySet().forEach(name -> rounds.put(name, new ArrayList<>()));
    try (TrainingLoad fused = new TrainingLoad(trained, Engine.Kind.FUSED, 1);
        TrainingLoad two = new TrainingLoad(trained, Engine.Kind.FUSED, 2);
        TrainingLoad eager = new TrainingLoad(trained, Engine.Kind.EAGER, 1);
        Progress.Phase phase =
            progress.begin(
                "training steps of " + trained.name(),
                1L + (long) settings.repeats() * subjects.size())) {
      List<TrainingLoad> loads = List.of(fused, two, eager);
      loads.forEach(TrainingLoad::run);
      phase.step();
      for (int round = 0; round < settings.repeats(); round++) {
        subjects.forEach(
            (name, subnet) -> {
              List<Double> speeds = loads.stream().map(load -> speed(load, subnet)).toList();
              rounds.get(name).add(new Round(speeds.get(0), speeds.get(1), speeds.get(2)));
              phase.step();
            });
      }
    }
    List<Figure> figures = new ArrayList<>();
    rounds.forEach(
        (name, measured) ->
            figures.add(
                subjects.get(name).isEmpty()
                    ? ratio(trained.name(), measured)
                    : speed(trained.name(), name, measured)));
    return figures;
  }

  private double speed(TrainingLoad load, Optional<Architecture> subnet) {
    return imagesPerSecond(
        load.images(),
        () ->
            subnet.ifPresentOrElse(
                architecture -> load.train((step, number) -> architecture), load::run));
  }

  private double imagesPerSecond(int images, Runnable work) {
    long start = nanoTime.getAsLong();
    work.run();
    return images / ((nanoTime.getAsLong() - start) * 1e-9);
  }

  // Random ones first, which stand for none.
  private Map<String, Optional<Architecture>> subjects() {
    ArchitectureSampler sampler = new ArchitectureSampler(trained.space());
    Map<String, Optional<Architecture>> subjects = new LinkedHashMap<>();
    subjects.put("random subnets", Optional.empty());
    subjects.put("smallest subnet", Optional.of(sampler.smallest()));
    subjects.put("middle subnet", Optional.of(sampler.middle()));
    subjects.put("largest subnet", Optional.of(sampler.largest()));
    return subjects;
  }

  static Figure ratio(String problem, List<Round> rounds) {
    List<Double> ratios = rounds.stream().map(round -> round.fused() / round.eager()).toList();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("rounds", ratios.size());
    details.put("range", Series.range(ratios));
    details.putAll(speeds(rounds));
    return new Figure(
        BenchSection.TRAINING,
        "training step, random subnets of %s, fused against eager".formatted(problem),
        Series.median(ratios),
        "x",
        Optional.of(Bar.atLeast(BAR)),
        details);
  }

  static Figure speed(String problem, String subnet, List<Round> rounds) {
    Map<String, Object> details = speeds(rounds);
    return new Figure(
        BenchSection.TRAINING,
        "training, %s of %s, 1 worker".formatted(subnet, problem),
        Series.median(rounds.stream().map(Round::fused).toList()),
        "images/s",
        Optional.empty(),
        details);
  }

  static Figure pretraining(
      String problem, PretrainingPhase recipe, List<PretrainingRound> rounds) {
    double one = Series.median(rounds.stream().map(PretrainingRound::one).toList());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("recipe", recipe.recipe());
    details.put("phase", recipe.phase());
    details.put("1_worker_images_per_s", one);
    details.put(
        "2_workers_images_per_s",
        Series.median(rounds.stream().map(PretrainingRound::two).toList()));
    return new Figure(
        BenchSection.TRAINING,
        "pretraining step of %s (%s), %s, 1 worker"
            .formatted(recipe.recipe(), recipe.description(), problem),
        one,
        "images/s",
        Optional.empty(),
        details);
  }

  private static Map<String, Object> speeds(List<Round> rounds) {
    Map<String, Object> speeds = new LinkedHashMap<>();
    speeds.put("fused_images_per_s", Series.median(rounds.stream().map(Round::fused).toList()));
    speeds.put(
        "fused_2_workers_images_per_s",
        Series.median(rounds.stream().map(Round::twoWorkers).toList()));
    speeds.put("eager_images_per_s", Series.median(rounds.stream().map(Round::eager).toList()));
    return speeds;
  }
}
