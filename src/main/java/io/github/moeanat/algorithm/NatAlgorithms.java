package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.operator.NatOperators;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.PropertyFiles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.OperatorFactory;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.spi.RegisteredAlgorithmProvider;
import org.moeaframework.problem.Problem;

/**
 * Registers every file of {@code algorithms/}, recipes of pretraining excepted, with the framework
 * under its own name. Properties given to the framework win over those of the file, and one that
 * nothing reads is refused.
 */
public final class NatAlgorithms extends RegisteredAlgorithmProvider {

  /** The folder of algorithm files. */
  public static final PropertyFiles FILES = new PropertyFiles("algorithms");

  /** What the key {@code algorithm} of a recipe says. */
  public static final String RECIPE = "pretraining";

  private static final String BASE = "algorithm";
  private static final String DESCRIPTION = "description";
  private static final String OPERATOR = "operator";
  // The framework's tools hand these to every algorithm, whether it knows them or not.
  private static final Set<String> ANYBODYS = Set.of("maxEvaluations", "epsilon");

  /** Registers the files there are. */
  public NatAlgorithms() {
    for (String name : names()) {
      register((properties, problem) -> create(name, properties, problem), name);
      registerDiagnosticToolAlgorithm(name);
    }
  }

  /** Returns the names of the files that are algorithms of the framework, in order. */
  public static Set<String> names() {
    return names(kind -> !kind.equals(RECIPE));
  }

  /** Returns the names of the files that say how a supernet is pretrained, in order. */
  public static Set<String> recipes() {
    return names(RECIPE::equals);
  }

  private static Set<String> names(Predicate<String> kind) {
    return FILES.names().stream()
        .filter(name -> kind.test(kind(name)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // A wrong file counts as an algorithm, which says what is wrong once it is asked for.
  private static String kind(String name) {
    try {
      return FILES.load(name, Map.of()).text(BASE, "");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Returns the one line about an algorithm or a recipe that its file holds. */
  public static String description(String name) {
    return FILES.load(name, Map.of()).text(DESCRIPTION, "");
  }

  private static Algorithm create(String name, TypedProperties given, Problem problem) {
    Map<String, String> overrides = new TreeMap<>();
    given.keySet().forEach(key -> overrides.put(key, given.getString(key)));
    try {
      return create(FILES.load(name, overrides), problem);
    } catch (IllegalArgumentException e) {
      throw new ProviderException(e.getMessage(), e);
    }
  }

  /**
   * Creates the algorithm of a file.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is not what is expected; the
   *     message names the file, key and value
   */
  public static NAT create(PropertyFile file, Problem problem) {
    file.choice(BASE, List.of("NAT"));
    NAT nat = new NAT(problem);
    requireForms(file, nat);
    TypedProperties properties = properties(file);
    try {
      nat.applyConfiguration(properties);
    } catch (FrameworkException | IllegalArgumentException e) {
      throw new IllegalArgumentException(message(file, problem, e), e);
    }
    refuseUnread(file, properties, nat);
    return nat;
  }

  private static TypedProperties properties(PropertyFile file) {
    TypedProperties properties = new TypedProperties();
    file.values().forEach(properties::setString);
    properties.remove(BASE);
    properties.remove(DESCRIPTION);
    return properties;
  }

  // The framework cuts fractions off, and takes every text but "true" for false.
  private static void requireForms(PropertyFile file, NAT nat) {
    TypedProperties usual = nat.getConfiguration();
    file.values()
        .forEach(
            (key, value) -> {
              String like = usual.getString(key, "");
              if (like.matches("-?\\d+") && !value.matches("-?\\d{1,10}")) {
                throw file.refusal(key, "a whole number such as " + like);
              }
              if (like.matches("true|false") && !value.matches("true|false")) {
                throw file.refusal(key, "true or false");
              }
            });
  }

  private static void refuseUnread(PropertyFile file, TypedProperties properties, NAT nat) {
    Set<String> unread = new TreeSet<>(properties.getUnaccessedProperties());
    unread.removeAll(ANYBODYS);
    if (!unread.isEmpty()) {
      String key = unread.iterator().next();
      throw new IllegalArgumentException(
          "%s: unknown property '%s' of %s%s"
              .formatted(
                  file.place(key),
                  key,
                  nat.getName(),
                  Suggestions.forName(key, nat.getConfiguration().keySet())));
    }
  }

  /** Finds the property that is to blame by trying each alone. */
  private static String message(PropertyFile file, Problem problem, RuntimeException error) {
    TypedProperties properties = properties(file);
    for (String key : properties.keySet()) {
      String value = properties.getString(key);
      NAT alone = new NAT(problem);
      String usual = alone.getConfiguration().getString(key, "");
      try {
        alone.applyConfiguration(TypedProperties.of(key, value));
      } catch (RuntimeException culprit) {
        return "%s: %s is '%s'%s: %s"
            .formatted(
                file.place(key),
                key,
                value,
                usual.isEmpty() ? "" : ", expected a value such as " + usual,
                key.equals(OPERATOR)
                    ? operators(value, problem)
                    : ExceptionUtils.getRootCause(culprit).getMessage());
      }
    }
    return file.source() + ": " + ExceptionUtils.getRootCause(error).getMessage();
  }

  /** Says which of the operators joined by + does not exist. */
  private static String operators(String joined, Problem problem) {
    for (String name : joined.split("\\+", -1)) {
      try {
        OperatorFactory.getInstance().getVariation(name, new TypedProperties(), problem);
      } catch (RuntimeException e) {
        return "no operator '" + name + "'" + Suggestions.forName(name, NatOperators.names());
      }
    }
    return "these operators don't go together in this order";
  }
}
