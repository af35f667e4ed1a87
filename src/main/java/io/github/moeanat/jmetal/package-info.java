/**
 * The bridge to jMetal 6.6, both ways: {@link io.github.moeanat.jmetal.NatIntegerProblem} shows
 * problems of integers to jMetal, with NAT's operators for them, {@link
 * io.github.moeanat.jmetal.JMetalAlgorithms} shows jMetal's algorithms to the MOEA Framework by
 * name. jMetal is an optional dependency: without it nothing else fails, and its algorithms say so.
 * No other package uses jMetal's classes.
 */
package io.github.moeanat.jmetal;
