package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Jvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The framework's own command line with the project's jar on the class path. */
class FrameworkToolsTest {

  private static final String TOOLS = "org.moeaframework.analysis.tools.Main";
  private static final String[] DEEP_LEARNING = {"ai/djl", "pytorch", "djl"};

  @TempDir private Path folder;

  @Test
  void solveAndCalculateIndicatorRun() throws IOException, InterruptedException {
    Path stock = folder.resolve("nsgaii.dat");
    run(
        "solve",
        "-b",
        "NAT-tiny",
        "-a",
        "NSGAII",
        "-n",
        "40",
        "-F",
        "20",
        "-s",
        "1",
        "-f",
        stock.toString(),
        "-X",
        "populationSize=20;operator=nat.ux+nat.pm");
    Path nat = folder.resolve("nat.dat");
    run(
        "solve",
        "-b",
        "NAT-tiny",
        "-a",
        "tiny",
        "-n",
        "70",
        "-F",
        "1",
        "-s",
        "2",
        "-f",
        nat.toString());
    String volume =
        run(
            "calc",
            "-b",
            "NAT-tiny",
            "-i",
            "hypervolume",
            "--reference",
            nat.toString(),
            stock.toString(),
            nat.toString());
    // NSGA-II sees the start weights only, so it may stay outside the box that adapted ones span.
    double[] values =
        volume
            .lines()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertEquals(2, values.length, volume);
    assertTrue(values[1] > 0 && values[1] <= 1 && values[0] <= values[1], volume);
    String read =
        run(
            Jvm.classPathWithout("target/classes", "djl"),
            "standalone.ReadResultFile",
            List.of(nat.toString()));
    assertTrue(read.contains("solutions "), read);
    double gene = Double.parseDouble(read.replaceAll("(?s).*gene ", "").trim());
    assertTrue(gene >= 0.5 && gene <= 9.5);
    assertEquals(Math.rint(gene), gene);
  }

  @Test
  @Tag("slow")
  void theDigitsAreSolvedAndJudgedByTheirShippedReferenceSet()
      throws IOException, InterruptedException {
    Path results = folder.resolve("digits.dat");
    run(
        "solve",
        "-b",
        "NAT-digits",
        "-a",
        "NSGAII",
        "-n",
        "40",
        "-F",
        "20",
        "-s",
        "1",
        "-f",
        results.toString(),
        "-X",
        "populationSize=20;operator=nat.ux+nat.pm");
    String volume = run("calc", "-b", "NAT-digits", "-i", "hypervolume", results.toString());
    double value = Double.parseDouble(volume.trim().replaceAll("(?s).* ", ""));
    // The set's points were measured with adapted weights, which this algorithm does not have.
    assertTrue(value > 0 && value < 1, volume);
  }

  @Test
  void theFrameworksCommandLineIsStartedAsItIs() throws IOException, InterruptedException {
    String nat = "io.github.moeanat.cli.Nat";
    Path results = folder.resolve("moea.dat");
    String solve = "moea solve -b Small-complete -a NSGAII -n 100 -s 1 -f " + results;
    run(Jvm.classPathWithout(), nat, List.of(solve.split(" ")));
    assertTrue(Files.size(results) > 0);
    String help = run(Jvm.classPathWithout(), nat, List.of("moea", "--help"));
    assertTrue(help.contains("SobolAnalysis"), help);
    Path refused = folder.resolve("refused.txt");
    Process process =
        Jvm.start(Jvm.classPathWithout(), refused, List.of(), nat, "moea", "solve", "-b", "nosuch");
    // As the framework itself ends, not as our commands do.
    assertEquals(1, Jvm.await(process));
    assertTrue(Files.readString(refused).startsWith("ERROR: "), Files.readString(refused));
  }

  @Test
  void whatIsWrongWithAProblemFileIsSaidByTheFrameworksTools()
      throws IOException, InterruptedException {
    Path file = Files.createDirectory(folder.resolve("problems")).resolve("wrong.properties");
    for (String[] wrong :
        new String[][] {
          {"rows = some", "rows is 'some', expected one of all, sample"},
          {"rows = all\nrows = sample", "key 'rows' is there twice, as 'all' and as 'sample'"},
        }) {
      Files.writeString(file, "kind = table\nname = Wrong\n" + wrong[0]);
      Path output = folder.resolve("wrong.txt");
      String solve = "solve -b Wrong -a NSGAII -n 100 -f " + folder.resolve("wrong.dat");
      Process process =
          new ProcessBuilder(
                  Jvm.command(Jvm.classPathWithout(), List.of(), TOOLS, solve.split(" ")))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertEquals(1, Jvm.await(process));
      String said = Files.readString(output);
      assertTrue(said.contains("problems/wrong.properties") && said.contains(wrong[1]), said);
    }
  }

  @Test
  void theToolsStudyAnAlgorithmsParametersToo() throws IOException, InterruptedException {
    Path parameters = folder.resolve("parameters.txt");
    Files.writeString(parameters, "initialArchiveSize int 10 30\nnewMembers int 2 8\n");
    String own = "-p " + parameters;
    Path samples = folder.resolve("samples.txt");
    Path results = folder.resolve("study.dat");
    Path metrics = folder.resolve("metrics.txt");
    for (String command :
        new String[] {
          "SampleGenerator %s -m saltelli -n 2 -o %s".formatted(own, samples),
          ("EndOfRunEvaluator %s -i %s -o %s -b Small-complete -a NAT -s 1"
                  + " -X maxEvaluations=40;surrogate=rbf;generations=5")
              .formatted(own, samples, results),
          "MetricsEvaluator -i %s -o %s -b Small-complete".formatted(results, metrics)
        }) {
      run(command.split(" "));
    }
    assertEquals(
        Files.readAllLines(samples).stream().filter(line -> !line.startsWith("#")).count(),
        Files.readAllLines(metrics).stream().filter(line -> !line.startsWith("#")).count());
    String effects =
        run(("SobolAnalysis " + own + " -i " + metrics + " -m Hypervolume").split(" "));
    assertTrue(effects.contains("newMembers"), effects);
  }

  @Test
  void theStudyOfTheDocumentsRuns() throws IOException, InterruptedException {
    String output =
        run(Jvm.classPathWithout(), "snippet.FrameworkStudy", List.of("Small-complete", "4", "60"));
    assertTrue(output.contains("error Kendall"), output);
    assertTrue(output.contains("Supernet Version"), output);
    assertTrue(output.contains("Statistically Similar"), output);
  }

  @Test
  void problemsAndAlgorithmsAreFoundInTheJar() throws IOException, InterruptedException {
    Path jar = folder.resolve("moea-nat.jar");
    Path classes = Path.of("target/classes");
    try (JarOutputStream packed = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.skip(1).toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        // Folders are entries too, as Maven packs them.
        packed.putNextEntry(new JarEntry(Files.isDirectory(file) ? name + "/" : name));
        if (Files.isRegularFile(file)) {
          Files.copy(file, packed);
        }
        packed.closeEntry();
      }
    }
    String classPath = Jvm.classPathWithout("target/classes", "target/test-classes");
    for (String[] expected :
        new String[][] {{"problems", "NAT-digits"}, {"algorithms", "NAT-quick"}}) {
      // Started elsewhere, so that no folder of the project is found beside the jar.
      Path output = folder.resolve("listed.txt");
      Process process =
          new ProcessBuilder(
                  Jvm.command(
                      jar.toAbsolutePath() + File.pathSeparator + classPath,
                      List.of(),
                      "io.github.moeanat.cli.Nat",
                      "list",
                      expected[0]))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertEquals(0, Jvm.await(process), Files.readString(output));
      assertTrue(Files.readString(output).contains(expected[1]), Files.readString(output));
    }
  }

  @Test
  void unknownPropertiesOfNatAreRefusedByTheFrameworksToolsToo()
      throws IOException, InterruptedException {
    Process process =
        Jvm.start(
            Jvm.classPathWithout(),
            folder.resolve("refused.txt"),
            List.of(),
            TOOLS,
            "solve",
            "-b",
            "NAT-tiny",
            "-a",
            "tiny",
            "-n",
            "20",
            "-f",
            folder.resolve("x.dat").toString(),
            "-X",
            "archivSize=3");
    assertTrue(Jvm.await(process) != 0);
    String output = Files.readString(folder.resolve("refused.txt"));
    assertTrue(output.contains("did you mean archiveSize"), output);
  }

  @Test
  void tablesNeedNothingBesideTheFramework() throws IOException, InterruptedException {
    String classPath =
        Jvm.classPathWithout(
            "djl",
            "pytorch",
            "tribuo",
            "protobuf",
            "onnx",
            "gson",
            "commons-csv",
            "snakeyaml",
            "pickle",
            "imageio",
            "mfl",
            "progressbar",
            "slf4j",
            "jline",
            "junit",
            "archunit");
    assertTrue(classPath.contains("moeaframework"));
    for (String problem : new String[] {"Small-complete", "Small-sample"}) {
      for (String algorithm : new String[] {"NAT-quick", "NSGAIII"}) {
        Path results = folder.resolve(problem + algorithm + ".dat");
        run(
            classPath,
            TOOLS,
            List.of(
                "solve",
                "-b",
                problem,
                "-a",
                algorithm,
                "-n",
                "60",
                "-F",
                "1",
                "-s",
                "1",
                "-f",
                results.toString()));
        assertTrue(Files.size(results) > 0);
      }
    }
    String volume =
        run(
            classPath,
            TOOLS,
            List.of(
                "calc",
                "-b",
                "Small-complete",
                "-i",
                "hypervolume",
                folder.resolve("Small-completeNAT-quick.dat").toString()));
    double value = Double.parseDouble(volume.trim().replaceAll("(?s).* ", ""));
    assertTrue(value > 0 && value <= 1, volume);
  }

  @Test
  void withoutADeepLearningLibraryTablesAreSearched() throws IOException, InterruptedException {
    String output = run(Jvm.classPathWithout(DEEP_LEARNING), "standalone.SearchTable", List.of());
    assertTrue(output.contains("measured 40"), output);
  }

  @Test
  void creatingEveryProblemLoadsNothingNative() throws IOException, InterruptedException {
    Path printed = folder.resolve("classes.txt");
    Process process =
        Jvm.start(
            Jvm.classPathWithout(),
            printed,
            List.of("-Xlog:class+load:file=" + folder.resolve("loaded.txt")),
            "standalone.CreateProblems");
    assertEquals(0, Jvm.await(process), Files.readString(printed));
    String loaded = Files.readString(folder.resolve("loaded.txt"));
    assertTrue(loaded.contains("io.github.moeanat.problem.NatProblem "), "the problem was made");
    assertTrue(!loaded.contains("ai.djl.pytorch.jni."), "native code was loaded");
    assertTrue(loaded.contains("problem.table.TabularProblem "), "a table was made");
    assertTrue(!loaded.contains("problem.table.TableFile "), "a table was read");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    return run(Jvm.classPathWithout(), TOOLS, List.of(arguments));
  }

  private String run(String classPath, String main, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        Jvm.start(
            classPath, output, List.of(), main, new ArrayList<>(arguments).toArray(new String[0]));
    int code = Jvm.await(process);
    String text = Files.readString(output);
    assertEquals(0, code, text);
    return text;
  }
}
