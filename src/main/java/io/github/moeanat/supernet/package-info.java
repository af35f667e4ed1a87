/**
 * Weights and the networks made of them: the elastic supernet, subnets extracted from it, their
 * files. The main type is {@link io.github.moeanat.supernet.Supernet}; one of each width side by
 * side are a {@link io.github.moeanat.supernet.SupernetFamily}. Nothing here optimises, loads
 * images or judges a network; everything native belongs to a {@code Supernet}, a {@code Subnet} or
 * the manager of the images that were passed in.
 */
package io.github.moeanat.supernet;
