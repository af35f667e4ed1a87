package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.pretrain.Recipe;
import io.github.moeanat.jmetal.JMetalAlgorithms;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.ProviderException;

/** What the documents say of keys and code is what the program does. */
class DocsTest {

  private static final Pattern ROW_OF_KEYS =
      Pattern.compile("^\\| ((?:`[^`]+`(?:, )?)+) \\|", Pattern.MULTILINE);
  private static final Pattern KEY = Pattern.compile("`([^`]+)`");

  @Test
  void everyKeyOfAProblemFileIsDescribed() throws IOException {
    PropertyFile file = ProblemDefinition.FILES.load("digits", Map.of());
    ProblemDefinition.read("digits", file);
    assertEquals(new TreeSet<>(file.keysRead()), keys(Path.of("docs/problems.md")));
  }

  @Test
  void everyKeyOfATableIsDescribed() throws IOException {
    Set<String> known = new TreeSet<>();
    for (String name : new String[] {"macro-table", "ofa-table"}) {
      PropertyFile file = ProblemDefinition.FILES.load(name, Map.of());
      TableDefinition.read(name, file);
      file.keysRead().forEach(key -> known.add(key.replaceAll("\\.(error|madds|flops)$", ".NAME")));
    }
    known.add("values.NAME");
    Set<String> described = keys(Path.of("docs/tables.md"));
    described.removeIf(key -> key.startsWith("nat ") || key.startsWith("-"));
    assertEquals(known, described);
  }

  @Test
  void everyKeyOfAnAlgorithmFileIsDescribedWithItsDefault() throws IOException {
    NAT nat = new NAT(new AdaptiveGrid(3, 3));
    Set<String> described = keys(Path.of("docs/algorithms.md"));
    described.removeAll(NatAlgorithms.names());
    Set<String> known = new TreeSet<>(nat.getConfiguration().keySet());
    known.remove("problem");
    known.add("description");
    known.add("seed");
    assertEquals(known, described);
    String text = Files.readString(Path.of("docs/algorithms.md"));
    for (String key : new String[] {"archiveSize", "populationSize", "surrogate.members"}) {
      String row = "| `" + key + "` | " + nat.getConfiguration().getString(key) + " |";
      assertTrue(text.contains(row), row);
    }
  }

  @Test
  void everyKeyOfARecipeIsDescribed() throws IOException {
    PropertyFile file = NatAlgorithms.FILES.load("one-stage", Map.of());
    Recipe.read(file);
    Set<String> known = new TreeSet<>();
    file.keysRead().forEach(key -> known.add(key.replace("phase.all.", "")));
    Set<String> described = keys(Path.of("docs/pretraining.md"));
    described.removeAll(NatAlgorithms.recipes());
    described.removeIf(
        name ->
            name.startsWith("-")
                || name.matches(".*\\.(csv|png|safetensors|properties)|checkpoint"));
    assertEquals(known, described);
  }

  @Test
  void defaultsOfARecipeAreThoseDescribed() throws IOException {
    PropertyFile bare =
        new PropertyFile("bare", Map.of("phases", "all", "phase.all.epochs", "1"), Map.of());
    Recipe.read(bare);
    String text = Files.readString(Path.of("docs/pretraining.md"));
    Map<String, String> defaults = new TreeMap<>(bare.resolved());
    // What was given, what is described in one row for several, and what every file says.
    defaults.keySet().removeAll(Set.of("phases", "phase.all.epochs", "description", "algorithm"));
    defaults.keySet().removeIf(key -> key.matches(".*(resolutions|Sizes|depths|Ratios)"));
    assertTrue(defaults.size() > 12, defaults.toString());
    defaults.forEach((key, value) -> assertDefault(text, key.replace("phase.all.", ""), value));
  }

  private static void assertDefault(String text, String key, String value) {
    Matcher row = Pattern.compile("\\| `" + key + "` \\| `?([^|`]+)`? \\|").matcher(text);
    assertTrue(row.find(), key);
    String described = row.group(1);
    if (value.matches("[0-9].*")) {
      assertEquals(Double.parseDouble(value), Double.parseDouble(described), key);
    } else {
      assertEquals(value, described, key);
    }
  }

  @Test
  void randomCandidatesAreComparedUnderEqualSettings() {
    Map<String, String> quick =
        new TreeMap<>(NatAlgorithms.FILES.load("NAT-quick", Map.of()).values());
    Map<String, String> random =
        new TreeMap<>(NatAlgorithms.FILES.load("NAT-random", Map.of()).values());
    assertEquals("random", random.remove("search"));
    for (String own : new String[] {"description", "generations"}) {
      quick.remove(own);
      random.remove(own);
    }
    assertEquals(quick, random);
  }

  @Test
  void theDocumentsJavaIsCompiled() throws IOException {
    assertShown("ReadmeExample", "README.md");
    assertShown("JMetalStudy", "docs/jmetal.md");
    assertShown("FrameworkStudy", "docs/framework.md");
  }

  private static void assertShown(String snippet, String document) throws IOException {
    String source = Files.readString(Path.of("src/test/java/snippet", snippet + ".java"));
    String example =
        source.substring(source.indexOf("// begin\n") + 9, source.indexOf("// end")).strip();
    assertTrue(Files.readString(Path.of(document)).contains("```java\n" + example + "\n```"));
  }

  @Test
  void everyAlgorithmOfJMetalIsDescribedWithItsProperties() throws IOException {
    String text = Files.readString(Path.of("docs/jmetal.md"));
    Matcher rows = Pattern.compile("(?m)^\\| `([^`]+)` \\| (yes|no) \\| (.*) \\|$").matcher(text);
    Set<String> described = new TreeSet<>();
    while (rows.find()) {
      String name = rows.group(1);
      described.add(name);
      Set<String> properties = new TreeSet<>();
      Matcher key = KEY.matcher(rows.group(3));
      while (key.find()) {
        properties.add(key.group(1));
      }
      for (String operator : new String[] {"SBX", "PM", "DE"}) {
        if (rows.group(3).matches(".*\\b" + operator + "\\b.*")) {
          properties.addAll(operatorProperties(operator));
        }
      }
      properties.addAll(List.of("epsilon", "maxEvaluations"));
      String refusal =
          assertThrows(ProviderException.class, () -> create(name, Grid.free(2), "nosuch"))
              .getMessage();
      assertTrue(
          refusal.endsWith("expected some of " + String.join(", ", properties)),
          refusal + " described " + properties);
      if (rows.group(2).equals("yes")) {
        create(name, Grid.constrained(2));
      } else {
        assertThrows(ProviderException.class, () -> create(name, Grid.constrained(2)));
      }
    }
    assertEquals(new TreeSet<>(JMetalAlgorithms.names()), described);
  }

  private static List<String> operatorProperties(String operator) {
    return switch (operator) {
      case "SBX" -> List.of("sbx.rate", "sbx.distributionIndex");
      case "PM" -> List.of("pm.rate", "pm.distributionIndex");
      default -> List.of("de.crossoverRate", "de.stepSize");
    };
  }

  private static void create(String name, Grid grid, String... keys) {
    TypedProperties properties = new TypedProperties();
    for (String key : keys) {
      properties.setString(key, "1");
    }
    new JMetalAlgorithms().getAlgorithm(name, properties, grid);
  }

  private static Set<String> keys(Path document) throws IOException {
    Set<String> keys = new TreeSet<>();
    Matcher rows = ROW_OF_KEYS.matcher(Files.readString(document));
    while (rows.find()) {
      Matcher key = KEY.matcher(rows.group(1));
      while (key.find()) {
        keys.add(key.group(1));
      }
    }
    return keys;
  }
}
