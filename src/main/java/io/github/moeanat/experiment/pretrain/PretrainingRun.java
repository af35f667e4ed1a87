package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.TrainingOrigin;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.ChannelSorting;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Pretrains the supernet of a problem in one folder, from plan to report. The state is saved every
 * few steps; a run that was stopped at any instant goes on from the last of them and ends with the
 * weights of an unbroken one.
 */
public final class PretrainingRun {

  private final RunPlan plan;
  private final Recipe recipe;
  private final ProblemDefinition definition;
  private final RunFolder folder;
  private final Execution execution;
  private final Progress progress;
  private final PretrainingListener listener;
  private final InstantSource clock;
  private final long began;
  private double secondsBefore;

  /**
   * Creates a run.
   *
   * @param plan its algorithm is a recipe
   * @param folder new, overwritten or resumed; stays open
   * @param progress told of long phases; may stop the run by an exception
   * @param clock for elapsed times, which no weights depend on
   * @throws IllegalArgumentException if the plan is wrong
   */
  public PretrainingRun(
      RunPlan plan,
      RunFolder folder,
      Execution execution,
      Progress progress,
      PretrainingListener listener,
      InstantSource clock) {
    this.plan = plan;
    this.folder = folder;
    this.execution = execution;
    this.progress = progress;
    this.listener = listener;
    this.clock = clock;
    definition = ProblemDefinition.readWithoutTable(plan.problem(), plan.problemFile());
    recipe = Recipe.read(plan.algorithmFile());
    requireFit(plan, definition, recipe);
    began = clock.millis();
  }

  /**
   * Checks all that can be wrong about a plan, before anything is done.
   *
   * @throws IllegalArgumentException if problem or recipe are wrong or don't go together
   */
  public static void require(RunPlan plan) {
    requireFit(
        plan,
        ProblemDefinition.readWithoutTable(plan.problem(), plan.problemFile()),
        Recipe.read(plan.algorithmFile()));
  }

  private static void requireFit(RunPlan plan, ProblemDefinition definition, Recipe recipe) {
    List<Double> widths = definition.space().widths();
    if (widths.size() > 1) {
      throw new IllegalArgumentException(
          "%s has supernets of widths %s; -X width=%s pretrains one of them"
              .formatted(definition.name(), widths, widths.get(0)));
    }
    int shards = definition.training().shards();
    if (recipe.batch() < 2 * shards) {
      throw new IllegalArgumentException(
          "%s: batch is '%d', expected at least two images for each of %d shards"
              .formatted(plan.algorithmFile().place(Recipe.BATCH), recipe.batch(), shards));
    }
  }

  private void requireFit(SearchData images) {
    definition.requireFit(images);
    if (recipe.batch() > images.train().size()) {
      throw new IllegalArgumentException(
          "%s: batch is %d, the data set %s has %d training images"
              .formatted(
                  plan.algorithmFile().place(Recipe.BATCH),
                  recipe.batch(),
                  definition.data().name(),
                  images.train().size()));
    }
  }

  /**
   * Trains, or goes on training if the folder holds a checkpoint, and writes all files.
   *
   * @throws IllegalArgumentException if a file is wrong
   * @throws CancellationException if the user asked to stop; what was saved stays
   * @throws ArithmeticException if the loss is no finite number any more
   * @throws IOException if a file can't be read or written
   */
  public PretrainingSummary run() throws IOException {
    try {
      PretrainingProperties properties =
          new PretrainingProperties(folder.properties(), plan, definition, execution);
      properties.begin();
      DataSet data =
          DataSets.load(definition.data(), execution.cache(), execution.threads(), progress);
      properties.requireData(data.hash());
      requireFit(data.search());
      listener.data(data.summary());
      PretrainingState state =
          Files.exists(folder.checkpoint()) ? reached(properties.decisive()) : start(properties);
      properties.warnOfOtherVersions(progress);
      properties.write(data);
      Workload workload = new Workload(recipe, definition, data.search().train().size());
      double doneBefore = workload.done(state.phase(), state.step());
      secondsBefore = state.seconds();
      while (state.phase() < recipe.phases().size()) {
        state = train(state, data, workload, doneBefore);
      }
      writeCurves(state.curve());
      return new PretrainingReport(plan, definition, recipe, folder, execution, title())
          .write(state, workload.before(recipe.phases().size()), metadata(data), progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private PretrainingState reached(Map<String, String> settings) throws IOException {
    PretrainingState state = PretrainingState.read(folder.checkpoint());
    state.requireSettings(settings, folder.checkpoint());
    return state;
  }

  private PretrainingState start(PretrainingProperties properties) {
    SearchSpace space = definition.space();
    MobileNetV3 network = definition.network(space.widths().get(0));
    long seed = new Seeds(plan.seed()).derive("initial weights");
    Weights weights = Weights.initial(network, space, seed).withIdentityResiduals(network, space);
    return new PretrainingState(
        0, 0, 0, 0, weights, Optional.empty(), List.of(), properties.decisive(), Map.of());
  }

  private PretrainingState train(
      PretrainingState from, DataSet data, Workload workload, double doneBefore)
      throws IOException {
    Phase phase = recipe.phases().get(from.phase());
    Optional<Weights> teaching = Optional.empty();
    if (phase.teacher().isPresent()) {
      teaching = Optional.of(teaching(from, phase.teacher().get()));
    }
    try (PhaseSteps steps =
            new PhaseSteps(
                recipe,
                phase,
                definition,
                data.search(),
                startWeights(from, phase),
                teaching,
                PyTorch.device(execution.device()),
                execution.threads(),
                plan.seed(),
                progress);
        SubnetMonitor monitor =
            new SubnetMonitor(
                steps.supernet(),
                definition,
                data.search(),
                recipe.validationImages(),
                execution.threads());
        Progress.Phase told =
            progress.begin(
                "phase %s, %d of %d"
                    .formatted(phase.name(), from.phase() + 1, recipe.phases().size()),
                workload.steps(from.phase()) - from.step())) {
      return new Sitting(from, phase, steps, monitor, workload, doneBefore).run(told, data);
    }
  }

  private Weights teaching(PretrainingState from, String phase) throws IOException {
    Path file = folder.phase(phase);
    Optional<Weights> found =
        Files.exists(file) ? Optional.of(Safetensors.read(file)) : Optional.empty();
    return found
        .filter(weights -> weights.hash().equals(from.left().get(phase)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s, from which later phases learn; --overwrite starts anew"
                        .formatted(
                            file,
                            found.isPresent()
                                ? "not what phase %s left".formatted(phase)
                                : "missing")));
  }

  private Map<String, String> metadata(DataSet data) {
    return plan.metadata(definition, definition.space().widths().get(0), TrainingOrigin.of(data));
  }

  private Weights startWeights(PretrainingState from, Phase phase) {
    Weights weights = from.weights();
    if (from.step() > 0 || !phase.sortChannels()) {
      return weights;
    }
    int before =
        from.phase() == 0
            ? 1
            : recipe
                .phases()
                .get(from.phase() - 1)
                .open()
                .of(definition.space())
                .expandRatios()
                .size();
    return new ChannelSorting(
            definition.network(definition.space().widths().get(0)), definition.space(), before - 1)
        .sorted(weights);
  }

  private void writeCurves(List<CurvePoint> curve) throws IOException {
    CurvePoint.write(folder.curves(), curve);
    CurvesChart.write(folder.curvesChart(), title(), curve);
  }

  private String title() {
    return "%s pretrained by %s, seed %d"
        .formatted(definition.name(), plan.algorithm(), plan.seed());
  }

  private double seconds() {
    return (clock.millis() - began) / 1000.0;
  }

  /** A phase from where it stands to its end. */
  private final class Sitting {

    private final int number;
    private final Phase phase;
    private final PhaseSteps steps;
    private final SubnetMonitor monitor;
    private final Workload workload;
    private final double doneBefore;
    private final List<CurvePoint> curve;
    private final PretrainingState from;
    private long step;
    private double lossSum;

    Sitting(
        PretrainingState from,
        Phase phase,
        PhaseSteps steps,
        SubnetMonitor monitor,
        Workload workload,
        double doneBefore) {
      this.from = from;
      number = from.phase();
      this.phase = phase;
      this.steps = steps;
      this.monitor = monitor;
      this.workload = workload;
      this.doneBefore = doneBefore;
      curve = new ArrayList<>(from.curve());
      step = from.step();
      lossSum = from.lossSum();
      from.momentum().ifPresent(steps::restore);
    }

    PretrainingState run(Progress.Phase told, DataSet data) throws IOException {
      int images = data.search().train().size();
      long end = 0;
      for (int epoch = 1; epoch <= Math.ceil(phase.epochs()); epoch++) {
        long first = end;
        double reached = Math.min(epoch, phase.epochs());
        end = recipe.steps(reached, images);
        // A last part of an epoch may be too short for a step.
        if (end > measured()) {
          trainTo(end, told);
          // Measuring may be interrupted too.
          save();
          measure(reached, end - first);
        }
      }
      Weights weights = steps.supernet().toWeights();
      Safetensors.write(weights, metadata(data), folder.phase(phase.name()));
      Map<String, String> left = new TreeMap<>(from.left());
      left.put(phase.name(), weights.hash());
      PretrainingState after =
          new PretrainingState(
              number + 1,
              0,
              0,
              secondsBefore + seconds(),
              weights,
              Optional.empty(),
              curve,
              from.settings(),
              left);
      after.write(folder.checkpoint());
      return after;
    }

    /** Steps of the phase at the end of which subnets were measured last. */
    private long measured() {
      long before = workload.before(number);
      return curve.stream().mapToLong(point -> point.step() - before).reduce(0, Math::max);
    }

    private void trainTo(long end, Progress.Phase told) throws IOException {
      while (step < end) {
        lossSum += steps.step(step);
        step++;
        try {
          told.step();
        } catch (CancellationException e) {
          save();
          throw e;
        }
        if (step % recipe.checkpointSteps() == 0) {
          save();
        }
      }
    }

    private void measure(double epoch, long trained) throws IOException {
      List<Accuracy> accuracies = monitor.measure(progress);
      CurvePoint point =
          new CurvePoint(
              phase.name(),
              epoch,
              workload.before(number) + step,
              steps.rate(step - 1),
              lossSum / trained,
              accuracies.get(0).share(),
              accuracies.get(1).share(),
              accuracies.get(2).share(),
              secondsBefore + seconds());
      curve.add(point);
      lossSum = 0;
      writeCurves(curve);
      save();
      double done = workload.done(number, step);
      double left = seconds() * (1 - done) / (done - doneBefore);
      listener.epoch(
          point,
          phase.epochs(),
          Duration.ofMillis(clock.millis() - began),
          Double.isFinite(left) ? Optional.of(Duration.ofSeconds((long) left)) : Optional.empty());
    }

    private void save() throws IOException {
      new PretrainingState(
              number,
              step,
              lossSum,
              secondsBefore + seconds(),
              steps.supernet().toWeights(),
              Optional.of(steps.momentum()),
              curve,
              from.settings(),
              from.left())
          .write(folder.checkpoint());
    }
  }
}
