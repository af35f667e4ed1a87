package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Requires;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import io.github.moeanat.problem.MeasurementFailure;
import io.github.moeanat.surrogate.PredictionError;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.moeaframework.algorithm.AbstractEvolutionaryAlgorithm;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.AlgorithmInitializationException;
import org.moeaframework.algorithm.extension.Extension;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.configuration.Property;
import org.moeaframework.core.indicator.Hypervolume;
import org.moeaframework.core.initialization.RandomInitialization;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.core.population.Population;
import org.moeaframework.core.spi.OperatorFactory;
import org.moeaframework.core.termination.MaxFunctionEvaluations;
import org.moeaframework.core.termination.TerminationCondition;
import org.moeaframework.problem.Problem;

/**
 * Neural Architecture Transfer: an archive of measured solutions, surrogates fitted to it, NSGA-III
 * on their predictions, selection by reference directions, and, on an {@link
 * io.github.moeanat.problem.AdaptiveProblem}, adaptation of its weights to the archive before the
 * archive is measured again.
 *
 * <p>It minimises any expensive problem of {@link IntegerVariable}s with two objectives or more.
 * Defaults are the paper's. {@link #getPopulation()} is the archive, with each member's latest
 * measurement; {@link #getNumberOfEvaluations()} counts measurements, repeated ones included.
 *
 * <p>References: Z. Lu, G. Sreekumar, E. Goodman, W. Banzhaf, K. Deb, V. N. Boddeti. "Neural
 * Architecture Transfer." IEEE Transactions on Pattern Analysis and Machine Intelligence 43(9),
 * 2021.
 */
public final class NAT extends AbstractEvolutionaryAlgorithm {

  private final ExpensiveProblem knowledge;
  private final Measurements measurements;
  // Not walked by the framework's Instrumenter, which would look into threads and consoles.
  private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NONE);
  private final Set<Genotype> known = new LinkedHashSet<>();
  private final Map<Genotype, String> failures = new LinkedHashMap<>();
  private final Map<Genotype, List<Double>> predictions = new LinkedHashMap<>();
  private final List<IterationRecord> history = new ArrayList<>();
  private final NatSettings settings = new NatSettings();
  private final CandidateFinder finder;
  private final SurrogateEvaluator evaluator;
  private int threads = Runtime.getRuntime().availableProcessors();
  private int runEvaluations = Budget.UNLIMITED;
  private Seeds seeds;
  private boolean finished;

  /**
   * Creates NAT with the paper's settings.
   *
   * @throws IllegalArgumentException if a variable is no {@link IntegerVariable} or the problem has
   *     one objective
   */
  public NAT(Problem problem) {
    super(
        problem,
        1,
        new Population(),
        null,
        new RandomInitialization(problem),
        OperatorFactory.getInstance()
            .getVariation("nat.ux+nat.pm", new TypedProperties(), checked(problem)));
    Problem inner = Problems.unwrap(problem);
    knowledge = ExpensiveProblem.of(inner);
    measurements = new Measurements(problem, inner);
    finder = new CandidateFinder(knowledge, settings);
    evaluator = new SurrogateEvaluator(knowledge, measurements);
    getExtensions()
        .add(
            new Extension() {
              @Override
              public void onRun(Algorithm algorithm, TerminationCondition condition) {
                budgetRun(condition);
              }
            });
  }

  @Override
  public String getName() {
    return "NAT";
  }

  // ---- the algorithm ----

  @Override
  public void initialize() {
    assertNotInitialized();
    initialized = true;
    String given = settings.getSeed();
    seeds = new Seeds(given.isEmpty() ? PRNG.getRandom().nextLong() : Long.parseLong(given));
    Budget budget = budget();
    int size = Math.min(settings.getInitialArchiveSize(), budget.left(numberOfEvaluations));
    List<Genotype> sample = finder.firstSample(size, seeds.generator("first sample"));
    try {
      measureArchive(new Selection(List.of(), sample), Map.of(), budget);
    } catch (RuntimeException | Error e) {
      initialized = false;
      throw e;
    }
    getExtensions().onInitialize();
  }

  @Override
  public void step() {
    terminated = false;
    finished = false;
    if (isInitialized()) {
      iterate();
    } else {
      initialize();
    }
    // What measures nothing is no step: collectors refuse two records of one number of evaluations,
    // and extensions that stop their clocks when a run is terminated must not hear of a later step.
    if (finished) {
      terminate();
    } else {
      getExtensions().onStep();
    }
  }

  @Override
  protected void iterate() {
    Budget budget = budget();
    boolean adaptive = measurements.adaptive();
    int left = budget.left(numberOfEvaluations);
    int required = adaptive ? getPopulation().size() : 0;
    int iteration = iteration() + 1;
    if (getPopulation().isEmpty() || iteration > budget.maxIterations() || left <= required) {
      finished = true;
      return;
    }
    List<Solution> archive = getPopulation().asList();
    try (Progress.Phase phase =
        progress.get().begin("fitting the surrogate", evaluator.expensiveValues())) {
      settings.getSurrogate().setThreads(threads);
      evaluator.fit(
          settings.getSurrogate(), trainingSet(archive, iteration), seeds, iteration, phase);
    }
    List<Solution> candidates = candidates(archive, iteration);
    if (candidates.isEmpty()) {
      finished = true;
      return;
    }
    ArchiveSelection selection =
        new ArchiveSelection(
            settings.getArchiveSize(),
            NatSettings.limit(settings.getNewMembers()),
            settings.getSearch() != SearchKind.RANDOM,
            settings.isCutAfterMeasuring());
    Selection selected =
        seeded(
            "selection",
            iteration,
            () -> selection.select(archive, candidates, evaluator, left, adaptive));
    measureArchive(selected, predictions(selected), budget);
  }

  private Map<Genotype, Solution> predictions(Selection selected) {
    Map<Genotype, Solution> predicted = new LinkedHashMap<>();
    for (Solution solution : evaluator.predict(selected.members())) {
      predicted.put(evaluator.genotype(solution), solution);
    }
    predictions.clear();
    predicted.forEach(
        (genotype, solution) ->
            predictions.put(
                genotype, DoubleStream.of(solution.getObjectiveValues()).boxed().toList()));
    return predicted;
  }

  private List<Solution> trainingSet(List<Solution> archive, int iteration) {
    return seeded(
        "training set",
        iteration,
        () -> ReferenceDirections.cut(archive, NatSettings.limit(settings.getTrainingSize())));
  }

  /** Returns predicted solutions that were never measured; empty if none is left. */
  private List<Solution> candidates(List<Solution> archive, int iteration) {
    List<Genotype> members = archive.stream().map(evaluator::genotype).toList();
    return evaluator.predict(
        seeded(
            "search",
            iteration,
            () ->
                finder.candidates(
                    evaluator,
                    members,
                    known,
                    getVariation(),
                    seeds.generator("candidates", iteration),
                    progress.get())));
  }

  /** Adapts, measures and records: the second half of an iteration, and the whole first one. */
  private void measureArchive(
      Selection selected, Map<Genotype, Solution> predicted, Budget budget) {
    List<Genotype> members = selected.members();
    if (members.isEmpty()) {
      return;
    }
    int round = history.size();
    Map<Genotype, Solution> archive = new LinkedHashMap<>();
    getPopulation().forEach(member -> archive.put(evaluator.genotype(member), member));
    archive.keySet().retainAll(members);
    List<Genotype> due = measurements.adaptive() ? members : selected.fresh();
    Map<Genotype, Solution> measured;
    try {
      if (measurements.adaptive()) {
        adapt(round, members, budget);
      }
      measured = measure(due);
      if (measured.isEmpty() && due.containsAll(archive.keySet())) {
        // No archive is nothing to go on from; the one before stays.
        throw new FrameworkException(
            "none of %d solutions could be measured, the first because: %s"
                .formatted(due.size(), failures.get(due.get(0))));
      }
    } catch (RuntimeException | Error e) {
      // So that a later step repeats this one from where it began.
      measurements.rollBack();
      throw e;
    }
    archive.keySet().removeAll(due);
    archive.putAll(measured);
    List<Solution> survivors =
        seeded(
            "cut",
            round,
            () ->
                ReferenceDirections.cut(List.copyOf(archive.values()), settings.getArchiveSize()));
    getPopulation().clear();
    getPopulation().addAll(survivors);
    history.add(record(round, selected, predicted, measured));
  }

  private void adapt(int round, List<Genotype> members, Budget budget) {
    double from = budget.position(round, numberOfEvaluations);
    double to = budget.position(round + 1, numberOfEvaluations + members.size());
    measurements.keepState();
    measurements
        .adaptation(seeds, progress.get())
        .adapt(round, members.stream().map(Genotype::toArray).toList(), from, to);
  }

  private Map<Genotype, Solution> measure(List<Genotype> due) {
    Map<Genotype, Solution> measured = new LinkedHashMap<>();
    due.forEach(genotype -> measured.put(genotype, measurements.newSolution(genotype)));
    List<MeasurementFailure> failed = measureCounted(List.copyOf(measured.values()));
    known.addAll(due);
    for (MeasurementFailure failure : failed) {
      Genotype genotype = evaluator.genotype(failure.solution());
      measured.remove(genotype);
      failures.put(genotype, failure.reason());
    }
    return measured;
  }

  private List<MeasurementFailure> measureCounted(List<Solution> solutions) {
    List<MeasurementFailure> failed = evaluator.measure(solutions, seeds, progress.get());
    numberOfEvaluations = evaluator.measured();
    return failed;
  }

  private IterationRecord record(
      int round,
      Selection selected,
      Map<Genotype, Solution> predicted,
      Map<Genotype, Solution> measured) {
    return new IterationRecord(
        round,
        numberOfEvaluations,
        evaluator.predictions(),
        selected.fresh().size(),
        getPopulation().size(),
        hypervolume(),
        errors(selected.fresh(), predicted, measured),
        errors(selected.kept(), predicted, measured));
  }

  private Map<String, PredictionError> errors(
      List<Genotype> genotypes,
      Map<Genotype, Solution> predicted,
      Map<Genotype, Solution> measured) {
    List<Genotype> both =
        genotypes.stream()
            .filter(g -> predicted.containsKey(g) && measured.containsKey(g))
            .toList();
    return evaluator.errors(
        both.stream().map(predicted::get).toList(), both.stream().map(measured::get).toList());
  }

  private double hypervolume() {
    double[] reference = knowledge.referencePoint();
    if (reference.length == 0) {
      return Double.NaN;
    }
    return new Hypervolume(problem, new double[reference.length], reference).evaluate(getResult());
  }

  @Override
  public void evaluate(Solution solution) {
    evaluateAll(new Solution[] {solution});
  }

  /**
   * Measures solutions with the weights adapted in this run, or with the problem itself if it can't
   * be adapted; each counts as one evaluation.
   *
   * @throws org.moeaframework.core.FrameworkException if a solution can't be measured
   */
  @Override
  public void evaluateAll(Solution[] solutions) {
    if (seeds == null) {
      throw new AlgorithmInitializationException(this, "nothing is measured before the first step");
    }
    List<MeasurementFailure> failed = measureCounted(List.of(solutions));
    if (!failed.isEmpty()) {
      throw new FrameworkException(
          "%d of %d solutions could not be measured, the first because: %s"
              .formatted(failed.size(), solutions.length, failed.get(0).reason()));
    }
  }

  @Override
  public void terminate() {
    measurements.release();
    super.terminate();
  }

  /**
   * Runs work of the framework, which draws from its per-thread generator, as a function of the
   * run's seed, and leaves that generator where a single draw would have left it.
   */
  private <T> T seeded(String purpose, int iteration, Supplier<T> work) {
    long afterwards = PRNG.getRandom().nextLong();
    PRNG.setSeed(seeds.derive(purpose, iteration));
    try {
      return work.get();
    } finally {
      PRNG.setSeed(afterwards);
    }
  }

  // ---- budget ----

  private void budgetRun(TerminationCondition condition) {
    int evaluations = MaxFunctionEvaluations.derive(condition);
    runEvaluations =
        evaluations < 0
            ? Budget.UNLIMITED
            : (int) Math.min(Budget.UNLIMITED, (long) numberOfEvaluations + evaluations);
  }

  private Budget budget() {
    int own = settings.getMaxEvaluations();
    int byDefault = measurements.adaptive() ? settings.getAdaptiveIterations() : Budget.UNLIMITED;
    return new Budget(
        own == NatSettings.UNLIMITED ? runEvaluations : own,
        settings.getIterations() > 0 ? settings.getIterations() : byDefault);
  }

  /** Share of the run's budget that is spent, in [0, 1]; 0 if nothing bounds the run. */
  public double position() {
    return budget().position(history.size(), numberOfEvaluations);
  }

  private int iteration() {
    return history.size() - 1;
  }

  // ---- results and state ----

  /** What each iteration did, the first sample included. */
  public List<IterationRecord> history() {
    return List.copyOf(history);
  }

  /**
   * How often the weights were adapted that the archive was last measured with; 0 on a problem that
   * can't be adapted.
   */
  public int adaptations() {
    return measurements.adaptive() ? history.size() : 0;
  }

  /** Seed of the run; every random draw follows from it. */
  public long runSeed() {
    if (seeds == null) {
      throw new AlgorithmInitializationException(this, "the run has no seed before its first step");
    }
    return seeds.seed();
  }

  /** Canonical genes whose measurement failed twice, with the reason; they are left out. */
  public Map<List<Integer>, String> failures() {
    Map<List<Integer>, String> named = new LinkedHashMap<>();
    failures.forEach((genotype, reason) -> named.put(genotype.genes(), reason));
    return named;
  }

  /**
   * What was predicted for an archive member before it was last measured, one value for each
   * objective; empty for members of a first sample.
   */
  public Optional<List<Double>> prediction(Solution member) {
    return Optional.ofNullable(predictions.get(evaluator.genotype(member)));
  }

  /** Says how far long phases are; may stop the run by an exception. */
  public void reportTo(Progress newProgress) {
    progress.set(newProgress);
  }

  /**
   * Sets how many threads the surrogate uses; all cores unless set. Measuring and adapting are the
   * problem's business. No result depends on it.
   *
   * @throws IllegalArgumentException if the number is below one
   */
  public void setThreads(int threads) {
    this.threads = Requires.atLeast("threads", threads, 1);
  }

  /** The run's adapted weights and optimiser state, or empty if there are none. */
  public Optional<byte[]> adaptedState() {
    return measurements.state();
  }

  // ---- configuration ----

  /** Returns the tunables; change them before the first step. */
  public NatSettings getSettings() {
    return settings;
  }

  @Override
  @Property("operator")
  public void setVariation(Variation variation) {
    super.setVariation(variation);
  }

  @Override
  public void saveState(ObjectOutputStream stream) throws IOException {
    if (!isInitialized()) {
      throw new AlgorithmInitializationException(this, "nothing to save before the first step");
    }
    NatState.write(
        stream,
        knowledge,
        body -> {
          body.writeObject(
              new NatState(
                  seeds.seed(),
                  evaluator.predictions(),
                  List.copyOf(known),
                  new LinkedHashMap<>(failures),
                  new LinkedHashMap<>(predictions),
                  List.copyOf(history),
                  measurements.state().orElse(null)));
          super.saveState(body);
        });
  }

  @Override
  public void loadState(ObjectInputStream stream) throws IOException, ClassNotFoundException {
    assertNotInitialized();
    ObjectInputStream body = NatState.verified(stream, knowledge);
    NatState state = NatState.read(body);
    super.loadState(body);
    seeds = new Seeds(state.seed());
    evaluator.restore(state.predictions(), numberOfEvaluations);
    known.addAll(state.known());
    failures.putAll(state.failures());
    predictions.putAll(state.predictedObjectives());
    history.addAll(state.history());
    if (state.adaptation() != null) {
      measurements.restore(state.adaptation());
    }
  }

  private static Problem checked(Problem problem) {
    if (problem.getNumberOfObjectives() < 2) {
      throw new IllegalArgumentException(
          "NAT needs two objectives or more, " + problem.getName() + " has one");
    }
    Solution solution = problem.newSolution();
    for (int i = 0; i < problem.getNumberOfVariables(); i++) {
      if (!(solution.getVariable(i) instanceof IntegerVariable)) {
        throw new IllegalArgumentException(
            "NAT needs variables of type IntegerVariable, variable %d of %s is a %s"
                .formatted(
                    i + 1, problem.getName(), solution.getVariable(i).getClass().getSimpleName()));
      }
    }
    return problem;
  }
}
