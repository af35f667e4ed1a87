/**
 * Training a supernet from nothing, before any search: {@code nat pretrain}. The main type is
 * {@link io.github.moeanat.experiment.pretrain.PretrainingRun}; a {@link
 * io.github.moeanat.experiment.pretrain.Recipe} says what is trained when.
 */
package io.github.moeanat.experiment.pretrain;
