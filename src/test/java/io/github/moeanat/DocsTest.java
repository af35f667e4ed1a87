package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.pretrain.Recipe;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.testing.AdaptiveGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

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
  void theReadmesJavaIsCompiled() throws IOException {
    String source = Files.readString(Path.of("src/test/java/snippet/ReadmeExample.java"));
    String example =
        source.substring(source.indexOf("// begin\n") + 9, source.indexOf("// end")).strip();
    assertTrue(Files.readString(Path.of("README.md")).contains("```java\n" + example + "\n```"));
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
