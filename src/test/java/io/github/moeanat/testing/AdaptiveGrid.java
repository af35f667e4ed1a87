package io.github.moeanat.testing;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.Adaptation;
import io.github.moeanat.problem.AdaptiveProblem;
import io.github.moeanat.problem.MeasurementFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.moeaframework.core.Solution;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.problem.AbstractProblem;

/**
 * A grid of integers whose first objective gets better where the adaptation has been, and whose
 * second is exact. Genes above the first 0 stand for nothing, as layers do.
 */
public final class AdaptiveGrid extends AbstractProblem implements AdaptiveProblem {

  /** Positions of the schedule that adaptations were asked for, in order. */
  private final List<double[]> positions = new ArrayList<>();

  private final int levels;
  private final Predicate<int[]> failing;
  private int open;

  /** Creates a grid of so many variables from 0 to {@code levels - 1}. */
  public AdaptiveGrid(int variables, int levels) {
    this(variables, levels, genes -> false);
  }

  /** Creates a grid on which measuring some genotypes always fails. */
  public AdaptiveGrid(int variables, int levels, Predicate<int[]> failing) {
    super(variables, 2);
    this.levels = levels;
    this.failing = failing;
  }

  @Override
  public String getName() {
    return "AdaptiveGrid";
  }

  @Override
  public Solution newSolution() {
    Solution solution = new Solution(numberOfVariables, 2);
    for (int i = 0; i < numberOfVariables; i++) {
      solution.setVariable(i, new IntegerVariable(0, levels - 1));
    }
    solution.setObjective(0, new Minimize("loss"));
    solution.setObjective(1, new Minimize("size"));
    return solution;
  }

  @Override
  public void evaluate(Solution solution) {
    set(solution, new double[levels]);
  }

  @Override
  public boolean isCheapObjective(int objective) {
    return objective == 1;
  }

  @Override
  public void evaluateCheap(Solution solution) {
    solution.setObjectiveValue(1, size(canonical(IntegerVariable.toInts(solution))));
  }

  @Override
  public int[] canonical(int[] genes) {
    int[] result = genes.clone();
    boolean absent = false;
    for (int i = 0; i < result.length; i++) {
      absent |= result[i] == 0;
      result[i] = absent ? 0 : result[i];
    }
    return result;
  }

  @Override
  public List<int[]> extremes() {
    int[] largest = new int[numberOfVariables];
    Arrays.fill(largest, levels - 1);
    return List.of(new int[numberOfVariables], largest);
  }

  @Override
  public double[] referencePoint() {
    return new double[] {3, 1.1};
  }

  /** Schedule positions of all adaptations so far: from and to. */
  public List<double[]> positions() {
    return List.copyOf(positions);
  }

  /** Adaptations that were started and not closed. */
  public int open() {
    return open;
  }

  @Override
  public Adaptation startAdaptation(long seed, Progress progress) {
    open++;
    return new Grid(new Seeds(seed));
  }

  private double size(int[] genes) {
    return Arrays.stream(genes).sum() / (double) (numberOfVariables * (levels - 1));
  }

  private void set(Solution solution, double[] weights) {
    int[] genes = canonical(IntegerVariable.toInts(solution));
    if (failing.test(genes)) {
      throw new IllegalStateException("no value for " + Arrays.toString(genes));
    }
    double loss = 2;
    for (int i = 0; i < genes.length; i++) {
      loss -= (1 + weights[genes[i]]) * Math.sqrt(genes[i]) / (i + 2.0) / levels;
    }
    solution.setObjectiveValue(0, loss);
    solution.setObjectiveValue(1, size(genes));
  }

  private final class Grid implements Adaptation {

    private final Seeds seeds;
    private final double[] weights = new double[levels];
    private boolean closed;

    Grid(Seeds seeds) {
      this.seeds = seeds;
    }

    @Override
    public void adapt(int round, List<int[]> genotypes, double from, double to) {
      positions.add(new double[] {from, to});
      var random = seeds.generator("adapt", round);
      int[] member = genotypes.get(random.nextInt(genotypes.size()));
      for (int gene : member) {
        weights[gene] += 0.05 * random.nextDouble() * (1 - from);
      }
    }

    @Override
    public List<MeasurementFailure> measure(List<Solution> solutions) {
      List<MeasurementFailure> failures = new ArrayList<>();
      for (Solution solution : solutions) {
        try {
          set(solution, weights);
        } catch (CancellationException e) {
          throw e;
        } catch (IllegalStateException e) {
          failures.add(new MeasurementFailure(solution, e.getMessage()));
        }
      }
      return failures;
    }

    @Override
    public byte[] save() {
      ByteBuffer buffer = ByteBuffer.allocate(8 * weights.length);
      Arrays.stream(weights).forEach(buffer::putDouble);
      return buffer.array();
    }

    @Override
    public void restore(byte[] state) {
      ByteBuffer.wrap(state).asDoubleBuffer().get(weights);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open--;
      }
    }
  }
}
