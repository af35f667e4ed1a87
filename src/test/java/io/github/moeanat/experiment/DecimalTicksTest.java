package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jfree.chart.axis.TickUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalTicksTest {

  @ParameterizedTest
  @CsvSource({
    "0.03, 0.05, 0.30, 0.1",
    "0.1, 0.1, 0.3, 0.2",
    "0.001, 0.001, 0.300, 0.002",
    "0.2001, 0.5, 0.3, 1",
    "7, 10, 0, 20",
    "150, 200, 0, 500"
  })
  void stepsAreRoundAndLabelsShort(double size, double step, String label, double larger) {
    TickUnit unit = new DecimalTicks().getCeilingTickUnit(size);
    assertEquals(step, unit.getSize(), 1e-12);
    assertEquals(label, unit.valueToString(0.3));
    assertEquals(larger, new DecimalTicks().getLargerTickUnit(unit).getSize(), 1e-12);
  }
}
