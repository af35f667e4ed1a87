package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.util.weights.NormalBoundaryDivisions;

class ReferenceDirectionsTest {

  @ParameterizedTest
  @CsvSource({"2, 300, 300", "2, 3, 3", "3, 300, 300", "3, 91, 91", "3, 90, 78", "12, 300, 156"})
  void theLargestSetNotAboveTheSizeIsTaken(int objectives, int size, int directions) {
    assertEquals(
        directions,
        ReferenceDirections.atMost(size, objectives).getNumberOfReferencePoints(objectives));
  }

  @Test
  void noSetIsAboveTheSizeWhereOneWithAnInteriorFits() {
    for (int objectives = 2; objectives <= 20; objectives++) {
      int smallest = objectives == 2 ? 3 : 2 * objectives;
      for (int size = 1; size <= 320; size++) {
        NormalBoundaryDivisions set = ReferenceDirections.atMost(size, objectives);
        int directions = set.getNumberOfReferencePoints(objectives);
        assertTrue(directions <= Math.max(size, smallest), objectives + " objectives, " + set);
        assertTrue(set.isTwoLayer() || set.getOuterDivisions() >= objectives, "no interior");
      }
    }
  }

  @Test
  void aCutKeepsExactlyAsManyAndOnlyWhatWasThere() {
    PRNG.setSeed(1);
    List<Solution> front = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      Solution solution = new Solution(0, 2);
      solution.setObjectiveValues(new double[] {i, 20 - i});
      front.add(solution);
    }
    for (int size : IntStream.rangeClosed(0, 21).toArray()) {
      List<Solution> kept = ReferenceDirections.cut(front, size);
      assertEquals(size, new HashSet<>(kept).size());
      assertTrue(front.containsAll(kept));
    }
  }
}
