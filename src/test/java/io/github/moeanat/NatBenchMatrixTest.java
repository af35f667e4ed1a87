package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.jmetal.JMetalAlgorithms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.DefaultAlgorithms;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.Problem;

/** Every algorithm by name on every problem of the suite, as docs/natbench.md has it. */
class NatBenchMatrixTest {

  private static final int PROBLEMS = 9;
  private static final int EVALUATIONS = 500;
  // Of NAT, which fits surrogates and takes a minute where others take a moment.
  private static final int NAT_EVALUATIONS = 200;
  // Exact hypervolumes of larger populations take minutes with five objectives and more.
  private static final String SMALL_POPULATION = "20";

  private static final List<String> NAT = List.of("NAT-random", "NAT-quick", "NAT");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)`( \\| [a-z]+){9} \\|");

  static Stream<String> names() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(new DefaultAlgorithms().getRegisteredAlgorithms());
    names.addAll(JMetalAlgorithms.names());
    return names.stream();
  }

  static Stream<String> natNames() {
    return NAT.stream();
  }

  @Test
  void documentHasAllAlgorithmsAndNoOthers() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs/natbench.md")).stream()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(row -> row.group(1))
            .toList();
    Set<String> expected = names().collect(Collectors.toSet());
    expected.addAll(NAT);
    assertEquals(expected, Set.copyOf(rows));
    assertEquals(expected.size(), rows.size());
  }

  @ParameterizedTest
  @MethodSource("names")
  void stockAndJMetal(String name) throws IOException {
    assertRow(name, EVALUATIONS);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("natNames")
  void nat(String name) throws IOException {
    assertRow(name, NAT_EVALUATIONS);
  }

  private static void assertRow(String name, int evaluations) throws IOException {
    StringJoiner row = new StringJoiner(" | ", "| `" + name + "` | ", " |");
    for (int i = 1; i <= PROBLEMS; i++) {
      row.add(outcome(name, "NATBench" + i, evaluations));
    }
    String matrix = Files.readString(Path.of("docs/natbench.md"));
    assertTrue(matrix.contains("\n" + row + "\n"), "docs/natbench.md should have " + row);
  }

  private static String outcome(String name, String problemName, int evaluations) {
    PRNG.setSeed(1);
    try (Problem problem = ProblemFactory.getInstance().getProblem(problemName)) {
      TypedProperties properties = new TypedProperties();
      if (name.startsWith("SMS")) {
        properties.setString("populationSize", SMALL_POPULATION);
      }
      Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
      algorithm.run(evaluations);
      String run = name + " on " + problemName;
      if (name.startsWith("NAT") || name.endsWith("-JMetal")) {
        assertEquals(evaluations, algorithm.getNumberOfEvaluations(), run);
      } else {
        assertTrue(algorithm.getNumberOfEvaluations() >= evaluations, run);
      }
      assertFalse(algorithm.getResult().isEmpty(), run);
      for (Solution solution : algorithm.getResult()) {
        Solution again = solution.copy();
        problem.evaluate(again);
        for (int i = 0; i < again.getNumberOfObjectives(); i++) {
          assertEquals(again.getObjectiveValue(i), solution.getObjectiveValue(i), run);
        }
        for (int i = 0; i < again.getNumberOfConstraints(); i++) {
          assertEquals(again.getConstraintValue(i), solution.getConstraintValue(i), run);
        }
      }
      return "yes";
    } catch (FrameworkException | IllegalArgumentException e) {
      return reason(e);
    }
  }

  // What the framework or jMetal says, in one word.
  private static String reason(RuntimeException e) {
    StringBuilder said = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      said.append(cause.getMessage()).append('\n');
    }
    if (said.toString().contains("unconstrained problem")) {
      return "constraints";
    }
    if (said.toString().contains("too large for adaptive grid archive")) {
      return "cells";
    }
    throw e;
  }
}
