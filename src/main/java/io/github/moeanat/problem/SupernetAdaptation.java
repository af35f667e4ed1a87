package io.github.moeanat.problem;

import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.MeasurementException;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.SlotDistribution;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.moeaframework.core.Solution;

/** A run's own copy of a supernet, with its optimiser's momentum, which spans the run. */
final class SupernetAdaptation implements Adaptation {

  private final NatProblem problem;
  private final Seeds seeds;
  private final Progress progress;
  private final Resources resources;

  /** What lives in native memory; replaced as a whole when a state is put back. */
  private Native current;

  /** How the supernet's parts are made; the problem knows its data and settings. */
  interface Resources {
    Supernet supernet(Weights weights);

    Weights startWeights();

    SupernetTrainer trainer(Supernet supernet);

    SubnetEvaluator evaluator(Supernet supernet);

    void closed(SupernetAdaptation adaptation);
  }

  private record Native(Supernet supernet, SupernetTrainer trainer, SubnetEvaluator evaluator)
      implements AutoCloseable {
    @Override
    public void close() {
      evaluator.close();
      trainer.close();
      supernet.close();
    }
  }

  SupernetAdaptation(NatProblem problem, long seed, Progress progress, Resources resources) {
    this.problem = problem;
    this.seeds = new Seeds(seed);
    this.progress = progress;
    this.resources = resources;
    current = create(resources.startWeights());
  }

  private Native create(Weights weights) {
    Supernet supernet = resources.supernet(weights);
    return new Native(supernet, resources.trainer(supernet), resources.evaluator(supernet));
  }

  @Override
  public void adapt(int round, List<int[]> genotypes, double from, double to) {
    SupernetSettings settings = problem.definition().training();
    int steps = settings.adaptationSteps();
    if (steps == 0) {
      return;
    }
    SlotDistribution slots = new SlotDistribution(genotypes);
    ArchitectureCodec codec = problem.codec();
    current
        .trainer()
        .train(
            0,
            steps,
            (step, subnet) ->
                codec.decode(slots.sample(seeds.generator("subnets", round, step, subnet))),
            LearningRate.cosine(settings.adaptationLearningRate(), from, to, steps),
            seeds.derive("images", round),
            progress.named("adapting the supernet"));
  }

  @Override
  public List<MeasurementFailure> measure(List<Solution> solutions) {
    Map<Solution, Architecture> architectures = new LinkedHashMap<>();
    solutions.forEach(solution -> architectures.put(solution, problem.architecture(solution)));
    List<Architecture> distinct = List.copyOf(new LinkedHashSet<>(architectures.values()));
    Map<Architecture, Accuracy> measured = new LinkedHashMap<>();
    Map<Architecture, Throwable> failed = Map.of();
    try {
      List<Accuracy> accuracies = current.evaluator().evaluate(distinct, progress);
      for (int i = 0; i < distinct.size(); i++) {
        measured.put(distinct.get(i), accuracies.get(i));
      }
    } catch (MeasurementException e) {
      measured.putAll(e.measured());
      failed = e.failures();
    }
    List<MeasurementFailure> failures = new ArrayList<>();
    for (Map.Entry<Solution, Architecture> entry : architectures.entrySet()) {
      Accuracy accuracy = measured.get(entry.getValue());
      if (accuracy == null) {
        String reason = String.valueOf(failed.get(entry.getValue()).getMessage());
        failures.add(new MeasurementFailure(entry.getKey(), reason));
      } else {
        problem.set(entry.getKey(), entry.getValue(), accuracy.error());
      }
    }
    return failures;
  }

  @Override
  public byte[] save() {
    return new TrainedState(0, current.supernet().toWeights(), current.trainer().momentum())
        .encode();
  }

  @Override
  public void restore(byte[] state) {
    TrainedState saved = TrainedState.decode(state);
    Native restored = create(saved.weights());
    restored.trainer().restore(saved.momentum());
    current.close();
    current = restored;
  }

  @Override
  public void close() {
    current.close();
    resources.closed(this);
  }
}
