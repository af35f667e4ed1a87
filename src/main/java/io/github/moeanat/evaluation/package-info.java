/**
 * How good a subnet is: extraction, recalibration of batch normalisation, accuracy. The main type
 * is {@link io.github.moeanat.evaluation.SubnetEvaluator}. Test images are measured by a class of
 * their own, {@link io.github.moeanat.evaluation.TestEvaluator}, which a search never sees; costs
 * in closed form are elsewhere.
 */
package io.github.moeanat.evaluation;
