/**
 * Architecture search as MOEA Framework problems, and what a problem may tell a search about
 * itself. The main type is {@link io.github.moeanat.problem.NatProblem}. How to search does not
 * belong here: a problem knows no algorithm.
 */
package io.github.moeanat.problem;
