package io.github.moeanat.jmetal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes without jMetal, or without one half of it, on their class path. */
class WithoutJMetalTest {

  private static final String[] JARS = {
    "jmetal-core-", "jmetal-algorithm-", "jmetal-component-", "jmetal-lab-"
  };

  @TempDir private Path folder;

  @Test
  void onlyItsOwnNamesAreMissing() throws IOException, InterruptedException {
    String output =
        look(
            Jvm.classPathWithout(JARS),
            "NSGAIII-JMetal",
            "mocell",
            "NSGAIII",
            "NoSuchAlgorithm",
            "MOEAD");
    assertTrue(output.contains("NSGAIII-JMetal refused: NSGAIII-JMetal is an algorithm of jMetal"));
    assertTrue(output.contains("jmetal-algorithm 6.6 (org.uma.jmetal)"), output);
    assertTrue(output.contains("mocell refused: mocell is an algorithm of jMetal"), output);
    assertTrue(output.contains("NSGAIII ran") && output.contains("MOEAD ran"), output);
    assertTrue(output.contains("No provider for NoSuchAlgorithm"), output);
    assertTrue(output.contains("listed NSGA-II true"), output);
    assertTrue(output.contains("listed NAT true"), output);
    assertTrue(output.contains("listed NSGAIII-JMetal false"), output);
  }

  @Test
  void halfOfItIsNone() throws IOException, InterruptedException {
    String output = look(Jvm.classPathWithout("jmetal-core-"), "NSGAIII-JMetal", "NSGAIII");
    assertTrue(output.contains("NSGAIII-JMetal is an algorithm of jMetal"), output);
    assertTrue(output.contains("NSGAIII ran"), output);
  }

  @Test
  void ofAllThatJMetalBringsAlongNothingIsNeeded() throws IOException, InterruptedException {
    String[] names = JMetalAlgorithms.names().toArray(new String[0]);
    String output = look(Jvm.classPathWithout("jmetal-component-", "jmetal-lab-"), names);
    for (String name : names) {
      assertTrue(output.contains(name + " ran"), output);
    }
    // Nothing is logged by jMetal either.
    assertEquals(names.length + 3, output.lines().count(), output);
  }

  @Test
  void natSearchesAsEver() throws IOException, InterruptedException {
    assertTrue(run(Jvm.classPathWithout(JARS), "standalone.SearchTable").contains("measured 40"));
  }

  private String look(String classPath, String... names) throws IOException, InterruptedException {
    return run(classPath, "standalone.LookUpAlgorithms", names);
  }

  private String run(String classPath, String main, String... arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process = Jvm.start(classPath, output, List.of(), main, arguments);
    int code = Jvm.await(process);
    String text = Files.readString(output);
    assertEquals(0, code, text);
    return text;
  }
}
