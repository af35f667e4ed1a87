package io.github.moeanat.jmetal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.problem.ExpensiveProblem;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.testing.Grid;
import io.github.moeanat.testing.Tiny;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moeaframework.core.Solution;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.DTLZ.DTLZ2;
import org.moeaframework.problem.ProblemWrapper;
import org.uma.jmetal.algorithm.multiobjective.agemoea.AGEMOEABuilder;
import org.uma.jmetal.algorithm.multiobjective.nsgaiii.NSGAIIIBuilder;
import org.uma.jmetal.algorithm.multiobjective.smsemoa.SMSEMOABuilder;
import org.uma.jmetal.component.algorithm.EvolutionaryAlgorithm;
import org.uma.jmetal.component.algorithm.multiobjective.MOEADBuilder;
import org.uma.jmetal.component.catalogue.common.termination.impl.TerminationByEvaluations;
import org.uma.jmetal.operator.crossover.CrossoverOperator;
import org.uma.jmetal.operator.crossover.impl.IntegerSBXCrossover;
import org.uma.jmetal.operator.mutation.MutationOperator;
import org.uma.jmetal.operator.mutation.impl.IntegerPolynomialMutation;
import org.uma.jmetal.operator.selection.impl.BinaryTournamentSelection;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.util.evaluator.SolutionListEvaluator;
import org.uma.jmetal.util.evaluator.impl.MultiThreadedSolutionListEvaluator;
import org.uma.jmetal.util.evaluator.impl.SequentialSolutionListEvaluator;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;
import org.uma.jmetal.util.sequencegenerator.impl.IntegerPermutationGenerator;
import snippet.JMetalStudy;

class NatIntegerProblemTest {

  private final CrossoverOperator<IntegerSolution> crossover = new IntegerSBXCrossover(0.9, 5);
  private final MutationOperator<IntegerSolution> mutation = new IntegerPolynomialMutation(0.2, 5);

  @TempDir private Path folder;

  @BeforeEach
  void seed() {
    JMetalRandom.getInstance().setSeed(1);
  }

  @Test
  void valuesAreTheProblemsInJMetalsSense() {
    Grid grid = Grid.constrained(3);
    NatIntegerProblem view = new NatIntegerProblem(grid);
    assertEquals(grid.getNumberOfVariables(), view.numberOfVariables());
    assertEquals(20, view.variableBounds().get(0).getUpperBound());
    int violated = 0;
    for (int i = 0; i < 200; i++) {
      IntegerSolution solution = view.evaluate(view.createSolution());
      Solution direct = evaluated(grid, view, solution);
      assertEquals(direct.getObjectiveValue(0), solution.objectives()[0]);
      assertEquals(direct.getObjectiveValue(1), solution.objectives()[1]);
      // The one that is maximised.
      assertEquals(-direct.getObjectiveValue(2), solution.objectives()[2]);
      assertEquals(
          direct.getConstraint(0).isViolation(), solution.constraints()[0] < 0, "constraint 1");
      assertEquals(
          direct.getConstraint(1).isViolation(), solution.constraints()[1] < 0, "constraint 2");
      assertEquals(
          -direct.getConstraint(1).getMagnitudeOfViolation(), solution.constraints()[1], 1e-15);
      violated += direct.isFeasible() ? 0 : 1;
    }
    assertTrue(violated > 0 && violated < 200, violated + " infeasible");
  }

  @Test
  void otherVariablesAreRefusedByName() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new NatIntegerProblem(new DTLZ2(2)))
            .getMessage();
    assertTrue(message.contains("variable 1 of DTLZ2") && message.contains("RealVariable"));
  }

  @Test
  void initialSolutionsAreDrawnByTheProblemsSampler() {
    int[] genes = new int[Grid.free(2).getNumberOfVariables()];
    Arrays.fill(genes, 7);
    NatIntegerProblem view = new NatIntegerProblem(new Sampling(genes));
    assertEquals(Arrays.stream(genes).boxed().toList(), view.createSolution().variables());
  }

  @Test
  void closingClosesTheProblem() {
    Sampling problem = new Sampling(new int[0]);
    new NatIntegerProblem(problem).close();
    assertTrue(problem.closed);
  }

  @Test
  void nsga3RunsOnIt() {
    assertSolved(Grid.constrained(3), view -> nsga3(view, new SequentialSolutionListEvaluator<>()));
  }

  @Test
  void aParallelEvaluatorChangesNothing() {
    List<IntegerSolution> one =
        nsga3(new NatIntegerProblem(Grid.free(3)), new SequentialSolutionListEvaluator<>());
    seed();
    List<IntegerSolution> several =
        nsga3(new NatIntegerProblem(Grid.free(3)), new MultiThreadedSolutionListEvaluator<>(4));
    assertEquals(
        one.stream().map(IntegerSolution::variables).toList(),
        several.stream().map(IntegerSolution::variables).toList());
  }

  @Test
  void smsEmoaRunsOnIt() {
    assertSolved(
        Grid.free(2),
        view -> {
          var algorithm =
              new SMSEMOABuilder<>(view, crossover, mutation)
                  .setPopulationSize(40)
                  .setMaxEvaluations(1000)
                  .build();
          algorithm.run();
          return algorithm.result();
        });
  }

  @Test
  void ageMoeaRunsOnIt() {
    assertSolved(
        Grid.constrained(2),
        view -> {
          var algorithm =
              new AGEMOEABuilder<>(view)
                  .setCrossoverOperator(crossover)
                  .setMutationOperator(mutation)
                  .setPopulationSize(40)
                  .setMaxIterations(25)
                  .build();
          algorithm.run();
          return algorithm.result();
        });
  }

  @Test
  void moeaDRunsOnIt() {
    assertSolved(
        Grid.free(2),
        view -> {
          EvolutionaryAlgorithm<IntegerSolution> algorithm =
              new MOEADBuilder<>(
                      view, 40, crossover, mutation, "", new IntegerPermutationGenerator(40), false)
                  .setTermination(new TerminationByEvaluations(1000))
                  .build();
          algorithm.run();
          return algorithm.result();
        });
  }

  @Test
  void aSupernetsSubnetsAreSearchedInParallel() {
    try (NatProblem problem = Tiny.problem(1)) {
      NatIntegerProblem view = new NatIntegerProblem(problem);
      var algorithm =
          new AGEMOEABuilder<>(view)
              .setCrossoverOperator(crossover)
              .setMutationOperator(mutation)
              .setPopulationSize(6)
              .setMaxIterations(3)
              .setSolutionListEvaluator(new MultiThreadedSolutionListEvaluator<>(2))
              .build();
      algorithm.run();
      assertFalse(algorithm.result().isEmpty());
      for (IntegerSolution solution : algorithm.result()) {
        assertArrayEquals(
            evaluated(problem, view, solution).getObjectiveValues(), solution.objectives());
      }
    }
  }

  @Test
  void aTableWithConstraintsIsSearchedInParallelAndTravels()
      throws IOException, ClassNotFoundException {
    var table = ProblemFactory.getInstance().getProblem("Small-sample");
    assertEquals(1, table.getNumberOfConstraints());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(new NatIntegerProblem(table));
    }
    NatIntegerProblem view;
    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      view = (NatIntegerProblem) stream.readObject();
    }
    var ageMoea =
        new AGEMOEABuilder<>(view)
            .setCrossoverOperator(crossover)
            .setMutationOperator(mutation)
            .setPopulationSize(20)
            .setMaxIterations(10)
            .setSolutionListEvaluator(new MultiThreadedSolutionListEvaluator<>(2))
            .build();
    ageMoea.run();
    List<IntegerSolution> found = new ArrayList<>(ageMoea.result());
    found.addAll(nsga3(view, new MultiThreadedSolutionListEvaluator<>(2)));
    assertTrue(found.size() > 5, found.size() + " solutions");
    for (IntegerSolution solution : found) {
      Solution direct = evaluated(table, view, solution);
      assertArrayEquals(direct.getObjectiveValues(), solution.objectives());
      assertEquals(
          -direct.getConstraint(0).getMagnitudeOfViolation(), solution.constraints()[0], 1e-15);
    }
  }

  @Test
  void theStudyOfTheDocumentsRuns() throws IOException {
    JMetalStudy.main(new String[] {"NAT-tiny", folder.toString(), "20"});
    List<String> summary = Files.readAllLines(folder.resolve("study/QualityIndicatorSummary.csv"));
    // Two algorithms, two indicators, three runs, and a head.
    assertEquals(13, summary.size(), summary.toString());
  }

  private interface Run {
    List<IntegerSolution> on(NatIntegerProblem view);
  }

  private List<IntegerSolution> nsga3(
      NatIntegerProblem view, SolutionListEvaluator<IntegerSolution> evaluator) {
    var algorithm =
        new NSGAIIIBuilder<>(view)
            .setCrossoverOperator(crossover)
            .setMutationOperator(mutation)
            .setSelectionOperator(new BinaryTournamentSelection<>())
            .setNumberOfDivisions(8)
            .setMaxIterations(20)
            .setSolutionListEvaluator(evaluator)
            .build();
    algorithm.run();
    return algorithm.result();
  }

  /** Values are those of direct evaluation, and the search has left random samples behind. */
  private static void assertSolved(Grid grid, Run run) {
    NatIntegerProblem view = new NatIntegerProblem(grid);
    List<IntegerSolution> result = run.on(view);
    assertFalse(result.isEmpty());
    double mean = 0;
    for (IntegerSolution solution : result) {
      Solution direct = evaluated(grid, view, solution);
      for (int i = 0; i < view.numberOfObjectives(); i++) {
        assertEquals(direct.getObjective(i).getCanonicalValue(), solution.objectives()[i]);
      }
      double squares = Arrays.stream(solution.objectives()).map(value -> value * value).sum();
      mean += Math.sqrt(squares) / result.size();
      if (grid.getNumberOfConstraints() > 0) {
        assertTrue(direct.isFeasible(), solution.toString());
      }
    }
    // DTLZ2's front is where this is 1; random solutions have 1.46 in the mean.
    assertTrue(mean < 1.2, "mean distance " + mean);
  }

  private static Solution evaluated(
      org.moeaframework.problem.Problem problem, NatIntegerProblem view, IntegerSolution solution) {
    Solution direct = view.toSolution(solution);
    problem.evaluate(direct);
    return direct;
  }

  private static final class Sampling extends ProblemWrapper implements ExpensiveProblem {

    private final int[] genes;
    private boolean closed;

    Sampling(int[] genes) {
      super(Grid.free(2));
      this.genes = genes;
    }

    @Override
    public int[] sample(RandomGenerator random) {
      return genes.clone();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
