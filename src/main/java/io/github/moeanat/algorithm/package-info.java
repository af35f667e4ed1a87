/**
 * NAT as a MOEA Framework algorithm: the archive, its selection by reference directions, the
 * surrogate-aware evaluator and the search on predicted values. The main type is {@link
 * io.github.moeanat.algorithm.NAT}. It knows nothing of neural networks; what a problem tells it
 * comes through {@link io.github.moeanat.problem.ExpensiveProblem}.
 */
package io.github.moeanat.algorithm;
