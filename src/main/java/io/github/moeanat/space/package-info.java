/**
 * What an architecture is: search spaces, codecs, sampling and distributions, and the layer shapes
 * that an architecture stands for. The main type is {@link io.github.moeanat.space.Architecture}.
 * Nothing here knows weights, images or an optimiser; only {@code java.*} is used.
 */
package io.github.moeanat.space;
