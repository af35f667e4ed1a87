package io.github.moeanat.operator;

import java.util.List;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.spi.RegisteredOperatorProvider;

/**
 * Makes NAT's operators known to the framework by name. The hints for {@link IntegerVariable} count
 * only where this provider is found before the framework's own, which depends on the class path:
 * whoever wants these operators sets {@code operator=nat.ux+nat.pm}.
 */
public final class NatOperators extends RegisteredOperatorProvider {

  /** The names of NAT's operators. */
  public static List<String> names() {
    return List.of(UniformCrossover.NAME, PolynomialMutation.NAME);
  }

  /** Creates the provider; the framework does so by itself. */
  public NatOperators() {
    setCrossoverHint(IntegerVariable.class, UniformCrossover.NAME);
    setMutationHint(IntegerVariable.class, PolynomialMutation.NAME);
    register(
        UniformCrossover.NAME,
        (properties, problem) -> configured(new UniformCrossover(), properties));
    register(
        PolynomialMutation.NAME,
        (properties, problem) -> configured(new PolynomialMutation(), properties));
  }

  private static Variation configured(Variation operator, TypedProperties properties) {
    try {
      operator.applyConfiguration(properties);
      return operator;
    } catch (RuntimeException e) {
      String root = ExceptionUtils.getRootCause(e).getMessage();
      // The framework's tools print the message of this one only, not those of its causes.
      throw new ProviderException(culprit(operator, properties) + ": " + root, e);
    }
  }

  /** Finds the property that is to blame by trying each alone. */
  private static String culprit(Variation operator, TypedProperties properties) {
    for (String key : operator.getConfiguration().keySet()) {
      if (properties.contains(key)) {
        String value = properties.getString(key);
        try {
          operator.applyConfiguration(TypedProperties.of(key, value));
        } catch (RuntimeException e) {
          return key + " is '" + value + "'";
        }
      }
    }
    return operator.getName();
  }
}
