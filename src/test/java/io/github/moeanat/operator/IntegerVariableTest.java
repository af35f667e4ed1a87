package io.github.moeanat.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.analysis.io.ResultFileReader;
import org.moeaframework.analysis.io.ResultFileWriter;
import org.moeaframework.analysis.series.ResultEntry;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.Population;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.variable.BinaryVariable;
import org.moeaframework.core.variable.RealVariable;

class IntegerVariableTest {

  private static final double SIGNIFICANCE = 1e-3;

  @ParameterizedTest
  @CsvSource({
    "-2, 3, -2.5, -2",
    "-2, 3, -1.5, -1",
    "-2, 3, -0.5, 0",
    "-2, 3, 0.4999, 0",
    "-2, 3, 0.5, 1",
    "-2, 3, 3.4999, 3",
    "-2, 3, 3.5, 3",
    "5, 5, 4.5, 5"
  })
  void halvesAreRoundedUpInsideTheBounds(int min, int max, double value, int expected) {
    IntegerVariable variable = new IntegerVariable(min, max);
    variable.setValue(value);
    assertEquals(expected, variable.intValue());
    assertEquals(value, variable.getValue(), "what is stored is not rounded");
    RealVariable plain = new RealVariable(min - 0.5, max + 0.5).withValue(value);
    assertEquals(expected, IntegerVariable.toInt(plain));
  }

  @Test
  void randomValuesAreUniformIntegers() {
    PRNG.setSeed(11);
    IntegerVariable variable = new IntegerVariable(-1, 4);
    long[] counts = new long[6];
    for (int n = 0; n < 6000; n++) {
      variable.randomize();
      assertEquals(variable.intValue(), variable.getValue());
      counts[variable.intValue() + 1]++;
    }
    double[] expected = {1, 1, 1, 1, 1, 1};
    assertTrue(new ChiSquareTest().chiSquareTest(expected, counts) > SIGNIFICANCE);
  }

  @Test
  void copiesAreEqualAndIndependent() {
    IntegerVariable variable = new IntegerVariable("width", 0, 9);
    variable.setValue(3.25);
    IntegerVariable copy = variable.copy();
    assertEquals(variable, copy);
    assertEquals("width", copy.getName());
    copy.setInt(4);
    assertEquals(3.25, variable.getValue());
    assertNotEquals(variable, copy);
    assertTrue(Double.isNaN(new IntegerVariable(0, 1).copy().getValue()));
    assertSame(IntegerVariable.class, copy.getClass());
  }

  @Test
  void peopleSeeTheInteger() {
    IntegerVariable variable = new IntegerVariable(0, 9);
    assertEquals("unset", variable.toString());
    variable.setValue(3.75);
    assertEquals("4", variable.toString());
  }

  @Test
  void wrongValuesAreNamed() {
    IntegerVariable variable = new IntegerVariable(0, 9);
    assertMessage("value is 10", () -> variable.setInt(10));
    assertMessage("NaN", variable::intValue);
    assertMessage("max is 1", () -> new IntegerVariable(2, 1));
    assertMessage("BinaryVariable", () -> IntegerVariable.toInt(new BinaryVariable(3)));
    assertMessage("null", () -> IntegerVariable.toInt(null));
    assertMessage("[0.2, 0.8]", () -> IntegerVariable.toInt(new RealVariable(0.2, 0.8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NSGA-II", "MOEA/D", "GDE3", "OMOPSO", "SMPSO", "CMA-ES", "MSOPS"})
  void algorithmsForRealVariablesRunIt(String name) {
    PRNG.setSeed(12);
    Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, new Solutions.Sums());
    algorithm.run(1000);
    for (Solution solution : algorithm.getResult()) {
      for (int value : IntegerVariable.toInts(solution)) {
        assertTrue(value >= 0 && value <= 9);
      }
    }
  }

  @Test
  void resultFilesAreReadWithoutThisClass(@TempDir Path folder) throws IOException {
    File file = folder.resolve("result.dat").toFile();
    Solutions.Sums problem = new Solutions.Sums();
    Solution written = problem.newSolution();
    for (int i = 0; i < 6; i++) {
      ((IntegerVariable) written.getVariable(i)).setValue(i + 0.25);
    }
    problem.evaluate(written);
    try (ResultFileWriter writer = ResultFileWriter.open(problem, file)) {
      writer.write(new ResultEntry(new Population(List.of(written))));
    }
    assertFalse(Files.readString(file.toPath()).contains("moeanat"));
    try (ResultFileReader reader = ResultFileReader.open(null, file)) {
      Solution read = reader.next().getPopulation().get(0);
      assertSame(RealVariable.class, read.getVariable(0).getClass());
      assertEquals("gene0", read.getVariable(0).getName());
      assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, IntegerVariable.toInts(read));
      assertEquals(-0.5, assertInstanceOf(RealVariable.class, read.getVariable(5)).getLowerBound());
    }
  }

  private static void assertMessage(
      String part, org.junit.jupiter.api.function.Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }
}
