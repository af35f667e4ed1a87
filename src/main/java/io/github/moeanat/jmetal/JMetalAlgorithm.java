package io.github.moeanat.jmetal;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.moeaframework.algorithm.AbstractAlgorithm;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.AlgorithmException;
import org.moeaframework.algorithm.AlgorithmTerminationException;
import org.moeaframework.algorithm.extension.Extension;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.termination.MaxFunctionEvaluations;
import org.moeaframework.core.termination.TerminationCondition;
import org.moeaframework.core.variable.RealVariable;
import org.moeaframework.core.variable.Variable;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.util.solutionattribute.impl.NumberOfViolatedConstraints;
import org.uma.jmetal.util.solutionattribute.impl.OverallConstraintViolation;

/**
 * An algorithm of jMetal that the framework runs. One step evaluates what the algorithm asks for at
 * once: a population, or a single solution. The last step of a run is cut where its evaluations
 * end, so that what was asked for is what is spent; the result holds what was evaluated then too.
 *
 * <p>The generator of a run is seeded from the framework's. A run that was terminated can't go on,
 * and its state can't be saved.
 */
final class JMetalAlgorithm extends AbstractAlgorithm {

  // jMetal's own default, for runs that nobody bounds.
  private static final int USUAL_EVALUATIONS = 25_000;
  private static final Cleaner CLEANER = Cleaner.create();
  private static final String EVALUATED = JMetalAlgorithm.class.getName();

  private final String name;
  private final Recipe recipe;
  private final int maxEvaluations;
  // Held so, because the framework's instrumenter walks through all other fields.
  private final AtomicReference<JMetalRun> run = new AtomicReference<>();
  private final List<Solution> kept = new ArrayList<>();
  private long runEnd = Integer.MAX_VALUE;
  private boolean ended;
  private boolean stopped;

  private JMetalAlgorithm(String name, Recipe recipe, int maxEvaluations, Problem problem) {
    super(problem);
    this.name = name;
    this.recipe = recipe;
    this.maxEvaluations = maxEvaluations;
    getExtensions()
        .add(
            new Extension() {
              @Override
              public void onRun(Algorithm algorithm, TerminationCondition condition) {
                int evaluations = MaxFunctionEvaluations.derive(condition);
                if (evaluations >= 0) {
                  runEnd = (long) numberOfEvaluations + evaluations;
                }
              }
            });
  }

  /**
   * Creates an algorithm.
   *
   * @throws ProviderException if the algorithm can't solve the problem, or a property is unknown
   * @throws IllegalArgumentException if a property's value is not what is expected
   */
  static JMetalAlgorithm create(JMetalMethod method, TypedProperties properties, Problem problem) {
    String name = method.registeredName();
    requireSolvable(method, problem);
    Options options = new Options(properties);
    int maxEvaluations = options.atLeast("maxEvaluations", Integer.MAX_VALUE, 1);
    Recipe recipe = Recipes.of(method, options, problem);
    options.refuseUnread();
    return new JMetalAlgorithm(name, recipe, maxEvaluations, problem);
  }

  private static void requireSolvable(JMetalMethod method, Problem problem) {
    String name = method.registeredName();
    if (problem.getNumberOfObjectives() < 2) {
      throw new ProviderException(
          "%s needs two objectives or more, %s has one".formatted(name, problem.getName()));
    }
    if (problem.getNumberOfConstraints() > 0 && !method.heedsConstraints()) {
      throw new ProviderException(
          "%s takes unconstrained problems only, because jMetal's algorithm ignores constraints or"
                  .formatted(name)
              + " fails with them; %s has %d"
                  .formatted(problem.getName(), problem.getNumberOfConstraints()));
    }
    Solution solution = problem.newSolution();
    for (int i = 0; i < solution.getNumberOfVariables(); i++) {
      Variable variable = solution.getVariable(i);
      if (!(variable instanceof RealVariable)) {
        throw new ProviderException(
            "%s takes variables of type RealVariable only, IntegerVariable among them; variable %d"
                    .formatted(name, i + 1)
                + " of %s is a %s"
                    .formatted(problem.getName(), variable.getClass().getSimpleName()));
      }
    }
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public void initialize() {
    super.initialize();
    int bound = (int) Math.min(runEnd, maxEvaluations);
    int evaluations = bound == Integer.MAX_VALUE ? USUAL_EVALUATIONS : bound;
    JMetalRun started =
        new JMetalRun(name, recipe, problem, evaluations, PRNG.getRandom().nextLong());
    run.set(started);
    // Whoever forgets an algorithm that was not terminated leaves no thread behind.
    CLEANER.register(this, started::stop);
    guarded(started::start);
    advance();
  }

  @Override
  public void step() {
    if (stopped) {
      throw new AlgorithmTerminationException(
          this, name + " has ended: jMetal's algorithms can't go on, create another one");
    }
    super.step();
    // Not within the iteration, for extensions still hear of the step after it.
    if (ended && !isTerminated()) {
      terminate();
    }
  }

  @Override
  protected void iterate() {
    advance();
  }

  private void advance() {
    List<DoubleSolution> open = open();
    int count = (int) Math.min(open.size(), Math.min(runEnd, maxEvaluations) - numberOfEvaluations);
    open = open.subList(0, Math.max(0, count));
    List<Solution> solutions = open.stream().map(this::toSolution).toList();
    evaluateAll(solutions);
    for (int i = 0; i < open.size(); i++) {
      setValues(open.get(i), solutions.get(i));
    }
    if (!open.isEmpty()) {
      int answered = open.size();
      guarded(() -> run.get().answer(answered));
    }
    ended = open().isEmpty() || numberOfEvaluations >= maxEvaluations;
  }

  private List<DoubleSolution> open() {
    List<DoubleSolution> open = new ArrayList<>();
    guarded(() -> open.addAll(run.get().open()));
    return open;
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (IllegalStateException e) {
      throw new AlgorithmException(this, name + " failed: " + e.getMessage(), e.getCause());
    }
  }

  private Solution toSolution(DoubleSolution solution) {
    Solution own = problem.newSolution();
    for (int i = 0; i < own.getNumberOfVariables(); i++) {
      RealVariable variable = (RealVariable) own.getVariable(i);
      double value = solution.variables().get(i);
      // Some of jMetal's operators miss a bound by a rounding error.
      value = Math.max(variable.getLowerBound(), Math.min(variable.getUpperBound(), value));
      solution.variables().set(i, value);
      variable.setValue(value);
    }
    return own;
  }

  private void setValues(DoubleSolution solution, Solution own) {
    Values.copy(own, solution);
    if (own.getNumberOfConstraints() > 0) {
      // Some algorithms still read constraints from these attributes, which nobody else sets.
      int violated = 0;
      double overall = 0;
      for (double constraint : solution.constraints()) {
        violated += constraint < 0 ? 1 : 0;
        overall += constraint;
      }
      new NumberOfViolatedConstraints<DoubleSolution>().setAttribute(solution, violated);
      new OverallConstraintViolation<DoubleSolution>().setAttribute(solution, overall);
    }
    solution.attributes().put(EVALUATED, own);
  }

  @Override
  public NondominatedPopulation getResult() {
    return new NondominatedPopulation(stopped ? kept : known());
  }

  private List<Solution> known() {
    List<Solution> known = new ArrayList<>();
    if (run.get() != null) {
      for (DoubleSolution solution : run.get().known()) {
        // Copies carry the attribute on when they are changed, and some lists hold unevaluated
        // ones.
        if (solution.attributes().get(EVALUATED) instanceof Solution own && isOf(own, solution)) {
          known.add(own);
        }
      }
    }
    return known;
  }

  private static boolean isOf(Solution own, DoubleSolution solution) {
    for (int i = 0; i < own.getNumberOfVariables(); i++) {
      if (((RealVariable) own.getVariable(i)).getValue() != solution.variables().get(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void terminate() {
    if (!stopped) {
      kept.addAll(known());
      stopped = true;
      if (run.get() != null) {
        run.get().stop();
      }
    }
    super.terminate();
  }

  @Override
  public void saveState(ObjectOutputStream stream) throws IOException {
    throw notSaved();
  }

  @Override
  public void loadState(ObjectInputStream stream) throws IOException {
    throw notSaved();
  }

  private NotSerializableException notSaved() {
    return new NotSerializableException(name + ": the state of jMetal's algorithms can't be saved");
  }
}
