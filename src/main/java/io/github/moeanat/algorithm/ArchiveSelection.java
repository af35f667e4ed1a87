package io.github.moeanat.algorithm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.moeaframework.core.Solution;

/**
 * Joins candidates to the archive and cuts both to the archive's size by reference directions.
 *
 * @param archiveSize places in the archive
 * @param newMembers most genotypes measured for the first time in one iteration
 * @param byPrediction whether predictions choose among the candidates
 * @param cutAfterMeasuring whether the cut waits for the measurements, so that more are measured
 *     than there are places
 */
record ArchiveSelection(
    int archiveSize, int newMembers, boolean byPrediction, boolean cutAfterMeasuring) {

  /**
   * Selects who is measured next. Draws from the framework's generator.
   *
   * @param archive measured members
   * @param candidates predicted solutions, none of them measured before
   * @param affordable measurements that the budget still pays for
   * @param remeasured whether kept members are measured again, and so cost as much as new ones
   */
  Selection select(
      List<Solution> archive,
      List<Solution> candidates,
      SurrogateEvaluator evaluator,
      int affordable,
      boolean remeasured) {
    List<Solution> kept = archive;
    List<Solution> fresh = candidates;
    if (byPrediction && !cutAfterMeasuring) {
      List<Solution> union = new ArrayList<>(archive);
      union.addAll(candidates);
      Set<Solution> survivors = new HashSet<>(ReferenceDirections.cut(union, archiveSize));
      kept = archive.stream().filter(survivors::contains).toList();
      fresh = candidates.stream().filter(survivors::contains).toList();
      if (fresh.isEmpty()) {
        // A full archive that nothing is predicted to enter still learns from the best candidate.
        fresh = ReferenceDirections.cut(candidates, 1);
        kept = refill(archive, fresh.size());
      }
    }
    // What nothing speaks for must not drive all that was measured out of the archive.
    int room = byPrediction ? archiveSize : Math.max(1, archiveSize / 2);
    int places = cutAfterMeasuring ? newMembers : Math.min(newMembers, room);
    int most = remeasured ? places : Math.min(places, affordable);
    boolean capped = fresh.size() > most;
    fresh = ReferenceDirections.cut(fresh, most);
    if (!cutAfterMeasuring && (capped || !byPrediction)) {
      kept = refill(archive, fresh.size());
    }
    if (remeasured) {
      fresh = ReferenceDirections.cut(fresh, Math.max(0, affordable - kept.size()));
    }
    return new Selection(genotypes(kept, evaluator), genotypes(fresh, evaluator));
  }

  // Places that capped candidates leave free go back to members.
  private List<Solution> refill(List<Solution> archive, int taken) {
    Set<Solution> survivors = new HashSet<>(ReferenceDirections.cut(archive, archiveSize - taken));
    return archive.stream().filter(survivors::contains).toList();
  }

  private static List<Genotype> genotypes(List<Solution> solutions, SurrogateEvaluator evaluator) {
    return solutions.stream().map(evaluator::genotype).toList();
  }
}
