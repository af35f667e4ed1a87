/**
 * The bridge to jMetal 6.6, both ways: {@link io.github.moeanat.jmetal.NatIntegerProblem} shows
 * problems of integers to jMetal, {@link io.github.moeanat.jmetal.JMetalAlgorithms} shows jMetal's
 * algorithms to the MOEA Framework by name. jMetal is an optional dependency: without it nothing
 * but these two fails, and the second one with a message. No other package uses jMetal's classes.
 */
package io.github.moeanat.jmetal;
