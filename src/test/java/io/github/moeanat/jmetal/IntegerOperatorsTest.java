package io.github.moeanat.jmetal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.uma.jmetal.operator.mutation.MutationOperator;
import org.uma.jmetal.operator.mutation.impl.IntegerPolynomialMutation;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.solution.integersolution.impl.DefaultIntegerSolution;
import org.uma.jmetal.util.bounds.Bounds;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;

class IntegerOperatorsTest {

  private static final int GENES = 20_000;

  @BeforeEach
  void seed() {
    JMetalRandom.getInstance().setSeed(1);
  }

  @Test
  void mutationMovesUpAndDownAlike() {
    int[] reached = mutated(new NatMutation(1, 1));
    assertEquals(reached[0], reached[2], GENES * 0.02);
    assertTrue(reached[0] > 0.1 * GENES && reached[1] > 0.1 * GENES, reached[0] + " down");
    // Why there is one of our own; the documents say so.
    assertEquals(0, mutated(new IntegerPolynomialMutation(1, 1))[2]);
  }

  @Test
  void mutationMovesAsManyGenesAsItIsTold() {
    int[] reached = mutated(new NatMutation(0.1, 0));
    // Of those that are moved, the index of 0 leaves a third where they were.
    assertEquals(0.1 * 2 / 3, (reached[0] + reached[2]) / (double) GENES, 0.01);
  }

  @Test
  void crossoverSwapsHalfOfTheGenesOfThosePairsThatMate() {
    IntegerSolution zeros = solution(0);
    IntegerSolution twos = solution(2);
    List<IntegerSolution> children = new NatCrossover(1).execute(List.of(zeros, twos));
    int swapped = Collections.frequency(children.get(0).variables(), 2);
    assertEquals(GENES / 2.0, swapped, GENES * 0.02);
    for (int i = 0; i < GENES; i++) {
      assertEquals(2, children.get(0).variables().get(i) + children.get(1).variables().get(i));
    }
    assertEquals(0, Collections.frequency(zeros.variables(), 2), "a parent was changed");
    assertEquals(
        zeros.variables(), new NatCrossover(0).execute(List.of(zeros, twos)).get(0).variables());
  }

  @Test
  void ratesAreProbabilities() {
    assertThrows(IllegalArgumentException.class, () -> new NatMutation(1.1, 1));
    assertThrows(IllegalArgumentException.class, () -> new NatMutation(0.1, -1));
    assertThrows(IllegalArgumentException.class, () -> new NatCrossover(Double.NaN));
  }

  private static int[] mutated(MutationOperator<IntegerSolution> mutation) {
    int[] reached = new int[3];
    mutation.execute(solution(1)).variables().forEach(value -> reached[value]++);
    return reached;
  }

  private static IntegerSolution solution(int value) {
    IntegerSolution solution =
        new DefaultIntegerSolution(Collections.nCopies(GENES, Bounds.create(0, 2)), 2, 0);
    Collections.fill(solution.variables(), value);
    return solution;
  }
}
