package io.github.moeanat.problem;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.evaluation.MachineLatencies;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.evaluation.MeasurementKey;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.CacheFolder;
import io.github.moeanat.internal.LogProgress;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.training.SupernetTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;
import org.moeaframework.core.constraint.GreaterThanOrEqual;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.problem.AbstractProblem;

/**
 * The search for subnets of supernets on a data set: integer genes in, error and costs out. The
 * error is that of the subnet with inherited weights after BN recalibration, on validation images.
 * A measured latency is the one that this machine has noted for the subnet, or else is measured and
 * noted, while nothing else of this process is.
 *
 * <p>Creating a problem loads nothing native and no data; the first evaluation does, and warms the
 * supernet up if the problem has no weights yet, or only such for other classes. {@link #evaluate}
 * may be called from several threads. {@link #close} waits for them and frees native memory, that
 * of adaptations which are still open too; a later evaluation or adaptation takes it again.
 */
public final class NatProblem extends AbstractProblem implements AdaptiveProblem {

  private static final String MEASUREMENT = "measurement";

  private final ProblemDefinition definition;
  private final Execution execution;
  private final ArchitectureCodec codec;
  private final ArchitectureSampler sampler;
  private final MachineLatencies latencies;
  private final Map<MeasurementKey, Measurement> measured = new ConcurrentHashMap<>();
  private final LongAdder cacheHits = new LongAdder();
  private final Set<SupernetAdaptation> adaptations = new LinkedHashSet<>();
  private final Object lock = new Object();
  // Evaluations read, closing writes: native memory is not freed below a running evaluation.
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private Progress progress = Progress.NONE;
  private SearchData data;
  private TrainingOrigin origin;
  private String dataSummary;
  private FamilyWeights startWeights;
  private final Map<Double, String> startHashes = new TreeMap<>();
  private SupernetFamily supernets;
  private SubnetEvaluator evaluator;

  /** Creates the problem of a definition. */
  public NatProblem(ProblemDefinition definition, Execution execution) {
    this(definition, execution, System::nanoTime);
  }

  /**
   * Creates the problem of a definition.
   *
   * @param nanoTime the clock in ns that latencies are measured with
   */
  NatProblem(ProblemDefinition definition, Execution execution, LongSupplier nanoTime) {
    super(
        definition.searched().genes(), definition.objectives().size(), definition.bounds().size());
    this.definition = definition;
    this.execution = execution;
    codec = new ArchitectureCodec(definition.searched());
    sampler = new ArchitectureSampler(definition.searched());
    latencies =
        new MachineLatencies(
            execution.cache(),
            definition::network,
            definition.measuredLatency(),
            execution.device(),
            nanoTime);
  }

  /**
   * Creates the problem of a file in {@code problems/}, run as {@link Execution#fromSystem} says; a
   * warm-up is told of in the log.
   *
   * @param name name of the file without its ending
   * @throws IllegalArgumentException if there is no such file or it is wrong
   */
  public static NatProblem named(String name) {
    PropertyFile file = ProblemDefinition.FILES.load(name, Map.of());
    NatProblem problem = new NatProblem(ProblemDefinition.read(name, file), Execution.fromSystem());
    problem.reportTo(new LogProgress(System.getLogger(NatProblem.class.getName())));
    return problem;
  }

  @Override
  public String getName() {
    return definition.name();
  }

  /** What the problem was made from. */
  public ProblemDefinition definition() {
    return definition;
  }

  /** The coding of architectures as genes. */
  public ArchitectureCodec codec() {
    return codec;
  }

  /** Says how far long phases of {@link #evaluate} are, the warm-up above all. */
  public void reportTo(Progress newProgress) {
    synchronized (lock) {
      progress = newProgress;
    }
  }

  @Override
  public Solution newSolution() {
    Solution solution =
        new Solution(getNumberOfVariables(), getNumberOfObjectives(), getNumberOfConstraints());
    SearchSpace space = definition.searched();
    for (int i = 0; i < space.genes(); i++) {
      solution.setVariable(i, new IntegerVariable(space.lowerBound(i), space.upperBound(i)));
    }
    for (int i = 0; i < definition.objectives().size(); i++) {
      solution.setObjective(i, new Minimize(definition.objectives().get(i).id()));
    }
    for (int i = 0; i < definition.bounds().size(); i++) {
      solution.setConstraint(i, new GreaterThanOrEqual(definition.bounds().get(i).toString(), 0));
    }
    return solution;
  }

  @Override
  public void evaluate(Solution solution) {
    Architecture architecture = architecture(solution);
    MeasurementKey key = key(loadedHash(architecture.width()), architecture);
    Measurement measurement = measured.get(key);
    if (measurement == null) {
      measurement = measure(key);
      measured.put(key, measurement);
    } else {
      cacheHits.increment();
    }
    set(solution, measurement);
  }

  private Measurement measure(MeasurementKey key) {
    use.readLock().lock();
    try {
      Opened opened = open();
      List<Architecture> architecture = List.of(key.architecture());
      Accuracy accuracy = opened.evaluator().evaluate(architecture, Progress.NONE).get(0);
      MachineLatencies.Outcome outcome =
          latencies(opened.supernets(), architecture, told().onlyWarnings());
      return new Measurement(key, accuracy, latency(outcome, key.architecture()));
    } finally {
      use.readLock().unlock();
    }
  }

  /**
   * Returns latencies of architectures as {@link MachineLatencies#of} does; none if the problem
   * does not look at them.
   */
  MachineLatencies.Outcome latencies(
      SupernetFamily family, List<Architecture> architectures, Progress measuring) {
    return definition.looksAt(Metric.MEASURED_LATENCY)
        ? latencies.of(family, architectures, measuring)
        : new MachineLatencies.Outcome(Map.of(), Map.of());
  }

  private static Latency latency(MachineLatencies.Outcome outcome, Architecture architecture) {
    Throwable failure = outcome.failures().get(architecture);
    if (failure != null) {
      throw new IllegalStateException(
          "the latency of %s could not be measured: %s".formatted(architecture, failure), failure);
    }
    return outcome.latencies().get(architecture);
  }

  /**
   * Returns the latency of an architecture on this machine, measured if it is not known yet; empty
   * if the problem does not look at measured latencies.
   */
  public Optional<Latency> measuredLatency(Architecture architecture) {
    use.readLock().lock();
    try {
      return definition.looksAt(Metric.MEASURED_LATENCY)
          ? Optional.of(
              latency(latencies(open().supernets(), List.of(architecture), told()), architecture))
          : Optional.empty();
    } finally {
      use.readLock().unlock();
    }
  }

  /** Returns where measured latencies are noted and what they depend on. */
  public MachineLatencies latencies() {
    return latencies;
  }

  /** Returns what decides the result of measuring an architecture with some weights. */
  MeasurementKey key(String weightsHash, Architecture architecture) {
    SupernetSettings settings = definition.training();
    return new MeasurementKey(
        weightsHash,
        definition.network(architecture.width()),
        architecture,
        origin.hash(),
        settings.transform(),
        settings.recalibrationImages(),
        settings.recalibrationBatch(),
        settings.recalibrationSeed(),
        settings.evaluationEngine(),
        execution.deviceKind());
  }

  /**
   * Returns the measurement that a solution has its values from; empty if it has none, as solutions
   * have that were predicted or come from a file.
   */
  public Optional<Measurement> measurement(Solution solution) {
    Architecture architecture = architecture(solution);
    return Optional.ofNullable((Measurement) solution.getAttribute(MEASUREMENT))
        .filter(measurement -> measurement.key().architecture().equals(architecture));
  }

  /** How often {@link #evaluate} found the architecture measured already. */
  public long cacheHits() {
    return cacheHits.sum();
  }

  /** Returns the architecture of a solution, which may come from a result file. */
  public Architecture architecture(Solution solution) {
    return codec.decode(IntegerVariable.toInts(solution));
  }

  /** Sets all values of a solution, and where they come from. */
  void set(Solution solution, Measurement measurement) {
    SubnetCost cost = definition.cost(measurement.key().architecture());
    solution.setAttribute(MEASUREMENT, measurement);
    for (int i = 0; i < definition.objectives().size(); i++) {
      Metric metric = definition.objectives().get(i);
      solution.setObjectiveValue(i, scaled(metric, metric.value(cost, measurement)));
    }
    for (int i = 0; i < definition.bounds().size(); i++) {
      Bound bound = definition.bounds().get(i);
      solution.setConstraintValue(i, bound.margin(bound.metric().value(cost, measurement)));
    }
  }

  private double scaled(Metric metric, double value) {
    return value / definition.scales().get(metric);
  }

  // ---- what a search may know ----

  @Override
  public boolean isCheapObjective(int objective) {
    return definition.objectives().get(objective).isCheap();
  }

  @Override
  public boolean isCheapConstraint(int constraint) {
    return definition.bounds().get(constraint).metric().isCheap();
  }

  @Override
  public void evaluateCheap(Solution solution) {
    SubnetCost cost = definition.cost(architecture(solution));
    for (int i = 0; i < definition.objectives().size(); i++) {
      if (isCheapObjective(i)) {
        Metric metric = definition.objectives().get(i);
        solution.setObjectiveValue(i, scaled(metric, metric.raw(cost).doubleValue()));
      }
    }
    for (int i = 0; i < definition.bounds().size(); i++) {
      Bound bound = definition.bounds().get(i);
      if (isCheapConstraint(i)) {
        solution.setConstraintValue(i, bound.margin(bound.metric().raw(cost).doubleValue()));
      }
    }
  }

  @Override
  public int[] canonical(int[] genes) {
    return codec.canonical(genes);
  }

  @Override
  public int[] sample(RandomGenerator random) {
    return codec.encode(sampler.sample(random));
  }

  @Override
  public List<int[]> extremes() {
    return List.of(codec.encode(sampler.smallest()), codec.encode(sampler.largest()));
  }

  @Override
  public double[] referencePoint() {
    return definition.referencePoint().stream().mapToDouble(Double::doubleValue).toArray();
  }

  // ---- native memory ----

  @Override
  public Adaptation startAdaptation(long seed, Progress adaptationProgress) {
    synchronized (lock) {
      load(adaptationProgress);
      return new SupernetAdaptation(this, seed, adaptationProgress, new Parts());
    }
  }

  private String loadedHash(double width) {
    synchronized (lock) {
      load(progress);
      return startHashes.get(width);
    }
  }

  /** Returns the hash of the data set; reads it if need be. */
  public String dataHash() {
    return trainingOrigin().hash();
  }

  /** Returns what weights that are trained here say of their images; reads these if need be. */
  public TrainingOrigin trainingOrigin() {
    synchronized (lock) {
      loadData(progress);
      return origin;
    }
  }

  /** Returns classes and numbers of images of the data set in one line; reads it if need be. */
  public String dataSummary() {
    synchronized (lock) {
      loadData(progress);
      return dataSummary;
    }
  }

  /** Returns the weights that the problem was built with; warms them up if need be. */
  public FamilyWeights startWeights() {
    synchronized (lock) {
      load(progress);
      return startWeights;
    }
  }

  /**
   * Returns the adapted weights in a saved state of an {@link Adaptation}.
   *
   * @throws IllegalArgumentException if the state is damaged
   */
  public static FamilyWeights adaptedWeights(byte[] state) {
    return AdaptedState.decode(state).weights();
  }

  private Progress told() {
    synchronized (lock) {
      return progress;
    }
  }

  /** What evaluations use; lives as long as one of them is running. */
  private record Opened(SupernetFamily supernets, SubnetEvaluator evaluator) {}

  private Opened open() {
    synchronized (lock) {
      if (evaluator == null) {
        load(progress);
        Parts parts = new Parts();
        supernets = parts.supernets(startWeights);
        evaluator = parts.evaluator(supernets);
      }
      return new Opened(supernets, evaluator);
    }
  }

  private void load(Progress loading) {
    if (startWeights != null) {
      return;
    }
    loadData(loading);
    if (definition.looksAt(Metric.MEASURED_LATENCY)) {
      CacheFolder.make(execution.cache());
    }
    startWeights = new StartWeights(definition, execution).load(data, origin, loading);
    startWeights.members().forEach((width, weights) -> startHashes.put(width, weights.hash()));
  }

  private void loadData(Progress loading) {
    if (data != null) {
      return;
    }
    DataSet loaded;
    try {
      loaded = DataSets.load(definition.data(), execution.cache(), execution.threads(), loading);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    SearchData found = loaded.search();
    definition.requireFit(found);
    int images = found.train().size();
    int batch = definition.training().batch();
    if (batch > images) {
      throw new IllegalArgumentException(
          "%s: training.batch is %d, the data set %s has %d training images"
              .formatted(definition.name(), batch, definition.data().name(), images));
    }
    data = found;
    origin = TrainingOrigin.of(loaded);
    dataSummary = loaded.summary();
  }

  @Override
  public void close() {
    List<SupernetAdaptation> open;
    synchronized (lock) {
      open = List.copyOf(adaptations);
    }
    // Not under the lock, which an adaptation at work may ask for. What a run has adapted is its
    // own and outlives this; only its native memory goes.
    open.forEach(SupernetAdaptation::suspend);
    use.writeLock().lock();
    try {
      synchronized (lock) {
        if (evaluator != null) {
          evaluator.close();
          supernets.close();
          evaluator = null;
          supernets = null;
        }
      }
    } finally {
      use.writeLock().unlock();
    }
  }

  private final class Parts implements SupernetAdaptation.Resources {

    @Override
    public SupernetFamily supernets(FamilyWeights weights) {
      return new SupernetFamily(
          weights, definition::network, definition.space(), PyTorch.device(execution.device()));
    }

    @Override
    public FamilyWeights startWeights() {
      return startWeights;
    }

    @Override
    public int trainingImages() {
      return data.train().size();
    }

    @Override
    public SupernetTrainer trainer(Supernet trained) {
      SupernetSettings settings = definition.training();
      return new SupernetTrainer(
          trained,
          data,
          settings.transform(),
          settings.augmentation(),
          settings.trainer(),
          execution.threads());
    }

    @Override
    public SubnetEvaluator evaluator(SupernetFamily measured) {
      SupernetSettings settings = definition.training();
      return new SubnetEvaluator(
          measured,
          data,
          settings.transform(),
          settings.evaluation(),
          settings.recalibrationSeed(),
          execution.threads());
    }

    @Override
    public void opened(SupernetAdaptation adaptation) {
      synchronized (lock) {
        adaptations.add(adaptation);
      }
    }

    @Override
    public void closed(SupernetAdaptation adaptation) {
      synchronized (lock) {
        adaptations.remove(adaptation);
      }
    }
  }
}
