/**
 * Training a supernet from nothing, before any search: {@code nat pretrain}. The main type is
 * {@link io.github.moeanat.experiment.pretrain.PretrainingRun}; a {@link
 * io.github.moeanat.experiment.pretrain.Recipe} says what is trained when. How a step is trained is
 * the business of {@link io.github.moeanat.training}.
 */
package io.github.moeanat.experiment.pretrain;
