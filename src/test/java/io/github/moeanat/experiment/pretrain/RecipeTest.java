package io.github.moeanat.experiment.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.training.TrainingSettings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(16, 24, 32), List.of(0.25));

  private static Recipe read(String name, Map<String, String> overrides) {
    return Recipe.read(NatAlgorithms.FILES.load(name, overrides));
  }

  // Once-for-All's, as Cai et al. (ICLR 2020) and their code have them; only epochs are scaled.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // phase | random subnets | rate | sorted | teacher | its weight | kernels | depth | ratios
        "largest  | 1 | 0.05   | false | -       | 0 | 7     | 4 | 6",
        "kernel   | 1 | 0.03   | false | largest | 1 | 3,5,7 | 4 | 6",
        "depth-3  | 2 | 0.0025 | false | largest | 1 | 3,5,7 | 3 | 6",
        "depth-2  | 2 | 0.0075 | false | largest | 1 | 3,5,7 | 2 | 6",
        "expand-4 | 4 | 0.0025 | true  | largest | 1 | 3,5,7 | 2 | 4,6",
        "expand-3 | 4 | 0.0075 | true  | largest | 1 | 3,5,7 | 2 | 3,4,6"
      })
  void progressiveShrinkingIsThatOfOnceForAll(
      String name,
      int subnets,
      double rate,
      boolean sorted,
      String teacher,
      double teacherWeight,
      String kernels,
      int minDepth,
      String ratios) {
    Phase phase = read("progressive-shrinking", Map.of()).phase(name);
    assertEquals(Collections.nCopies(subnets, Phase.Kind.RANDOM), phase.subnets());
    assertEquals(rate, phase.learningRate());
    assertEquals(sorted, phase.sortChannels());
    assertEquals(Optional.ofNullable(teacher), phase.teacher());
    assertEquals(1, phase.labels());
    assertEquals(teacherWeight, phase.teacherWeight());
    SearchSpace open = phase.open().of(SPACE);
    assertEquals(List.of(16, 24, 32), open.resolutions());
    assertEquals(numbers(kernels), open.kernelSizes());
    assertEquals(minDepth, open.minDepth());
    assertEquals(4, open.maxDepth());
    assertEquals(numbers(ratios), open.expandRatios());
  }

  private static List<Integer> numbers(String list) {
    return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
  }

  @Test
  void progressiveShrinkingTrainsInTheOrderAndWithTheOptimiserOfOnceForAll() {
    Recipe recipe = read("progressive-shrinking", Map.of());
    assertEquals(
        List.of("largest", "kernel", "depth-3", "depth-2", "expand-4", "expand-3"),
        recipe.phases().stream().map(Phase::name).toList());
    ProblemDefinition problem =
        ProblemDefinition.read(
            "tiny",
            ProblemDefinition.FILES.load(
                "tiny", Map.of("training.shards", "3", "training.shift", "5")));
    // Of the problem are shards, shift and engine, and not its gradient clip or weight decay.
    assertEquals(
        new TrainingSettings(64, 0.9, 3e-5, false, 0.1, 0, 4, 3, 5, Engine.Kind.FUSED),
        recipe.trainer(recipe.phase("expand-4"), problem.training()));
  }

  @Test
  void everyShippedRecipeEndsWithTheWholeSpace() {
    assertTrue(NatAlgorithms.recipes().size() >= 2);
    for (String name : NatAlgorithms.recipes()) {
      List<Phase> phases = read(name, Map.of()).phases();
      assertEquals(SPACE, phases.get(phases.size() - 1).open().of(SPACE), name);
    }
  }

  @Test
  void aRecipeIsNoAlgorithmOfTheFramework() {
    assertTrue(NatAlgorithms.names().contains("NAT-quick"));
    assertTrue(NatAlgorithms.names().stream().noneMatch(NatAlgorithms.recipes()::contains));
  }

  @Test
  void theLargestSubnetOfAStepTeachesTheOthersInOneStage() {
    Phase all = read("one-stage", Map.of()).phase("all");
    assertEquals(
        List.of(Phase.Kind.LARGEST, Phase.Kind.SMALLEST, Phase.Kind.RANDOM, Phase.Kind.RANDOM),
        all.subnets());
    assertEquals(Optional.empty(), all.teacher());
    assertEquals(0.5, all.labels());
    assertEquals(0.5, all.teacherWeight());
  }

  @Test
  void stepsFollowEpochsAndTheirScale() {
    Map<String, String> keys =
        Map.of("batch", "50", "phase.largest.epochs", "18", "phase.largest.warmUpEpochs", "0.5");
    Recipe whole = read("progressive-shrinking", keys);
    assertEquals(360, whole.steps(whole.phases().get(0).epochs(), 1000));
    assertEquals(10, whole.steps(whole.phases().get(0).warmUpEpochs(), 1000));
    assertEquals(7, whole.steps(0.33, 1000), "6.6 are 7");
    assertEquals(1, whole.steps(1e-3, 1000), "one at least");
    Map<String, String> scaled = new TreeMap<>(keys);
    scaled.put("epochScale", "0.25");
    Recipe quarter = read("progressive-shrinking", scaled);
    assertEquals(90, quarter.steps(quarter.phases().get(0).epochs(), 1000));
    assertEquals(0.125, quarter.phases().get(0).warmUpEpochs());
  }

  @Test
  void aPhaseIsFoundByItsName() {
    Recipe recipe = read("tiny-phases", Map.of());
    assertEquals("kernel", recipe.phase("kernel").name());
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> recipe.phase("depth"));
    assertEquals(
        "no phase 'depth', expected one of [largest, kernel, expand, all]", refusal.getMessage());
  }

  @Test
  void wholeEpochsStayWholeWhenScaled() {
    String key = "phase.largest.epochs";
    Recipe recipe = read("tiny-phases", Map.of(key, "25", "epochScale", "0.28"));
    assertEquals(7, recipe.phases().get(0).epochs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phases | a,a | -X: phases is 'a,a', expected each phase at most once",
        "phases | a b | -X: phases is 'a b', expected a comma-separated list of names of lower-case letters",
        "phases | a,A | -X: phases is 'a,A', expected a comma-separated list of names of lower-case letters",
        "phases | none | -X: phases is 'none', expected a comma-separated list of names of lower-case letters, digits and hyphens, other than none and in-place",
        "phases | kernel | algorithms/tiny-phases.properties: phase.kernel.teacher is 'largest', expected none, in-place or the name of an earlier phase",
        "phase.kernel.teacher | expand | -X: phase.kernel.teacher is 'expand', expected none, in-place",
        "phase.kernel.teacher | in-place | -X: phase.kernel.teacher is 'in-place', expected subnets that begin with the largest",
        "phase.all.kernelSizes | 1 | -X: phase.all.kernelSizes is '1', expected all, or how many",
        "phase.all.depths | few | -X: phase.all.depths is 'few', expected",
        "phase.all.subnets | biggest | -X: phase.all.subnets is 'biggest', expected a comma-separated list of largest, smallest, random",
        "phase.largest.warmUpEpochs | 2 | -X: phase.largest.warmUpEpochs is '2', expected at most phase.largest.epochs",
        "phase.largest.epochs | 0 | -X: phase.largest.epochs is '0', expected a number from 0.001",
        "phase.largest.labels | 0 | -X: phase.largest.labels is '0', expected nothing where phase.largest.teacher is none",
        "phase.largest.teacherWeight | 1 | -X: phase.largest.teacherWeight is '1', expected nothing where",
        "phase.kernel.teacherWeight | 0 | -X: phase.kernel.teacherWeight is '0', expected a number from 1.0E-6",
        "phase.kernel.sortChannels | yes | -X: phase.kernel.sortChannels is 'yes', expected true or false",
        "phase.kernal.epochs | 3 | -X: unknown key 'phase.kernal.epochs'; did you mean phase.kernel",
        "momentun | 0.8 | -X: unknown key 'momentun'; did you mean momentum",
        "batch | 1 | -X: batch is '1', expected a whole number from 2",
        "algorithm | NAT | -X: algorithm is 'NAT', expected one of pretraining"
      })
  void wrongKeysAndValuesAreNamed(String key, String value, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> read("tiny-phases", Map.of(key, value)));
    assertTrue(error.getMessage().startsWith(message), error.getMessage());
  }
}
