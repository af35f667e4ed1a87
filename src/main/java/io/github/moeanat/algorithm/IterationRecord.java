package io.github.moeanat.algorithm;

import java.io.Serializable;

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
 * @param newError error of the first expensive objective's predictions on the new members
 * @param oldError the same on the members that were measured before
 */
public record IterationRecord(
    int iteration,
    int evaluations,
    long predictions,
    int newMembers,
    int archiveSize,
    double hypervolume,
    PredictionError newError,
    PredictionError oldError)
    implements Serializable {}
