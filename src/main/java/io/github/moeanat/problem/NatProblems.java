package io.github.moeanat.problem;

import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TabularProblem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.moeaframework.core.Epsilons;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.core.spi.RegisteredProblemProvider;
import org.moeaframework.problem.Problem;

/**
 * Registers every file of {@code problems/} with the framework, under the name that the file gives
 * itself. A wrong file keeps only its own problem from being made.
 */
public final class NatProblems extends RegisteredProblemProvider {

  private static final Logger LOGGER = System.getLogger(NatProblems.class.getName());

  /** Registers the files there are. */
  public NatProblems() {
    for (Map.Entry<String, String> entry : fileNames().entrySet()) {
      String name = entry.getKey();
      String file = entry.getValue();
      register(name, () -> named(file), referenceSet(name));
      if (referenceSet(name) != null) {
        // The diagnostic tool can't show a problem without one.
        registerDiagnosticToolProblem(name);
      }
    }
  }

  private static Problem named(String file) {
    return told(
        () ->
            switch (ProblemKind.of(ProblemDefinition.FILES.load(file, Map.of()))) {
              case SUPERNET -> NatProblem.named(file);
              case TABLE -> TabularProblem.named(file);
            });
  }

  private static <T> T told(Supplier<T> file) {
    try {
      return file.get();
    } catch (IllegalArgumentException e) {
      // The framework's tools print the message of this one only, not those of its causes.
      throw new ProviderException(e.getMessage(), e);
    }
  }

  // The framework warns of a reference set that is named and not there.
  private static String referenceSet(String name) {
    String path = "pf/" + name + ".pf";
    boolean there =
        Files.exists(Path.of(path)) || NatProblems.class.getResource("/" + path) != null;
    return there ? path : null;
  }

  @Override
  public Epsilons getEpsilons(String name) {
    String file = fileNames().get(name);
    return file == null
        ? null
        : new Epsilons(
            told(() -> epsilons(file)).stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static List<Double> epsilons(String name) {
    PropertyFile file = ProblemDefinition.FILES.load(name, Map.of());
    return switch (ProblemKind.of(file)) {
      case SUPERNET -> ProblemDefinition.read(name, file).epsilons();
      case TABLE -> TableDefinition.read(name, file).epsilons();
    };
  }

  /** Returns the file of each registered name; names ignore case, as the framework's do. */
  public static Map<String, String> fileNames() {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String file : ProblemDefinition.FILES.names()) {
      String name = ProblemDefinition.defaultName(file);
      try {
        name = ProblemDefinition.FILES.lastText(file, "name").orElse(name);
      } catch (IllegalArgumentException e) {
        // Whoever asks for this problem is told; the others are not kept from being found.
        LOGGER.log(Level.DEBUG, e.getMessage());
      }
      String earlier = names.putIfAbsent(name, file);
      if (earlier != null) {
        LOGGER.log(
            Level.WARNING,
            "problems/{0}.properties is left out: problems/{1}.properties has the name {2} too",
            file,
            earlier,
            name);
      }
    }
    return names;
  }
}
