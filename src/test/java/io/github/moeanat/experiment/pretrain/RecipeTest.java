package io.github.moeanat.experiment.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(16, 24, 32), List.of(0.25));

  private static Recipe read(String name, Map<String, String> overrides) {
    return Recipe.read(NatAlgorithms.FILES.load(name, overrides));
  }

  @Test
  void progressiveShrinkingOpensOneKindOfChoiceAfterTheOther() {
    List<SearchSpace> open =
        read("progressive-shrinking", Map.of()).phases().stream()
            .map(phase -> phase.open().of(SPACE))
            .toList();
    assertEquals(SPACE.largest(3, 1, 1, 1), open.get(0));
    assertEquals(SPACE.largest(3, 3, 1, 1), open.get(1));
    assertEquals(SPACE.largest(3, 3, 2, 1), open.get(2));
    assertEquals(SPACE.largest(3, 3, 3, 1), open.get(3));
    assertEquals(SPACE.largest(3, 3, 3, 2), open.get(4));
    assertEquals(SPACE, open.get(5));
    assertEquals(List.of(4, 6), open.get(4).expandRatios());
    assertEquals(3, open.get(2).minDepth());
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
  void theLargestNetOfAnEarlierPhaseTeachesBesideTheLabels() {
    Phase kernel = read("progressive-shrinking", Map.of()).phases().get(1);
    assertEquals(Optional.of("largest"), kernel.teacher());
    assertEquals(1, kernel.labels());
    assertEquals(1, kernel.teacherWeight());
    Phase all = read("one-stage", Map.of()).phases().get(0);
    assertEquals(Optional.empty(), all.teacher());
    assertEquals(0.5, all.labels());
    assertEquals(0.5, all.teacherWeight());
  }

  @Test
  void stepsFollowEpochsAndTheirScale() {
    Recipe whole = read("progressive-shrinking", Map.of("batch", "50"));
    Recipe half = read("progressive-shrinking", Map.of("batch", "50", "epochScale", "0.5"));
    double epochs = whole.phases().get(0).epochs();
    assertEquals(Math.round(epochs * 1000 / 50), whole.steps(epochs, 1000));
    assertEquals(epochs / 2, half.phases().get(0).epochs());
    assertEquals(whole.phases().get(0).warmUpEpochs() / 2, half.phases().get(0).warmUpEpochs());
    assertEquals(1, whole.steps(1e-3, 1000));
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
