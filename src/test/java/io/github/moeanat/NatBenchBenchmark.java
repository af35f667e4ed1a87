package io.github.moeanat;

import java.util.concurrent.TimeUnit;
import org.moeaframework.algorithm.NSGAIII;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.OperatorFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.DTLZ.DTLZ2;
import org.moeaframework.problem.Problem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Evaluations per second of the framework's NSGA-III on NATBench1, with this project's operators,
 * and on the framework's DTLZ2 with as many variables and objectives, with the usual ones.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class NatBenchBenchmark {

  private static final int EVALUATIONS = 10_000;

  /** What is optimised. */
  @Param({"NATBench1", "DTLZ2"})
  public String name;

  private Problem problem;
  private String operator;

  /** Makes the problem and reads the table. */
  @Setup
  public void create() {
    Problem bench = ProblemFactory.getInstance().getProblem("NATBench1");
    problem =
        name.equals("DTLZ2")
            ? new DTLZ2(bench.getNumberOfVariables(), bench.getNumberOfObjectives())
            : bench;
    operator = name.equals("DTLZ2") ? "sbx+pm" : "nat.ux+nat.pm";
    Solution any = problem.newSolution();
    for (int i = 0; i < any.getNumberOfVariables(); i++) {
      any.getVariable(i).randomize();
    }
    problem.evaluate(any);
  }

  /** One run. */
  @Benchmark
  @OperationsPerInvocation(EVALUATIONS)
  public NondominatedPopulation run() {
    PRNG.setSeed(1);
    NSGAIII algorithm = new NSGAIII(problem);
    algorithm.setVariation(OperatorFactory.getInstance().getVariation(operator, problem));
    algorithm.run(EVALUATIONS);
    return algorithm.getResult();
  }
}
