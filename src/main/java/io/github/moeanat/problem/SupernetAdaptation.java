package io.github.moeanat.problem;

import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.MachineLatencies;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.evaluation.MeasurementException;
import io.github.moeanat.evaluation.MeasurementKey;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.SlotDistribution;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.moeaframework.core.Solution;

/**
 * A run's own copy of the supernets, one for each width, with their optimisers' momenta, which span
 * the run. Native memory is taken when it is needed; between two uses the state may be put to the
 * heap.
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

  /** Hashes of the weights as they are, by width; without those that have moved since. */
  private final Map<Double, String> hashes = new TreeMap<>();

  private boolean closed;

  /** How the supernets and their parts are made; the problem knows its data and settings. */
  interface Resources {
    SupernetFamily supernets(FamilyWeights weights);

    FamilyWeights startWeights();

    int trainingImages();

    SupernetTrainer trainer(Supernet supernet);

    SubnetEvaluator evaluator(SupernetFamily supernets);

    void opened(SupernetAdaptation adaptation);

    void closed(SupernetAdaptation adaptation);
  }

  private record Native(
      SupernetFamily supernets, Map<Double, SupernetTrainer> trainers, SubnetEvaluator evaluator)
      implements AutoCloseable {
    @Override
    public void close() {
      evaluator.close();
      trainers.values().forEach(SupernetTrainer::close);
      supernets.close();
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

  private Native create(FamilyWeights weights) {
    SupernetFamily supernets = resources.supernets(weights);
    Map<Double, SupernetTrainer> trainers = new TreeMap<>();
    try {
      for (double width : supernets.widths()) {
        trainers.put(width, resources.trainer(supernets.supernet(width)));
      }
      return new Native(supernets, trainers, resources.evaluator(supernets));
    } catch (RuntimeException e) {
      trainers.values().forEach(SupernetTrainer::close);
      supernets.close();
      throw e;
    }
  }

  private Native create(byte[] state) {
    AdaptedState saved = AdaptedState.decode(state);
    Native restored = create(saved.weights());
    try {
      saved
          .members()
          .forEach((width, member) -> restored.trainers().get(width).restore(member.momentum()));
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
    List<Double> widths = problem.definition().space().widths();
    int[] members = new int[widths.size()];
    for (int[] genotype : genotypes) {
      members[widths.indexOf(problem.codec().decode(genotype).width())]++;
    }
    int[] steps = Shares.of(settings.adaptationSteps(resources.trainingImages()), members);
    SlotDistribution slots = new SlotDistribution(genotypes);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] > 0) {
        LearningRate rate =
            LearningRate.cosine(settings.adaptationLearningRate(), from, to, steps[i]);
        train(i, steps[i], round, slots, rate);
      }
    }
  }

  /** Trains one supernet on the layers of the whole archive, at its own width. */
  private void train(int member, int steps, int round, SlotDistribution slots, LearningRate rate) {
    double width = problem.definition().space().widths().get(member);
    ArchitectureCodec codec = problem.codec();
    // The first of several draws what an only one draws.
    String which = member == 0 ? "" : " of supernet " + (member + 1);
    hashes.remove(width);
    open()
        .trainers()
        .get(width)
        .train(
            0,
            steps,
            (step, subnet) ->
                codec
                    .decode(slots.sample(seeds.generator("subnets" + which, round, step, subnet)))
                    .withWidth(width),
            rate,
            seeds.derive("images" + which, round),
            progress.named("adapting " + problem.definition().supernetName(width)));
  }

  @Override
  public synchronized List<MeasurementFailure> measure(List<Solution> solutions) {
    Map<Solution, Architecture> architectures = new LinkedHashMap<>();
    solutions.forEach(solution -> architectures.put(solution, problem.architecture(solution)));
    List<Architecture> distinct = List.copyOf(new LinkedHashSet<>(architectures.values()));
    Map<Architecture, Accuracy> measured = new LinkedHashMap<>();
    Map<Architecture, Throwable> failed = new LinkedHashMap<>();
    try {
      List<Accuracy> accuracies = open().evaluator().evaluate(distinct, progress);
      for (int i = 0; i < distinct.size(); i++) {
        measured.put(distinct.get(i), accuracies.get(i));
      }
    } catch (MeasurementException e) {
      measured.putAll(e.measured());
      failed.putAll(e.failures());
    }
    // Behind all accuracies, for nothing else may run while times are taken.
    MachineLatencies.Outcome timed =
        problem.latencies(open().supernets(), List.copyOf(measured.keySet()), progress);
    failed.putAll(timed.failures());
    List<MeasurementFailure> failures = new ArrayList<>();
    for (Map.Entry<Solution, Architecture> entry : architectures.entrySet()) {
      Architecture architecture = entry.getValue();
      Throwable cause = failed.get(architecture);
      if (cause != null) {
        String reason =
            cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        failures.add(new MeasurementFailure(entry.getKey(), reason));
      } else {
        MeasurementKey key = problem.key(hash(architecture.width()), architecture);
        problem.set(
            entry.getKey(),
            new Measurement(key, measured.get(architecture), timed.latencies().get(architecture)));
      }
    }
    return failures;
  }

  private String hash(double width) {
    return hashes.computeIfAbsent(
        width, key -> open().supernets().supernet(key).toWeights().hash());
  }

  @Override
  public synchronized byte[] save() {
    if (suspended != null) {
      return suspended.clone();
    }
    Native saved = open();
    Map<Double, TrainedState> members = new TreeMap<>();
    saved
        .trainers()
        .forEach(
            (width, trainer) ->
                members.put(
                    width,
                    new TrainedState(
                        0, saved.supernets().supernet(width).toWeights(), trainer.momentum())));
    return new AdaptedState(members).encode();
  }

  @Override
  public synchronized void restore(byte[] state) {
    if (closed) {
      throw new IllegalStateException("the adaptation is closed");
    }
    Native restored = create(state);
    free();
    suspended = null;
    hashes.clear();
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
