package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.testing.Rows;
import io.github.moeanat.testing.Tiny;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.spi.AlgorithmFactory;

/** A problem whose second gene selects one of two supernets. */
class FamilyProblemTest {

  private static final double NARROW = 0.25;
  private static final double WIDE = 0.5;

  @Test
  void theSecondGeneSelectsTheSupernet() {
    try (NatProblem problem = Tiny.family(1)) {
      Solution solution = problem.newSolution();
      IntegerVariable gene = (IntegerVariable) solution.getVariable(1);
      assertEquals(0, gene.min());
      assertEquals(1, gene.max());
      assertEquals(NARROW, problem.codec().decode(problem.extremes().get(0)).width());
      Architecture largest = problem.codec().decode(problem.extremes().get(1));
      assertEquals(WIDE, largest.width());
      assertEquals(
          (double) SubnetCost.of(largest, new MobileNetV3(WIDE, 1, 10)).madds(),
          problem.definition().scales().get(Metric.MADDS),
          "costs are measured by the largest subnet of the widest supernet");
      Solution narrow = solution(problem, genes(problem, 1, 0));
      Solution wide = solution(problem, genes(problem, 1, 1));
      problem.evaluateCheap(narrow);
      problem.evaluateCheap(wide);
      assertTrue(narrow.getObjectiveValue(1) < wide.getObjectiveValue(1));
    }
  }

  @Test
  void eachSupernetIsWhatItWouldBeAlone() {
    try (NatProblem family = Tiny.family(2);
        NatProblem narrow = Tiny.problem(2);
        NatProblem wide = Tiny.problem(2, "width", "0.5")) {
      assertEquals(narrow.startWeights().hash(), family.startWeights().get(NARROW).hash());
      assertEquals(wide.startWeights().hash(), family.startWeights().get(WIDE).hash());
      for (int seed = 0; seed < 4; seed++) {
        int[] genes = genes(family, seed, seed % 2);
        Solution member = solution(family, genes);
        family.evaluate(member);
        NatProblem single = seed % 2 == 0 ? narrow : wide;
        genes[1] = 0;
        Solution alone = solution(single, genes);
        single.evaluate(alone);
        assertEquals(alone.getObjectiveValue(0), member.getObjectiveValue(0));
        assertEquals(
            single.measurement(alone).orElseThrow(), family.measurement(member).orElseThrow());
      }
    }
  }

  @Test
  void stepsAreInProportionToTheMembersOfAWidth() {
    Map<String, Long> steps = new LinkedHashMap<>();
    Progress progress =
        (name, count) -> {
          steps.put(name, count);
          return () -> steps.merge(name, -1L, Long::sum);
        };
    try (NatProblem problem = Tiny.family(2, "adaptation.steps", "7");
        Adaptation adaptation = problem.startAdaptation(3, progress)) {
      steps.clear();
      adaptation.adapt(0, archive(problem, 0, 0, 1, 0), 0, 0.5);
      assertEquals(
          List.of("adapting the supernet of width 0.25", "adapting the supernet of width 0.5"),
          List.copyOf(steps.keySet()));
      FamilyWeights adapted = NatProblem.adaptedWeights(adaptation.save());
      Map<Double, Long> trained = new TreeMap<>();
      for (double width : adapted.widths()) {
        // Every subnet has the stem's batch normalisation, which counts the steps.
        String counter = "first_conv.bn.num_batches_tracked";
        trained.put(
            width,
            adapted.get(width).counter(counter)
                - problem.startWeights().get(width).counter(counter));
      }
      assertEquals(Map.of(NARROW, 5L, WIDE, 2L), trained);
      assertEquals(List.of(0L, 0L), List.copyOf(steps.values()), "as many as were announced");
    }
  }

  @Test
  void aSupernetWithoutMembersIsLeftToTheBit() {
    for (int w : new int[] {0, 1}) {
      double width = w == 0 ? NARROW : WIDE;
      double other = w == 0 ? WIDE : NARROW;
      try (NatProblem problem = Tiny.family(2);
          Adaptation adaptation = problem.startAdaptation(3, Progress.NONE)) {
        adaptation.adapt(0, archive(problem, w, w, w), 0, 1);
        FamilyWeights adapted = NatProblem.adaptedWeights(adaptation.save());
        FamilyWeights start = problem.startWeights();
        assertEquals(start.get(other).hash(), adapted.get(other).hash());
        assertNotEquals(start.get(width).hash(), adapted.get(width).hash());
        Solution one = solution(problem, genes(problem, 1, w));
        Solution two = solution(problem, genes(problem, 1, 1 - w));
        assertEquals(List.of(), adaptation.measure(List.of(one, two)));
        assertEquals(adapted.get(width).hash(), weights(problem, one));
        assertEquals(start.get(other).hash(), weights(problem, two));
      }
    }
  }

  @Test
  void theFirstSupernetIsAdaptedAsAnOnlyOneOnTheLayersOfTheWholeArchive() {
    // Three members of four get six steps of eight, with a learning rate that runs over the six.
    String alone;
    try (NatProblem problem = Tiny.problem(2, "adaptation.steps", "6");
        Adaptation adaptation = problem.startAdaptation(3, Progress.NONE)) {
      adaptation.adapt(0, archive(problem, 0, 0, 0, 0), 0, 0.5);
      adaptation.adapt(1, archive(problem, 0, 0, 0, 0), 0.5, 1);
      alone = NatProblem.adaptedWeights(adaptation.save()).hash();
    }
    try (NatProblem problem = Tiny.family(2, "adaptation.steps", "8");
        Adaptation adaptation = problem.startAdaptation(3, Progress.NONE)) {
      adaptation.adapt(0, archive(problem, 0, 0, 1, 0), 0, 0.5);
      adaptation.adapt(1, archive(problem, 1, 0, 0, 0), 0.5, 1);
      assertEquals(alone, NatProblem.adaptedWeights(adaptation.save()).get(NARROW).hash());
    }
  }

  @Test
  void layersOfTheWholeArchiveTrainEverySupernet() {
    try (NatProblem problem = Tiny.family(2);
        Adaptation first = problem.startAdaptation(3, Progress.NONE);
        Adaptation second = problem.startAdaptation(3, Progress.NONE)) {
      List<int[]> archive = archive(problem, 0, 1, 0, 1);
      first.adapt(0, archive, 0, 1);
      List<int[]> changed = new ArrayList<>(archive);
      changed.set(1, genes(problem, 77, 1));
      second.adapt(0, changed, 0, 1);
      FamilyWeights one = NatProblem.adaptedWeights(first.save());
      FamilyWeights two = NatProblem.adaptedWeights(second.save());
      assertNotEquals(one.get(NARROW).hash(), two.get(NARROW).hash());
      assertNotEquals(one.get(WIDE).hash(), two.get(WIDE).hash());
    }
  }

  @Test
  void theNumberOfWorkersChangesNothing() {
    List<List<String>> fronts = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (int threads : new int[] {1, 2}) {
      try (NatProblem problem = Tiny.family(threads)) {
        NAT nat = nat(problem, "3");
        nat.run(1000);
        fronts.add(Rows.of(nat.getResult()));
        hashes.add(NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash());
        for (Solution member : nat.getPopulation()) {
          Measurement measurement = problem.measurement(member).orElseThrow();
          assertEquals(
              NatProblem.adaptedWeights(nat.adaptedState().orElseThrow())
                  .get(problem.architecture(member).width())
                  .hash(),
              measurement.key().weights());
        }
      }
    }
    assertEquals(fronts.get(0), fronts.get(1));
    assertEquals(hashes.get(0), hashes.get(1));
  }

  @Test
  void aRunResumedFromItsStateEndsAsAnUnbrokenOne() throws Exception {
    List<String> unbroken;
    String weights;
    try (NatProblem problem = Tiny.family(2)) {
      NAT nat = nat(problem, "5");
      nat.run(1000);
      unbroken = Rows.of(nat.getResult());
      weights = NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (NatProblem problem = Tiny.family(2)) {
      NAT nat = nat(problem, "5");
      nat.step();
      nat.step();
      nat.step();
      try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
        nat.saveState(stream);
      }
    }
    try (NatProblem problem = Tiny.family(2)) {
      NAT nat = nat(problem, "8");
      try (ObjectInputStream stream =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        nat.loadState(stream);
      }
      nat.run(1000);
      assertEquals(unbroken, Rows.of(nat.getResult()));
      assertEquals(weights, NatProblem.adaptedWeights(nat.adaptedState().orElseThrow()).hash());
    }
  }

  @Test
  void momentaOfAllSupernetsAreKept() {
    try (NatProblem problem = Tiny.family(2);
        Adaptation whole = problem.startAdaptation(3, Progress.NONE);
        Adaptation first = problem.startAdaptation(3, Progress.NONE);
        Adaptation second = problem.startAdaptation(3, Progress.NONE)) {
      List<int[]> archive = archive(problem, 0, 1);
      whole.adapt(0, archive, 0, 0.5);
      whole.adapt(1, archive, 0.5, 1);
      first.adapt(0, archive, 0, 0.5);
      second.restore(first.save());
      second.adapt(1, archive, 0.5, 1);
      assertArrayEquals(whole.save(), second.save());
    }
  }

  @Test
  void statesOfOtherFamiliesAreRefusedAndLeaveTheAdaptationAsItWas() {
    try (NatProblem problem = Tiny.family(1);
        NatProblem single = Tiny.problem(1);
        Adaptation adaptation = problem.startAdaptation(3, Progress.NONE);
        Adaptation other = single.startAdaptation(3, Progress.NONE)) {
      byte[] before = adaptation.save();
      var widths =
          assertThrows(IllegalArgumentException.class, () -> adaptation.restore(other.save()));
      assertEquals(
          "the weights are of widths [0.25], the search space has [0.25, 0.5]",
          widths.getMessage());
      byte[] old =
          new TrainedState(0, single.startWeights().get(NARROW), single.startWeights().get(NARROW))
              .encode();
      var version = assertThrows(IllegalArgumentException.class, () -> adaptation.restore(old));
      assertEquals(
          "the adapted state has version 0, this program reads version 2", version.getMessage());
      for (int length : new int[] {0, 3, 7, 12, before.length - 1}) {
        byte[] cut = Arrays.copyOf(before, length);
        assertThrows(IllegalArgumentException.class, () -> adaptation.restore(cut));
      }
      assertArrayEquals(before, adaptation.save());
    }
  }

  @Test
  void weightsFilesAreTakenInTheOrderOfTheWidths(@TempDir Path folder) throws IOException {
    Path narrow = folder.resolve("narrow.safetensors");
    Path wide = folder.resolve("wide.safetensors");
    try (NatProblem problem = Tiny.family(1, "warmUp.largestSteps", "0", "warmUp.steps", "0")) {
      Safetensors.write(problem.startWeights().get(NARROW), narrow);
      Safetensors.write(problem.startWeights().get(WIDE), wide);
      try (NatProblem read = Tiny.family(1, "supernet.weights", narrow + ", " + wide)) {
        assertEquals(problem.startWeights().hash(), read.startWeights().hash());
      }
    }
    try (NatProblem swapped = Tiny.family(1, "supernet.weights", wide + "," + narrow)) {
      var error = assertThrows(IllegalArgumentException.class, swapped::startWeights);
      assertTrue(error.getMessage().startsWith(wide + ": tensor "), error.getMessage());
      assertTrue(error.getMessage().contains("MobileNetV3[width=0.25,"), error.getMessage());
    }
    Path nowhere = folder.resolve("nowhere.safetensors");
    try (NatProblem missing = Tiny.family(1, "supernet.weights", narrow + "," + nowhere)) {
      var error = assertThrows(IllegalArgumentException.class, missing::startWeights);
      assertEquals("no weights file " + nowhere, error.getMessage());
    }
  }

  @Test
  void anotherNumberOfWeightsFilesThanWidthsIsRefused() {
    for (String files : new String[] {"a", "a,b,c", "a,", "a,,b"}) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> Tiny.family(1, "supernet.weights", files));
      assertEquals(
          "-X: supernet.weights is '%s', expected 2 files with commas between them, for the widths [0.25, 0.5] in this order"
              .formatted(files),
          error.getMessage());
    }
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Tiny.problem(1, "supernet.weights", "a,b"));
    assertEquals("-X: supernet.weights is 'a,b', expected one file", error.getMessage());
  }

  private static String weights(NatProblem problem, Solution solution) {
    return problem.measurement(solution).orElseThrow().key().weights();
  }

  /** Random genotypes of the given widths. */
  private static List<int[]> archive(NatProblem problem, int... widths) {
    List<int[]> archive = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      archive.add(genes(problem, i, widths[i]));
    }
    return archive;
  }

  private static int[] genes(NatProblem problem, int seed, int width) {
    RandomGenerator random = new Seeds(seed).generator("test");
    int[] genes = problem.sample(random);
    genes[1] = width;
    return genes;
  }

  private static Solution solution(NatProblem problem, int[] genes) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.length; i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes[i]);
    }
    return solution;
  }

  private static NAT nat(NatProblem problem, String seed) {
    NAT nat =
        (NAT) AlgorithmFactory.getInstance().getAlgorithm("tiny", new TypedProperties(), problem);
    nat.getSettings().setSeed(seed);
    return nat;
  }
}
