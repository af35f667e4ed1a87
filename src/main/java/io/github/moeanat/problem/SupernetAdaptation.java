package io.github.moeanat.problem;

import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.evaluation.MeasurementException;
import io.github.moeanat.evaluation.MeasurementKey;
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

/**
 * A run's own copy of a supernet, with its optimiser's momentum, which spans the run. Native memory
 * is taken when it is needed; between two uses the state may be put to the heap.
 */
final class SupernetAdaptation implements Adaptation {

  private final NatProblem problem;
  private final Seeds seeds;
  private final Progress progress;
  private final Resources resources;

  /** What lives in native memory, or {@code null} while nothing does. */
  private Native current;

  /** The state while nothing lives in native memory; {@code null} for the start weights. */
  private byte[] suspended;

  /** Hash of the weights as they are; {@code null} if they have moved since it was made. */
  private String weightsHash;

  private boolean closed;

  /** How the supernet's parts are made; the problem knows its data and settings. */
  interface Resources {
    Supernet supernet(Weights weights);

    Weights startWeights();

    int trainingImages();

    SupernetTrainer trainer(Supernet supernet);

    SubnetEvaluator evaluator(Supernet supernet);

    void opened(SupernetAdaptation adaptation);

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
  }

  private Native open() {
    if (closed) {
      throw new IllegalStateException("the adaptation is closed");
    }
    if (current == null) {
      current = suspended == null ? create(resources.startWeights()) : create(suspended);
      suspended = null;
      resources.opened(this);
    }
    return current;
  }

  private Native create(Weights weights) {
    Supernet supernet = resources.supernet(weights);
    SupernetTrainer trainer = null;
    try {
      trainer = resources.trainer(supernet);
      return new Native(supernet, trainer, resources.evaluator(supernet));
    } catch (RuntimeException e) {
      if (trainer != null) {
        trainer.close();
      }
      supernet.close();
      throw e;
    }
  }

  private Native create(byte[] state) {
    TrainedState saved = TrainedState.decode(state);
    Native restored = create(saved.weights());
    try {
      restored.trainer().restore(saved.momentum());
    } catch (RuntimeException e) {
      restored.close();
      throw e;
    }
    return restored;
  }

  /** Puts the state to the heap and frees native memory; the next use takes it again. */
  synchronized void suspend() {
    if (current != null) {
      suspended = save();
      free();
    }
  }

  private void free() {
    if (current != null) {
      current.close();
      current = null;
      resources.closed(this);
    }
  }

  @Override
  public synchronized void adapt(int round, List<int[]> genotypes, double from, double to) {
    SupernetSettings settings = problem.definition().training();
    int steps = settings.adaptationSteps(resources.trainingImages());
    if (steps == 0) {
      return;
    }
    SlotDistribution slots = new SlotDistribution(genotypes);
    ArchitectureCodec codec = problem.codec();
    weightsHash = null;
    open()
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
  public synchronized List<MeasurementFailure> measure(List<Solution> solutions) {
    Map<Solution, Architecture> architectures = new LinkedHashMap<>();
    solutions.forEach(solution -> architectures.put(solution, problem.architecture(solution)));
    List<Architecture> distinct = List.copyOf(new LinkedHashSet<>(architectures.values()));
    Map<Architecture, Accuracy> measured = new LinkedHashMap<>();
    Map<Architecture, Throwable> failed = Map.of();
    try {
      List<Accuracy> accuracies = open().evaluator().evaluate(distinct, progress);
      for (int i = 0; i < distinct.size(); i++) {
        measured.put(distinct.get(i), accuracies.get(i));
      }
    } catch (MeasurementException e) {
      measured.putAll(e.measured());
      failed = e.failures();
    }
    String weights = hash();
    List<MeasurementFailure> failures = new ArrayList<>();
    for (Map.Entry<Solution, Architecture> entry : architectures.entrySet()) {
      Accuracy accuracy = measured.get(entry.getValue());
      if (accuracy == null) {
        Throwable cause = failed.get(entry.getValue());
        String reason =
            cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        failures.add(new MeasurementFailure(entry.getKey(), reason));
      } else {
        MeasurementKey key = problem.key(weights, entry.getValue());
        problem.set(entry.getKey(), new Measurement(key, accuracy));
      }
    }
    return failures;
  }

  private String hash() {
    if (weightsHash == null) {
      weightsHash = open().supernet().toWeights().hash();
    }
    return weightsHash;
  }

  @Override
  public synchronized byte[] save() {
    if (suspended != null) {
      return suspended.clone();
    }
    Native saved = open();
    return new TrainedState(0, saved.supernet().toWeights(), saved.trainer().momentum()).encode();
  }

  @Override
  public synchronized void restore(byte[] state) {
    if (closed) {
      throw new IllegalStateException("the adaptation is closed");
    }
    Native restored = create(state);
    free();
    suspended = null;
    weightsHash = null;
    current = restored;
    resources.opened(this);
  }

  @Override
  public synchronized void close() {
    free();
    suspended = null;
    closed = true;
  }
}
