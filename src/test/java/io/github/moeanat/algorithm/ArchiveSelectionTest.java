package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.surrogate.RbfSurrogate;
import io.github.moeanat.testing.AdaptiveGrid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;

class ArchiveSelectionTest {

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final AdaptiveGrid grid = new AdaptiveGrid(5, 6);
  private final SurrogateEvaluator evaluator =
      new SurrogateEvaluator(grid, new Measurements(grid, grid));
  private final List<Solution> archive = new ArrayList<>();
  private List<Solution> candidates;

  @BeforeEach
  void fill() {
    PRNG.setSeed(1);
    var random = new Seeds(1).generator("test");
    Set<Genotype> genotypes = new LinkedHashSet<>();
    while (genotypes.size() < 60) {
      genotypes.add(Genotype.of(grid.sample(random)));
    }
    List<Genotype> all = List.copyOf(genotypes);
    for (Genotype genotype : all.subList(0, 20)) {
      Solution solution = genotype.newSolution(grid);
      grid.evaluate(solution);
      archive.add(solution);
    }
    evaluator.fit(new RbfSurrogate(), archive, new Seeds(1), 1, Progress.NONE.begin("fitting", 1));
    candidates = evaluator.predict(all.subList(20, 60));
  }

  @Test
  void archiveAndNewMembersTogetherNeverExceedThePlaces() {
    for (boolean byPrediction : new boolean[] {true, false}) {
      for (int places : new int[] {2, 3, 8, 20, 40}) {
        for (int newMembers : new int[] {1, 8, UNLIMITED}) {
          Selection selection = select(places, newMembers, byPrediction, false, UNLIMITED, true);
          String what = "%s, %d places, %d new".formatted(byPrediction, places, newMembers);
          assertTrue(selection.members().size() <= places, what);
          assertTrue(selection.fresh().size() <= newMembers, what);
          assertTrue(!selection.fresh().isEmpty(), what);
        }
      }
    }
  }

  @Test
  void beforeMeasuringACutLaterMoreAreMeasuredThanThereArePlaces() {
    Selection selection = select(8, UNLIMITED, true, true, UNLIMITED, true);
    assertEquals(20, selection.kept().size());
    assertEquals(40, selection.fresh().size());
  }

  @Test
  void newMembersAreCutToWhatTheBudgetPaysForByNicheRank() {
    Selection repeated = select(30, UNLIMITED, true, false, 24, true);
    assertTrue(repeated.members().size() <= 24);
    Selection once = select(30, UNLIMITED, true, false, 3, false);
    assertEquals(3, once.fresh().size());
    // Niching keeps to the first front as long as that has members enough.
    List<Solution> fresh = evaluator.predict(once.fresh());
    for (Solution chosen : fresh) {
      assertTrue(fresh.stream().noneMatch(other -> dominates(other, chosen)), "within the cut");
    }
  }

  private Selection select(
      int places,
      int newMembers,
      boolean byPrediction,
      boolean cutAfterMeasuring,
      int affordable,
      boolean remeasured) {
    return new ArchiveSelection(places, newMembers, byPrediction, cutAfterMeasuring)
        .select(archive, candidates, evaluator, affordable, remeasured);
  }

  private static boolean dominates(Solution one, Solution other) {
    return one.getObjectiveValue(0) < other.getObjectiveValue(0)
        && one.getObjectiveValue(1) < other.getObjectiveValue(1);
  }
}
