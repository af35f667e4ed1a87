package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.data.DataSets;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.WeightsFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemFilesTest {

  private static final Map<String, Integer> CLASSES =
      Map.ofEntries(
          Map.entry("digits", 10),
          Map.entry("cifar10", 10),
          Map.entry("cifar100", 100),
          Map.entry("cinic10", 10),
          Map.entry("stl10", 10),
          Map.entry("food101", 101),
          Map.entry("cars", 196),
          Map.entry("aircraft", 100),
          Map.entry("dtd", 47),
          Map.entry("pets", 37),
          Map.entry("flowers102", 102),
          Map.entry("imagenet", 1000),
          Map.entry("tinyimagenet", 200),
          Map.entry("folder", 2));

  @TempDir private Path folder;

  @Test
  void everyDataSetHasAProblem() {
    Set<String> found = new TreeSet<>();
    for (String name : ProblemDefinition.FILES.names()) {
      if (ProblemKind.of(ProblemDefinition.FILES.load(name, Map.of())) != ProblemKind.SUPERNET) {
        continue;
      }
      ProblemDefinition problem = read(name, Map.of());
      assertFalse(problem.description().isEmpty(), name);
      for (String weights : problem.weights()) {
        assertTrue(WeightsFile.isPacked(Path.of(weights)), name);
      }
      assertEquals(CLASSES.get(problem.data().name()), problem.classes(), name);
      found.add(problem.data().name());
    }
    assertEquals(new TreeSet<>(DataSets.names()), found);
    assertEquals(CLASSES.keySet(), found);
  }

  @Test
  void imagesAreKeptAsLargeAsTheyAreNeeded() {
    assertEquals(293, read("food101", Map.of()).data().cacheSide());
    assertEquals(256, read("cifar100", Map.of()).data().cacheSide());
    assertEquals(256, read("imagenet", Map.of()).data().cacheSide());
    assertEquals(224, read("food101", Map.of("data.cacheSide", "224")).data().cacheSide());
  }

  @Test
  void theClassesOfAFolderAreItsFolders() throws IOException {
    for (String kind : new String[] {"ash", "oak", "yew"}) {
      Files.createDirectories(folder.resolve(kind));
    }
    Map<String, String> path = Map.of("data.path", folder.toString());
    PropertyFile file = ProblemDefinition.FILES.load("folder", path);
    assertEquals(3, ProblemDefinition.read("folder", file).classes());
    assertEquals("3", file.resolved().get("classes"));
    Files.delete(folder.resolve("oak"));
    Files.delete(folder.resolve("yew"));
    Exception refused = assertThrows(IllegalArgumentException.class, () -> read("folder", path));
    assertTrue(
        refused
            .getMessage()
            .contains("1 class folders, expected at least two: a folder for each class"));
  }

  // Caches of warmed-up weights are named by this text.
  @Test
  void theDigitsWarmUpIsDescribedAsEver() {
    assertEquals(
        "ImageTransform[resize=BILINEAR, means=[8.0], scales=[8.0]]|TrainingSettings[batchSize=64,"
            + " momentum=0.9, weightDecay=5.0E-4, labelSmoothing=0.1, gradientClip=2.0, subnets=1,"
            + " shards=2, shift=1]|[600, 0, 1]|0.05",
        read("digits", Map.of("training", "eager")).training().warmUp());
    assertTrue(
        read("digits", Map.of()).training().warmUp().contains("shift=1]|fused|[600"),
        "engines round differently");
    assertTrue(
        read("digits", Map.of("augment.flip", "0.5", "image.crop", "0.9"))
            .training()
            .warmUp()
            .contains("|crop 0.9|Augmentation[crop=1.0, flip=0.5"));
  }

  @Test
  void theSearchedSpaceMayBePartOfTheSupernet() {
    Map<String, String> reduced =
        Map.of(
            "kernelSizes", "3,7",
            "expandRatios", "6",
            "depths", "2,3,4",
            "layers", "alike",
            "resolutions", "8");
    ProblemDefinition digits = read("digits", reduced);
    assertEquals(SearchSpace.nat(List.of(8), List.of(0.5)), digits.space());
    assertEquals(BigInteger.valueOf(7776), digits.searched().size());
    try (NatProblem problem = new NatProblem(digits, Execution.fromSystem())) {
      for (int[] extreme : problem.extremes()) {
        assertArrayEquals(extreme, problem.canonical(extreme));
      }
      assertEquals(2, ((IntegerVariable) problem.newSolution().getVariable(2)).max());
      assertEquals(1, ((IntegerVariable) problem.newSolution().getVariable(3)).max());
    }
    for (Map.Entry<String, String> wrong :
        Map.of(
                "kernelSizes", "3,9",
                "expandRatios", "6,3",
                "depths", "2,4",
                "layers", "same")
            .entrySet()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> read("digits", Map.of(wrong.getKey(), wrong.getValue())))
              .getMessage();
      assertTrue(message.startsWith("-X: " + wrong.getKey() + " is '"), message);
    }
  }

  private static ProblemDefinition read(String name, Map<String, String> overrides) {
    return ProblemDefinition.read(name, ProblemDefinition.FILES.load(name, overrides));
  }
}
