package io.github.moeanat.problem.table;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.Bound;
import io.github.moeanat.problem.ExpensiveProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.surrogate.HeldOutError;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.moeaframework.core.Solution;
import org.moeaframework.core.constraint.GreaterThanOrEqual;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.core.population.NondominatedPopulation;

/**
 * A table of measured architectures as a problem: an evaluation takes microseconds. A complete
 * table is looked up; of a sampled one a model answers for all architectures, those in the table
 * included.
 *
 * <p>Creating a problem reads nothing; the first evaluation reads the table and fits the model. May
 * be used by several threads. A serialised problem has its table with it, unless that comes with
 * the program.
 */
public final class TabularProblem implements ExpensiveProblem, Serializable {

  private static final long serialVersionUID = 1L;

  private final TableDefinition definition;
  private final List<String> names;
  private transient volatile TableModel model;

  /** Creates the problem of a definition. */
  public TabularProblem(TableDefinition definition) {
    this.definition = definition;
    names = List.copyOf(definition.values().keySet());
  }

  /**
   * Creates the problem of a file in {@code problems/}.
   *
   * @param name name of the file without its ending
   * @throws IllegalArgumentException if there is no such file or it is wrong
   */
  public static TabularProblem named(String name) {
    return new TabularProblem(
        TableDefinition.read(name, ProblemDefinition.FILES.load(name, Map.of())));
  }

  /** What the problem was made from. */
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public String getName() {
    return definition.name();
  }

  @Override
  public int getNumberOfVariables() {
    return definition.space().genes();
  }

  @Override
  public int getNumberOfObjectives() {
    return definition.objectives().size();
  }

  @Override
  public int getNumberOfConstraints() {
    return definition.bounds().size();
  }

  @Override
  public Solution newSolution() {
    Solution solution =
        new Solution(getNumberOfVariables(), getNumberOfObjectives(), getNumberOfConstraints());
    TableSpace space = definition.space();
    for (int i = 0; i < space.genes(); i++) {
      solution.setVariable(i, new IntegerVariable(space.low(i), space.high(i)));
    }
    for (int i = 0; i < getNumberOfObjectives(); i++) {
      solution.setObjective(i, new Minimize(definition.objectives().get(i)));
    }
    for (int i = 0; i < getNumberOfConstraints(); i++) {
      solution.setConstraint(i, new GreaterThanOrEqual(definition.bounds().get(i).toString(), 0));
    }
    return solution;
  }

  /**
   * Looks a solution up.
   *
   * @throws IllegalArgumentException if the table is not there or not what the problem file says
   */
  @Override
  public void evaluate(Solution solution) {
    set(solution, true);
  }

  @Override
  public void evaluateCheap(Solution solution) {
    set(solution, false);
  }

  private void set(Solution solution, boolean all) {
    double[] minimised = loaded().minimised(canonical(IntegerVariable.toInts(solution)), all);
    for (int i = 0; i < getNumberOfObjectives(); i++) {
      TableValue value = objective(i);
      if (all || value.cheap()) {
        solution.setObjectiveValue(i, minimised[names.indexOf(value.name())] / value.scale());
      }
    }
    for (int i = 0; i < getNumberOfConstraints(); i++) {
      Bound bound = definition.bounds().get(i);
      if (all || isCheapConstraint(i)) {
        solution.setConstraintValue(i, bound.margin(minimised[names.indexOf(bound.name())]));
      }
    }
  }

  private TableValue objective(int objective) {
    return definition.values().get(definition.objectives().get(objective));
  }

  @Override
  public boolean isCheapObjective(int objective) {
    return objective(objective).cheap();
  }

  @Override
  public boolean isCheapConstraint(int constraint) {
    return definition.values().get(definition.bounds().get(constraint).name()).cheap();
  }

  @Override
  public int[] canonical(int[] genes) {
    return definition.space().canonical(genes);
  }

  @Override
  public int[] sample(RandomGenerator random) {
    return definition.space().sample(random);
  }

  @Override
  public List<int[]> extremes() {
    return definition.space().extremes();
  }

  @Override
  public double[] referencePoint() {
    return definition.referencePoint().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Does nothing: a table stays in memory as long as the problem. */
  @Override
  public void close() {}

  // ---- the table itself ----

  /** Returns what the table's file says of itself, without the signs of comments. */
  public List<String> comments() {
    return loaded().data().comments();
  }

  /** Returns the number of architectures in the table. */
  public int rows() {
    return loaded().data().size();
  }

  /** Returns the cells of a value in the order of the table; counted costs are among them. */
  public double[] cells(TableValue value) {
    TableData data = loaded().data();
    int index = names.indexOf(value.name());
    return IntStream.range(0, data.size()).mapToDouble(row -> data.cell(index, row)).toArray();
  }

  /**
   * Returns the architectures of the table with their values as they stand there: neither a model
   * nor noise changes them.
   */
  public List<Solution> measured() {
    TableData data = loaded().data();
    List<Solution> solutions = new ArrayList<>();
    for (int row = 0; row < data.size(); row++) {
      Solution solution = newSolution();
      int[] genes = data.genes(row);
      for (int i = 0; i < genes.length; i++) {
        ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
      }
      for (int i = 0; i < getNumberOfObjectives(); i++) {
        solution.setObjectiveValue(i, measured(objective(i), row) / objective(i).scale());
      }
      for (int i = 0; i < getNumberOfConstraints(); i++) {
        Bound bound = definition.bounds().get(i);
        TableValue value = definition.values().get(bound.name());
        solution.setConstraintValue(i, bound.margin(measured(value, row)));
      }
      solutions.add(solution);
    }
    return solutions;
  }

  private double measured(TableValue value, int row) {
    return value.minimised(loaded().data().cell(names.indexOf(value.name()), row));
  }

  /**
   * Returns the true front: the feasible architectures of a complete table that no other dominates,
   * one for equal objectives.
   *
   * @throws IllegalStateException if the table is not complete
   */
  public NondominatedPopulation front() {
    if (!definition.complete()) {
      throw new IllegalStateException(
          "the table of %s is not complete: its true front is not known".formatted(getName()));
    }
    NondominatedPopulation front = new NondominatedPopulation();
    measured().stream().filter(Solution::isFeasible).forEach(front::add);
    return front;
  }

  /**
   * Returns how well the model predicts a value of architectures that it was not fitted to.
   *
   * @throws IllegalStateException if nothing is modelled
   */
  public HeldOutError heldOutError(TableValue value) {
    if (definition.complete() || value.isCounted()) {
      throw new IllegalStateException(value.name() + " of " + getName() + " is not modelled");
    }
    return loaded().heldOutError(names.indexOf(value.name()));
  }

  private TableModel loaded() {
    TableModel known = model;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      if (model == null) {
        model = TableModel.load(definition);
      }
      return model;
    }
  }

  // What comes with the program is at the other end too; a file of one's own may not be.
  private void writeObject(ObjectOutputStream stream) throws IOException {
    TableModel kept = definition.isPacked() ? null : loaded();
    stream.defaultWriteObject();
    stream.writeObject(kept);
  }

  private void readObject(ObjectInputStream stream) throws IOException, ClassNotFoundException {
    stream.defaultReadObject();
    model = (TableModel) stream.readObject();
  }
}
