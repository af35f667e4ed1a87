package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.NetworkMetadata;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.WeightsFile;
import io.github.moeanat.testing.Stopping;
import io.github.moeanat.testing.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that a problem names, and a warm-up beside them. */
class StartWeightsTest {

  private static final double WIDTH = 0.05;
  private static final Path PACKED = Path.of("supernets/w0.05.safetensors");

  @TempDir private Path folder;
  @TempDir private Path cache;
  private final List<String> told = new ArrayList<>();

  @Test
  void weightsThatFitAreTakenAsTheyAre() throws IOException {
    Path file = weights("ten", 10, 1);
    assertEquals(Safetensors.read(file).hash(), hash(file, 30));
    assertEquals(List.of(), told);
    assertArrayEquals(new String[0], cache.toFile().list());
  }

  @Test
  void weightsForOtherClassesAreAdaptedOnceAndCachedByWhatTheyAre() throws IOException {
    Path file = weights("seven", 7, 1);
    String adapted = hash(file, 30);
    assertEquals(List.of("adapting the supernet to 10 classes, 30 steps"), told);
    assertEquals(1, cache.toFile().list().length);
    assertEquals(adapted, hash(file, 30));
    // The same weights elsewhere, and in another form of file, are the same.
    assertEquals(adapted, hash(weights("copy", 7, 1), 30));
    assertEquals(1, told.size());
    assertEquals(1, cache.toFile().list().length);
    String ofOthers = hash(weights("others", 7, 2), 30);
    assertNotEquals(adapted, ofOthers);
    assertEquals(2, told.size());
    assertEquals(2, cache.toFile().list().length);
    told.clear();
    try (NatProblem random = problem(30, "")) {
      assertNotEquals(adapted, random.startWeights().hash());
    }
    assertEquals(List.of("warming up the supernet, 30 steps"), told);
    assertEquals(3, cache.toFile().list().length);
  }

  @Test
  void weightsOfANetworkWithOtherStridesAreRefusedIfTheyFit() throws IOException {
    Path file = folder.resolve("strided.safetensors");
    MobileNetV3 network = new MobileNetV3(WIDTH, 1, 10);
    Safetensors.write(initial(WIDTH, 10, 1), NetworkMetadata.of(network), file);
    assertEquals(Safetensors.read(file).hash(), hash(file, 0));
    Map<String, String> others =
        Map.of("width", "0.5", "strides", "1,2,2,1,2", "stem.stride", "2", "activation", "mish");
    for (Map.Entry<String, String> other : others.entrySet()) {
      String key = other.getKey();
      try (NatProblem problem = problem(0, file.toString(), key, other.getValue())) {
        var error = assertThrows(IllegalArgumentException.class, problem::startWeights);
        assertTrue(
            error
                .getMessage()
                .startsWith(file + ": the weights are of a network with " + key + " = "),
            error.getMessage());
        assertTrue(
            error.getMessage().endsWith("the problem has " + key + " = " + other.getValue()),
            error.getMessage());
      }
    }
  }

  @Test
  void weightsOfAnotherSplitOfTheSameImagesAreWarnedOf() throws IOException {
    Path file = folder.resolve("trained.safetensors");
    String own;
    try (NatProblem problem = problem(0, "")) {
      own = problem.dataHash();
    }
    told.clear();
    Safetensors.write(
        initial(WIDTH, 10, 1), new TrainingOrigin("digits", own, "").metadata(), file);
    hash(file, 0);
    assertEquals(List.of(), told);
    Map<String, String> other = new TrainingOrigin("digits", "another hash", "").metadata();
    Safetensors.write(initial(WIDTH, 10, 1), other, file);
    hash(file, 0);
    assertEquals(1, told.size());
    assertTrue(told.get(0).startsWith(file + " was trained on other images of digits"));
  }

  @Test
  void withoutAWarmUpAFreshClassifierIsWarnedOf() throws IOException {
    Path file = weights("seven", 7, 1);
    String fresh = hash(file, 0);
    assertEquals(
        List.of(file + " is for other classes: the classifier is drawn anew for 10"), told);
    assertArrayEquals(new String[0], cache.toFile().list());
    assertNotEquals(fresh, hash(file, 1));
  }

  /** Ten classes of other images are not these ten. */
  @Test
  void aClassifierOfAnotherDataSetIsDrawnAnewThoughItFits() throws IOException {
    Path file = folder.resolve("others.safetensors");
    // A fresh classifier is drawn from seed 1.
    Weights others = initial(WIDTH, 10, 2);
    Safetensors.write(others, new TrainingOrigin("others", "another hash", "").metadata(), file);
    assertNotEquals(others.hash(), hash(file, 0));
    assertEquals(
        List.of(file + " is for other classes: the classifier is drawn anew for 10"), told);
    told.clear();
    hash(file, 30);
    assertEquals(List.of("adapting the supernet to 10 classes, 30 steps"), told);
  }

  @Test
  void aStoppedAdaptationGoesOnFromItsLastPart(@TempDir Path other) throws IOException {
    Path file = weights("seven", 7, 1);
    String unbroken = hash(file, 120);
    Stopping stopping = Stopping.after(110);
    try (NatProblem problem = problem(120, file.toString(), new Execution(2, "cpu", other))) {
      problem.reportTo(stopping);
      assertThrows(CancellationException.class, problem::startWeights);
      assertEquals(unbroken, problem.startWeights().hash());
    }
    assertEquals(130, stopping.steps(), "100 of the 110 steps are not done again");
  }

  @Test
  void eachSupernetOfAFamilyIsTakenAsItIsOrAdapted() throws IOException {
    Path narrow = folder.resolve("narrow.safetensors");
    Path wide = folder.resolve("wide.safetensors");
    Safetensors.write(initial(0.05, 10, 1), narrow);
    try (NatProblem problem = family(narrow, wide)) {
      var error = assertThrows(IllegalArgumentException.class, problem::startWeights);
      assertEquals("no weights file " + wide, error.getMessage());
    }
    Safetensors.write(initial(0.1, 7, 1), wide);
    try (NatProblem problem = family(narrow, wide)) {
      assertEquals(initial(0.05, 10, 1).hash(), problem.startWeights().get(0.05).hash());
      assertNotEquals(initial(0.1, 10, 1).hash(), problem.startWeights().get(0.1).hash());
    }
    assertEquals(List.of("adapting the supernet of width 0.1 to 10 classes, 30 steps"), told);
    // Nothing is trained while a file is missing.
    told.clear();
    Safetensors.write(initial(0.05, 8, 1), narrow);
    Files.delete(wide);
    try (NatProblem problem = family(narrow, wide)) {
      assertThrows(IllegalArgumentException.class, problem::startWeights);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void whatComesWithTheProgramIsFoundByItsName() throws IOException {
    assertEquals(WeightsFile.read(PACKED).weights().hash(), hash(PACKED, 0));
    assertEquals(hash(PACKED, 0), hash(Path.of("./supernets/../supernets/w0.05.safetensors"), 0));
    for (String none : List.of("supernets/none.safetensors", "supernets/a/w0.05.safetensors")) {
      try (NatProblem problem = problem(0, none)) {
        var error = assertThrows(IllegalArgumentException.class, problem::startWeights);
        assertEquals(
            "no weights file "
                + none
                + (none.contains("/a/")
                    ? ""
                    : ", neither in the working directory nor with the program"),
            error.getMessage());
      }
    }
    try (NatProblem problem = problem(0, PACKED.toString(), "width", "0.25")) {
      var error = assertThrows(IllegalArgumentException.class, problem::startWeights);
      assertTrue(error.getMessage().startsWith(PACKED + ": tensor blocks."), error.getMessage());
    }
  }

  private String hash(Path file, int steps) {
    try (NatProblem problem = problem(steps, file.toString())) {
      return problem.startWeights().hash();
    }
  }

  private NatProblem problem(int steps, String weights, String... more) {
    return problem(steps, weights, new Execution(2, "cpu", cache), more);
  }

  private NatProblem problem(int steps, String weights, Execution execution, String... more) {
    List<String> keys = new ArrayList<>(List.of("width", "" + WIDTH, "supernet.weights", weights));
    keys.addAll(List.of("warmUp.steps", "" + steps, "warmUp.largestSteps", "0"));
    keys.addAll(List.of(more));
    return told(Tiny.problem(1, keys.toArray(new String[0])), execution);
  }

  private NatProblem family(Path narrow, Path wide) {
    String files = narrow + "," + wide;
    return told(
        Tiny.family(1, "width", "0.05,0.1", "supernet.weights", files),
        new Execution(2, "cpu", cache));
  }

  private NatProblem told(NatProblem described, Execution execution) {
    NatProblem problem = new NatProblem(described.definition(), execution);
    described.close();
    problem.reportTo(
        new Progress() {
          @Override
          public Phase begin(String name, long steps) {
            told.add("%s, %d steps".formatted(name, steps));
            return () -> {};
          }

          @Override
          public void warning(String message) {
            told.add(message);
          }
        });
    return problem;
  }

  private Path weights(String name, int classes, long seed) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    Weights weights = initial(WIDTH, classes, seed);
    if (name.equals("copy")) {
      Files.write(file, Safetensors.encode(weights, Map.of("of", "another")));
    } else {
      Safetensors.write(weights, file);
    }
    return file;
  }

  private static Weights initial(double width, int classes, long seed) {
    return Weights.initial(
        new MobileNetV3(width, 1, classes), SearchSpace.nat(List.of(8, 12), List.of(width)), seed);
  }
}
