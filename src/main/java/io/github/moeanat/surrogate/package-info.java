/**
 * Regressors that predict an expensive value of an architecture from its genes, on plain arrays.
 * The main type is {@link io.github.moeanat.surrogate.Surrogate}; {@link
 * io.github.moeanat.surrogate.Surrogates} finds one by name. When to trust a prediction, and which
 * solutions are predicted at all, belongs to {@code algorithm}.
 */
package io.github.moeanat.surrogate;
