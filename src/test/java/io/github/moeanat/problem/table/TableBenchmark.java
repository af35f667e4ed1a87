package io.github.moeanat.problem.table;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ProblemDefinition;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long an evaluation takes on a complete and on a sampled table, with up to six objectives. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TableBenchmark {

  private static final int SOLUTIONS = 1024;

  /** The problem; complete tables and sampled ones, with few objectives and with many. */
  @Param({"natbench1", "natbench8", "natbench4", "natbench9"})
  public String problem;

  private final Solution[] solutions = new Solution[SOLUTIONS];
  private TabularProblem table;
  private int next;

  /** Draws solutions and reads the table. */
  @Setup
  public void draw() {
    table =
        new TabularProblem(
            TableDefinition.read(problem, ProblemDefinition.FILES.load(problem, Map.of())));
    RandomGenerator random = new Seeds(1).generator("benchmark");
    for (int i = 0; i < SOLUTIONS; i++) {
      solutions[i] = table.newSolution();
      int[] genes = table.sample(random);
      for (int gene = 0; gene < genes.length; gene++) {
        ((IntegerVariable) solutions[i].getVariable(gene)).setInt(genes[gene]);
      }
    }
    table.evaluate(solutions[0]);
  }

  /** One evaluation. */
  @Benchmark
  public Solution evaluate() {
    next = (next + 1) % SOLUTIONS;
    table.evaluate(solutions[next]);
    return solutions[next];
  }
}
