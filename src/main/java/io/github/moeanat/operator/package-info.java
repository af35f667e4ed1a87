/**
 * The decision variable of every NAT problem and NAT's variation: integers, crossover, mutation and
 * the provider that registers them by name. The main type is {@link
 * io.github.moeanat.operator.IntegerVariable}. What a gene stands for belongs to {@code space}, the
 * loop that applies the operators to {@code algorithm}.
 */
package io.github.moeanat.operator;
