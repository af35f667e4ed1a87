package io.github.moeanat.problem;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.LogProgress;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.SupernetTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;
import org.moeaframework.core.constraint.GreaterThanOrEqual;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.problem.AbstractProblem;

/**
 * The search for subnets of a supernet on a data set: integer genes in, error and costs out. The
 * error is that of the subnet with inherited weights after BN recalibration, on validation images.
 *
 * <p>Creating a problem loads nothing native and no data; the first evaluation does, and warms the
 * supernet up if the problem has no weights yet. {@link #evaluate} may be called from several
 * threads. {@link #close} frees native memory; a later evaluation takes it again.
 */
public final class NatProblem extends AbstractProblem implements AdaptiveProblem {

  private final ProblemDefinition definition;
  private final Execution execution;
  private final ArchitectureCodec codec;
  private final ArchitectureSampler sampler;
  private final Map<Architecture, Double> errors = new ConcurrentHashMap<>();
  private final LongAdder cacheHits = new LongAdder();
  private final Set<SupernetAdaptation> adaptations = new LinkedHashSet<>();
  private final Object lock = new Object();
  private Progress progress = Progress.NONE;
  private SearchData data;
  private String dataHash;
  private Weights startWeights;
  private Supernet supernet;
  private SubnetEvaluator evaluator;

  /** Creates the problem of a definition. */
  public NatProblem(ProblemDefinition definition, Execution execution) {
    super(definition.space().genes(), definition.objectives().size(), definition.bounds().size());
    this.definition = definition;
    this.execution = execution;
    codec = new ArchitectureCodec(definition.space());
    sampler = new ArchitectureSampler(definition.space());
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
    SearchSpace space = definition.space();
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
    Double error = errors.get(architecture);
    if (error == null) {
      error = open().evaluate(List.of(architecture), Progress.NONE).get(0).error();
      errors.put(architecture, error);
    } else {
      cacheHits.increment();
    }
    set(solution, architecture, error);
  }

  /** How often {@link #evaluate} found the architecture measured already. */
  public long cacheHits() {
    return cacheHits.sum();
  }

  /** Returns the architecture of a solution, which may come from a result file. */
  public Architecture architecture(Solution solution) {
    return codec.decode(IntegerVariable.toInts(solution));
  }

  /** Sets all values of a solution. */
  void set(Solution solution, Architecture architecture, double error) {
    SubnetCost cost = definition.cost(architecture);
    for (int i = 0; i < definition.objectives().size(); i++) {
      solution.setObjectiveValue(i, scaled(definition.objectives().get(i), cost, error));
    }
    for (int i = 0; i < definition.bounds().size(); i++) {
      Bound bound = definition.bounds().get(i);
      solution.setConstraintValue(i, bound.margin(bound.metric().value(cost, error)));
    }
  }

  private double scaled(Metric metric, SubnetCost cost, double error) {
    return metric.value(cost, error) / definition.scales().get(metric);
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
        solution.setObjectiveValue(i, scaled(definition.objectives().get(i), cost, 0));
      }
    }
    for (int i = 0; i < definition.bounds().size(); i++) {
      Bound bound = definition.bounds().get(i);
      if (isCheapConstraint(i)) {
        solution.setConstraintValue(i, bound.margin(bound.metric().value(cost, 0)));
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
      SupernetAdaptation adaptation =
          new SupernetAdaptation(this, seed, adaptationProgress, new Parts());
      adaptations.add(adaptation);
      return adaptation;
    }
  }

  /** Returns the hash of the data set; reads it if need be. */
  public String dataHash() {
    synchronized (lock) {
      loadData(progress);
      return dataHash;
    }
  }

  /** Returns the weights that the problem was built with; warms them up if need be. */
  public Weights startWeights() {
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
  public static Weights adaptedWeights(byte[] state) {
    return TrainedState.decode(state).weights();
  }

  private SubnetEvaluator open() {
    synchronized (lock) {
      if (evaluator == null) {
        load(progress);
        Parts parts = new Parts();
        supernet = parts.supernet(startWeights);
        evaluator = parts.evaluator(supernet);
      }
      return evaluator;
    }
  }

  private void load(Progress loading) {
    if (startWeights != null) {
      return;
    }
    loadData(loading);
    startWeights = new StartWeights(definition, execution).load(data, dataHash, loading);
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
    if (found.classes() != definition.classes()) {
      throw new IllegalArgumentException(
          "%s: classes is %d, the data set %s has %d"
              .formatted(
                  definition.name(),
                  definition.classes(),
                  definition.data().name(),
                  found.classes()));
    }
    int images = found.train().size();
    int recalibration = definition.training().recalibrationImages();
    if (recalibration > images) {
      throw new IllegalArgumentException(
          "%s: evaluation.recalibrationImages is %d, the data set %s has %d training images"
              .formatted(definition.name(), recalibration, definition.data().name(), images));
    }
    data = found;
    dataHash = loaded.hash();
  }

  @Override
  public void close() {
    synchronized (lock) {
      new ArrayList<>(adaptations).forEach(SupernetAdaptation::close);
      if (evaluator != null) {
        evaluator.close();
        supernet.close();
        evaluator = null;
        supernet = null;
      }
    }
  }

  private final class Parts implements SupernetAdaptation.Resources {

    @Override
    public Supernet supernet(Weights weights) {
      return new Supernet(
          weights, definition.network(), definition.space(), PyTorch.device(execution.device()));
    }

    @Override
    public Weights startWeights() {
      return startWeights;
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
    public SubnetEvaluator evaluator(Supernet measured) {
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
    public void closed(SupernetAdaptation adaptation) {
      synchronized (lock) {
        adaptations.remove(adaptation);
      }
    }
  }
}
