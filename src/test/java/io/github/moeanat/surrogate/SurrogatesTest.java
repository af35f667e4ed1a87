package io.github.moeanat.surrogate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.junit.jupiter.api.Test;

class SurrogatesTest {

  @Test
  void unknownNamesGetTheKnownOnes() {
    assertEquals(List.of("rbf", "rbf-ensemble"), Surrogates.names());
    assertEquals(RbfSurrogate.class, Surrogates.byName("RBF").getClass());
    SurrogateContract.assertMessage(
        "'kriging', expected one of rbf, rbf-ensemble", () -> Surrogates.byName("kriging"));
  }

  // Reports give tau-b: pairs tied in one order are taken out of that order's total.
  @Test
  void kendallsCorrelationOfTheMathLibraryIsTauB() {
    double[] first = {1, 2, 2, 3, 4};
    double[] second = {1, 3, 2, 2, 2};
    int agree = 0;
    int disagree = 0;
    int tiedFirst = 0;
    int tiedSecond = 0;
    for (int i = 0; i < 5; i++) {
      for (int j = i + 1; j < 5; j++) {
        double sign = (first[i] - first[j]) * (second[i] - second[j]);
        agree += sign > 0 ? 1 : 0;
        disagree += sign < 0 ? 1 : 0;
        tiedFirst += first[i] == first[j] ? 1 : 0;
        tiedSecond += second[i] == second[j] ? 1 : 0;
      }
    }
    assertEquals(
        (agree - disagree) / Math.sqrt((10.0 - tiedFirst) * (10.0 - tiedSecond)),
        new KendallsCorrelation().correlation(first, second),
        1e-15);
  }
}
