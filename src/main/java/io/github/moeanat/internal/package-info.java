/**
 * What every room may use and no room is about: argument checks, seeds by purpose, progress. The
 * main type is {@link io.github.moeanat.internal.Seeds}; anything that knows a network, a data set
 * or a search belongs elsewhere.
 */
package io.github.moeanat.internal;
