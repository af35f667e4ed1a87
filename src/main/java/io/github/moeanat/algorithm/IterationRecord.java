package io.github.moeanat.algorithm;

import io.github.moeanat.surrogate.PredictionError;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one iteration did.
 *
 * @param iteration number, 0 for the first sample
 * @param evaluations measurements so far, repeated ones included
 * @param predictions predictions so far
 * @param newMembers members measured for the first time
 * @param archiveSize members of the archive
 * @param hypervolume share of the box between origin and the problem's reference point that the
 *     archive dominates; NaN if the problem names no reference point
 * @param newErrors error of the predictions on the new members, for each expensive objective or
 *     constraint by name, in the problem's order
 * @param oldErrors the same on the members that were measured before
 */
public record IterationRecord(
    int iteration,
    int evaluations,
    long predictions,
    int newMembers,
    int archiveSize,
    double hypervolume,
    Map<String, PredictionError> newErrors,
    Map<String, PredictionError> oldErrors)
    implements Serializable {

  /** Copies the maps, which keep their order. */
  public IterationRecord {
    newErrors = Collections.unmodifiableMap(new LinkedHashMap<>(newErrors));
    oldErrors = Collections.unmodifiableMap(new LinkedHashMap<>(oldErrors));
  }
}
