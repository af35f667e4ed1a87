package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.jmetal.JMetalAlgorithms;
import io.github.moeanat.problem.NatProblems;
import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Jvm;
import io.github.moeanat.testing.Rows;
import io.github.moeanat.testing.Xvfb;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.core.Epsilons;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.indicator.DefaultNormalizer;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.Problem;

/** The framework's diagnostic tool with the project's problems and algorithms. */
class DiagnosticToolTest {

  private static final int SEEDS = 5;

  @TempDir private Path folder;

  @Test
  void algorithmsAreComparedInItsWindow() throws IOException, InterruptedException {
    // A file of one's own is listed like those of the project.
    Path own = Files.createDirectory(folder.resolve("algorithms")).resolve("NAT-own.properties");
    Files.writeString(
        own,
        """
        algorithm = NAT
        surrogate = rbf
        initialArchiveSize = 60
        archiveSize = 400
        search = random
        populationSize = 100
        """);
    List<String> names = List.of("NAT-own", "NSGAII", "NSGAIII-JMetal");
    String output =
        compare(names, List.of("NATBench4", "NATBench1"), "Hypervolume,Population Size", 5);
    Set<String> algorithms = listed(output, "algorithms: ");
    Set<String> expected = new HashSet<>(NatAlgorithms.names());
    expected.addAll(JMetalAlgorithms.names());
    expected.addAll(List.of("NAT-own", "NSGA-II", "Random"));
    assertTrue(algorithms.containsAll(expected), output);
    assertTrue(
        listed(output, "problems: ").containsAll(Set.of("NAT-digits", "NATBench1", "NATBench9")),
        output);
  }

  /** The comparison whose picture the README shows. */
  @Tag("slow")
  @Test
  void natIsComparedWithNsgaII() throws IOException, InterruptedException {
    compare(
        List.of("NAT-quick", "NSGAII"),
        List.of("NATBench1", "NATBench2"),
        "Hypervolume,InvertedGenerationalDistance",
        30);
  }

  private String compare(
      List<String> algorithms, List<String> problems, String metrics, long minutes)
      throws IOException, InterruptedException {
    Path picture =
        Files.createDirectories(Path.of("target/diagnostics")).resolve(algorithms.get(0) + ".png");
    Files.deleteIfExists(picture);
    String output;
    try (Xvfb xvfb = Xvfb.start()) {
      output =
          run(
              minutes,
              xvfb.display(),
              "standalone.CompareInDiagnosticTool",
              String.join(",", algorithms),
              String.join(",", problems),
              String.valueOf(SEEDS),
              "500",
              metrics,
              picture.toAbsolutePath().toString());
    }
    for (String algorithm : algorithms) {
      for (String problem : problems) {
        String result = "result: %s %s %d\n".formatted(algorithm, problem, SEEDS);
        assertTrue(output.contains(result), output);
      }
    }
    assertTrue(output.contains(" Hypervolume "), output);
    assertTrue(output.contains("Statistically Similar"), output);
    assertFalse(output.contains("Exception"), output);
    assertCurvesAreDrawn(ImageIO.read(picture.toFile()));
    return output;
  }

  /** Curves are all that has strong colours in the window. */
  private static void assertCurvesAreDrawn(BufferedImage image) {
    assertEquals(1280, image.getWidth());
    int coloured = 0;
    for (int x = image.getWidth() / 2; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        int[] rgb = image.getRaster().getPixel(x, y, (int[]) null);
        coloured += Math.abs(rgb[0] - rgb[1]) + Math.abs(rgb[1] - rgb[2]) > 200 ? 1 : 0;
      }
    }
    assertTrue(coloured > 500, coloured + " pixels of curves");
  }

  @Test
  void withoutADisplayThereIsOneLine() throws IOException, InterruptedException {
    for (String display : new String[] {"", ":97531"}) {
      Path output = folder.resolve("output.txt");
      Process process = start(display, output, "io.github.moeanat.cli.Nat", "diagnostics");
      assertEquals(2, Jvm.await(process));
      List<String> lines = Files.readAllLines(output);
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).startsWith("error: diagnostics needs a display"), lines.get(0));
    }
  }

  @Test
  void whatIsListedCanBeShown() {
    ProblemFactory factory = ProblemFactory.getInstance();
    Set<String> listed = new NatProblems().getDiagnosticToolProblems();
    assertTrue(listed.contains("NAT-digits"));
    for (String name : listed) {
      try (Problem problem = factory.getProblem(name)) {
        NondominatedPopulation reference = factory.getReferenceSet(name);
        assertNotNull(reference, name);
        // Refuses a set without a range in some objective.
        assertNotNull(DefaultNormalizer.getInstance().getNormalizer(problem, reference), name);
        Epsilons epsilons = factory.getEpsilons(name);
        assertEquals(problem.getNumberOfObjectives(), epsilons.toArray().length, name);
        for (Solution solution : reference) {
          assertEquals(problem.getNumberOfObjectives(), solution.getNumberOfObjectives());
          assertTrue(solution.isFeasible(), name);
        }
      }
    }
  }

  @Test
  void aRunOnASharedProblemIsOneOnAFreshProblem() {
    List<Supplied> cases =
        List.of(
            new Supplied("NATBench1", "NAT-quick", 64),
            new Supplied("NAT-tiny", "tiny", 30),
            new Supplied("AdaptiveGrid", "NAT-quick", 64));
    for (Supplied each : cases) {
      List<List<String>> shared = new ArrayList<>();
      try (Problem problem = each.problem()) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          shared.add(each.run(problem, seed, true));
        }
      }
      assertEquals(SEEDS, new HashSet<>(shared).size(), each + " has a run for each seed");
      for (int seed = SEEDS; seed >= 1; seed--) {
        try (Problem fresh = each.problem()) {
          assertEquals(shared.get(seed - 1), each.run(fresh, seed, false), each + " seed " + seed);
        }
      }
    }
  }

  /** What is run on what, and how long. */
  private record Supplied(String name, String algorithm, int evaluations) {

    Problem problem() {
      return name.equals("AdaptiveGrid")
          ? new AdaptiveGrid(6, 8)
          : ProblemFactory.getInstance().getProblem(name);
    }

    /** Runs as the diagnostic tool does, with collectors, or as plainly as can be. */
    List<String> run(Problem problem, long seed, boolean instrumented) {
      PRNG.setSeed(seed);
      TypedProperties properties = new TypedProperties();
      properties.setInt("maxEvaluations", evaluations);
      properties.setString("surrogate", "rbf");
      Algorithm run = AlgorithmFactory.getInstance().getAlgorithm(algorithm, properties, problem);
      if (instrumented) {
        // The set that a tool has is another one; what is collected must not matter.
        NondominatedPopulation reference = new NondominatedPopulation();
        for (double[] point : new double[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
          Solution solution = new Solution(0, problem.getNumberOfObjectives());
          for (int i = 0; i < problem.getNumberOfObjectives(); i++) {
            solution.setObjectiveValue(i, point[i]);
          }
          reference.add(solution);
        }
        new Instrumenter()
            .withFrequency(Frequency.ofEvaluations(10))
            .withReferenceSet(reference)
            .attachAll()
            .instrument(run)
            .run(evaluations);
      } else {
        run.run(evaluations);
      }
      return Rows.of(run.getResult());
    }
  }

  private static Set<String> listed(String output, String title) {
    return output
        .lines()
        .filter(line -> line.startsWith(title))
        .findFirst()
        .map(line -> Set.of(line.substring(title.length()).split(",")))
        .orElseThrow();
  }

  private String run(long minutes, String display, String main, String... arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    int code = Jvm.await(start(display, output, main, arguments), minutes);
    String text = Files.readString(output);
    assertEquals(0, code, text);
    return text;
  }

  private Process start(String display, Path output, String main, String... arguments)
      throws IOException {
    List<String> options = List.of("-Djava.awt.headless=false", "-Duser.language=en");
    ProcessBuilder builder =
        new ProcessBuilder(Jvm.command(Jvm.classPathWithout(), options, main, arguments))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("DISPLAY", display);
    return builder.start();
  }
}
