package io.github.moeanat.jmetal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmProvider;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.problem.Problem;

/**
 * Registers jMetal's algorithms with the framework, as {@code NSGAIII-JMetal} and so on. Where
 * jMetal is not on the class path, these names say so and no other look-up is disturbed; so nothing
 * here may name a class of jMetal.
 */
public final class JMetalAlgorithms extends AlgorithmProvider {

  // One class of each jar that is needed.
  private static final List<String> NEEDED =
      List.of(
          "org.uma.jmetal.problem.doubleproblem.DoubleProblem",
          "org.uma.jmetal.algorithm.multiobjective.nsgaii.NSGAII");

  /** Creates the provider; the framework does so by itself. */
  public JMetalAlgorithms() {}

  /** The names of the algorithms, whether jMetal is there or not. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Arrays.stream(JMetalMethod.values()).map(JMetalMethod::registeredName).forEach(names::add);
    return names;
  }

  /** Whether jMetal is on the class path. */
  public static boolean isAvailable() {
    try {
      for (String name : NEEDED) {
        Class.forName(name, false, JMetalAlgorithms.class.getClassLoader());
      }
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  @Override
  public Set<String> getDiagnosticToolAlgorithms() {
    return isAvailable() ? names() : Set.of();
  }

  @Override
  public Algorithm getAlgorithm(String name, TypedProperties properties, Problem problem) {
    Optional<JMetalMethod> method = JMetalMethod.named(name);
    if (method.isEmpty()) {
      return null;
    }
    if (!isAvailable()) {
      throw new ProviderException(
          "%s is an algorithm of jMetal, which is not on the class path: add jmetal-core and"
                  .formatted(name)
              + " jmetal-algorithm 6.6 (org.uma.jmetal)");
    }
    try {
      return JMetalAlgorithm.create(method.get(), properties, problem);
    } catch (ProviderException e) {
      throw e;
    } catch (FrameworkException | IllegalArgumentException e) {
      throw new ProviderException(method.get().registeredName() + ": " + e.getMessage(), e);
    }
  }
}
