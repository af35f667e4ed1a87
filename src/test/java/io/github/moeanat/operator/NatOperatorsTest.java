package io.github.moeanat.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.moeaframework.algorithm.NSGAII;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.core.spi.OperatorFactory;
import org.moeaframework.core.spi.ProviderException;

class NatOperatorsTest {

  private final Solutions.Sums problem = new Solutions.Sums();

  @Test
  void operatorsAreFoundByNameAndConfigured() {
    TypedProperties properties = new TypedProperties();
    properties.setDouble("nat.ux.rate", 0.25);
    properties.setDouble("nat.pm.rate", 0.5);
    properties.setDouble("nat.pm.distributionIndex", 3);
    Variation variation =
        OperatorFactory.getInstance().getVariation("nat.ux+nat.pm", properties, problem);
    properties.throwIfUnaccessedProperties();
    assertEquals("nat.ux+nat.pm", variation.getName());
    assertEquals(2, variation.getArity());
    TypedProperties read = variation.getConfiguration();
    assertEquals(0.25, read.getDouble("nat.ux.rate"));
    assertEquals(0.5, read.getDouble("nat.pm.rate"));
    assertEquals(3, read.getDouble("nat.pm.distributionIndex"));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    TypedProperties properties = new TypedProperties();
    properties.setDouble("nat.pm.rate", 0.1);
    for (String wrong : new String[] {"2", "abc"}) {
      properties.setString("nat.ux.rate", wrong);
      String message =
          assertThrows(
                  ProviderException.class,
                  () -> OperatorFactory.getInstance().getVariation("nat.ux", properties, problem))
              .getMessage();
      assertTrue(message.startsWith("nat.ux.rate is '" + wrong + "': "), message);
    }
  }

  @Test
  void theConfigurationOfAnAlgorithmMakesItsTwin() {
    PRNG.setSeed(4);
    TypedProperties properties = new TypedProperties();
    properties.setString("operator", "nat.ux+nat.pm");
    properties.setDouble("nat.ux.rate", 0.75);
    NSGAII algorithm = new NSGAII(problem);
    algorithm.applyConfiguration(properties);
    TypedProperties configuration = algorithm.getConfiguration();
    NSGAII twin = new NSGAII(problem);
    twin.applyConfiguration(configuration);
    assertEquals(configuration, twin.getConfiguration());
    assertEquals(0.75, twin.getConfiguration().getDouble("nat.ux.rate"));
    assertEquals("nat.ux+nat.pm", twin.getConfiguration().getString("operator"));
    algorithm.run(400);
    for (Solution solution : algorithm.getResult()) {
      assertEquals(54, solution.getObjectiveValue(0) + solution.getObjectiveValue(1));
    }
  }
}
