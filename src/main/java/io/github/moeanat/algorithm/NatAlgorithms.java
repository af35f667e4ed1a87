package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.PropertyFiles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.configuration.ConfigurationException;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.spi.RegisteredAlgorithmProvider;
import org.moeaframework.problem.Problem;

/**
 * Registers every file of {@code algorithms/} with the framework under its own name. Properties
 * given to the framework win over those of the file, and one that nothing reads is refused.
 */
public final class NatAlgorithms extends RegisteredAlgorithmProvider {

  /** The folder of algorithm files. */
  public static final PropertyFiles FILES = new PropertyFiles("algorithms");

  private static final String BASE = "algorithm";
  private static final String DESCRIPTION = "description";
  // The framework's tools hand these to every algorithm, whether it knows them or not.
  private static final Set<String> ANYBODYS = Set.of("maxEvaluations", "epsilon");

  /** Registers the files there are. */
  public NatAlgorithms() {
    for (String name : FILES.names()) {
      register((properties, problem) -> create(name, properties, problem), name);
      registerDiagnosticToolAlgorithm(name);
    }
  }

  /** Returns the one line about an algorithm that its file holds. */
  public static String description(String name) {
    return FILES.load(name, Map.of()).text(DESCRIPTION, "");
  }

  private static Algorithm create(String name, TypedProperties given, Problem problem) {
    PropertyFile file = FILES.load(name, Map.of());
    file.choice(BASE, List.of("NAT"));
    TypedProperties properties = new TypedProperties();
    file.values().forEach(properties::setString);
    properties.remove(BASE);
    properties.remove(DESCRIPTION);
    properties.addAll(given);
    try {
      NAT nat = new NAT(problem);
      nat.applyConfiguration(properties);
      refuseUnread(properties, nat);
      return nat;
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new ProviderException(message(file, given, properties, problem, e), e);
    }
  }

  private static void refuseUnread(TypedProperties properties, NAT nat) {
    Set<String> unread = new TreeSet<>(properties.getUnaccessedProperties());
    unread.removeAll(ANYBODYS);
    if (!unread.isEmpty()) {
      String key = unread.iterator().next();
      throw new IllegalArgumentException(
          "unknown property '"
              + key
              + "' of "
              + nat.getName()
              + Suggestions.forName(key, nat.getConfiguration().keySet()));
    }
  }

  private static String message(
      PropertyFile file,
      TypedProperties given,
      TypedProperties properties,
      Problem problem,
      RuntimeException error) {
    for (String key : properties.keySet()) {
      String value = properties.getString(key);
      NAT alone = new NAT(problem);
      String usual = alone.getConfiguration().getString(key, "");
      try {
        alone.applyConfiguration(TypedProperties.of(key, value));
      } catch (RuntimeException culprit) {
        return "%s: %s is '%s'%s: %s"
            .formatted(
                given.contains(key) ? "-X" : file.source(),
                key,
                value,
                usual.isEmpty() ? "" : ", expected a value such as " + usual,
                root(culprit).getMessage());
      }
    }
    return root(error).getMessage();
  }

  private static Throwable root(Throwable error) {
    return error.getCause() == null ? error : root(error.getCause());
  }
}
