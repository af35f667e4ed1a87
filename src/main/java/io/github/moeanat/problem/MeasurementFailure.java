package io.github.moeanat.problem;

import org.moeaframework.core.Solution;

/**
 * A solution whose measurement failed twice.
 *
 * @param solution what was to be measured
 * @param reason why it failed, in one line
 */
public record MeasurementFailure(Solution solution, String reason) {}
