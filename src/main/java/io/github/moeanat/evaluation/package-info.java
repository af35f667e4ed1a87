/**
 * How good a subnet is, and how fast on this machine: extraction, recalibration of batch
 * normalisation, accuracy, measured latency. The main types are {@link
 * io.github.moeanat.evaluation.SubnetEvaluator} and {@link
 * io.github.moeanat.evaluation.LatencyMeter}. Test images are measured by a class of their own,
 * {@link io.github.moeanat.evaluation.TestEvaluator}, which a search never sees; costs in closed
 * form are elsewhere.
 */
package io.github.moeanat.evaluation;
