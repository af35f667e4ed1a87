package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.experiment.table.TableCard;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.Bound;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TabularProblem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.core.Epsilons;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.EpsilonBoxDominanceArchive;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.ProblemFactory;

/** The suite of problems that comes with the program. */
class NatBenchTest {

  @ParameterizedTest
  @CsvSource({
    "1, all, 2, 0",
    "2, all, 2, 0",
    "3, all, 3, 0",
    "4, sample, 3, 0",
    "5, sample, 2, 2",
    "6, all, 2, 2",
    "7, all, 4, 0",
    "8, all, 5, 0",
    "9, sample, 6, 2"
  })
  void hasTheShapeThatIsDescribed(int number, String rows, int objectives, int constraints) {
    TabularProblem problem = problem(number);
    assertEquals(rows.equals("all"), problem.definition().complete());
    assertEquals(objectives, problem.getNumberOfObjectives());
    assertEquals(constraints, problem.getNumberOfConstraints());
    String name = "NATBench" + number;
    assertEquals(name, problem.getName());
    ProblemFactory factory = ProblemFactory.getInstance();
    assertTrue(factory.getAllDiagnosticToolProblems().contains(name));
    assertEquals(objectives, factory.getEpsilons(name).toArray().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void isTheProblemOfTheDocument(int number) throws IOException {
    TabularProblem problem = problem(number);
    String name = problem.getName();
    String row =
        Files.readAllLines(Path.of("docs/natbench.md")).stream()
            .filter(line -> line.startsWith("| " + name + " |"))
            .findFirst()
            .orElseThrow();
    String[] cells = row.split(" *\\| *", -1);
    TableDefinition definition = problem.definition();
    String rows = (definition.complete() ? "all of %,d" : "%,d of ").formatted(problem.rows());
    assertTrue(cells[3].startsWith(rows), row);
    assertEquals(String.valueOf(definition.space().genes()), cells[4]);
    assertEquals(String.join(", ", definition.objectives()), cells[5]);
    assertEquals(
        definition.bounds(),
        Stream.of(cells[6].split(", ")).filter(x -> !x.isEmpty()).map(Bound::parse).toList());
    NondominatedPopulation set = ProblemFactory.getInstance().getReferenceSet(name);
    int members = set.size();
    assertEquals("%,d".formatted(boxed(problem, set)), cells[8]);
    assertEquals(
        "%,d".formatted(members) + (definition.complete() ? ", the true front" : ""), cells[7]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void referenceSetIsOfTheProblem(int number) {
    TabularProblem problem = problem(number);
    NondominatedPopulation set = ProblemFactory.getInstance().getReferenceSet(problem.getName());
    assertFalse(set.isEmpty());
    for (Solution member : set) {
      Solution again = evaluated(problem, IntegerVariable.toInts(member));
      assertTrue(again.isFeasible());
      assertArrayEquals(again.getObjectiveValues(), member.getObjectiveValues(), 1e-12);
      for (int i = 0; i < again.getNumberOfObjectives(); i++) {
        double value = again.getObjectiveValue(i);
        assertTrue(value > 0 && value <= problem.referencePoint()[i], member.toString());
      }
    }
    if (problem.definition().complete()) {
      assertEquals(values(problem.front()), values(set));
      int boxed = boxed(problem, set);
      assertTrue(boxed >= 0.7 * set.size(), boxed + " of " + set.size());
    }
  }

  // The framework's collectors put results through such boxes before they measure them.
  private static int boxed(TabularProblem problem, NondominatedPopulation set) {
    Epsilons epsilons = ProblemFactory.getInstance().getEpsilons(problem.getName());
    return new EpsilonBoxDominanceArchive(epsilons, set).size();
  }

  /** PyTorch is slow on depthwise convolutions of single pixels, which small images end in. */
  @ParameterizedTest
  @CsvSource({"5, 1", "7, 3", "8, 4", "9, 4"})
  void sixteenPixelsTakeLessTimeThanTwentyEight(int number, int latency) {
    TabularProblem problem = problem(number);
    int[] largest = problem.extremes().get(1);
    int[] small = largest.clone();
    small[0] = 0;
    double most = evaluated(problem, largest).getObjectiveValue(latency);
    assertEquals(1, most, 1e-3);
    assertTrue(evaluated(problem, small).getObjectiveValue(latency) < most);
  }

  private static Set<List<Double>> values(NondominatedPopulation set) {
    return StreamSupport.stream(set.spliterator(), false)
        .map(solution -> Arrays.stream(solution.getObjectiveValues()).boxed().toList())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void threadsAndCopiesAgree(int number) throws IOException, ClassNotFoundException {
    TabularProblem problem = problem(number);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(problem);
    }
    TabularProblem copy;
    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      copy = (TabularProblem) stream.readObject();
    }
    RandomGenerator random = new Seeds(1).generator("suite");
    List<Solution> serial = Stream.generate(() -> drawn(problem, random)).limit(2000).toList();
    List<Solution> parallel = serial.stream().map(Solution::copy).toList();
    serial.forEach(problem::evaluate);
    parallel.parallelStream().forEach(copy::evaluate);
    for (int i = 0; i < serial.size(); i++) {
      assertArrayEquals(serial.get(i).getObjectiveValues(), parallel.get(i).getObjectiveValues());
      assertArrayEquals(serial.get(i).getConstraintValues(), parallel.get(i).getConstraintValues());
    }
  }

  private static Solution drawn(TabularProblem problem, RandomGenerator random) {
    return solution(problem, problem.sample(random));
  }

  private static Solution evaluated(TabularProblem problem, int[] genes) {
    Solution solution = solution(problem, genes);
    problem.evaluate(solution);
    return solution;
  }

  private static Solution solution(TabularProblem problem, int[] genes) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }

  @Test
  void cardsAreThoseOfTheTables() throws IOException {
    String document = Files.readString(Path.of("docs/natbench-cards.md"));
    for (int number = 1; number <= 9; number++) {
      String card = TableCard.of(problem(number)).toMarkdown();
      assertTrue(document.contains(card), "docs/natbench-cards.md should have\n" + card);
    }
  }

  @Test
  void tablesSayHowTheyWereMeasured() {
    for (int number = 1; number <= 9; number++) {
      String said = String.join("\n", problem(number).comments());
      for (String part :
          new String[] {
            "command: nat tabulate", "machine: ", "noise: ", "weights of width 0.5: SHA-256 "
          }) {
        assertTrue(said.contains(part), part);
        // Of a second table too.
        assertEquals(number >= 8, said.contains("2: " + part), part);
      }
    }
  }

  private static TabularProblem problem(int number) {
    String file = "natbench" + number;
    return new TabularProblem(
        TableDefinition.read(file, ProblemDefinition.FILES.load(file, Map.of())));
  }
}
