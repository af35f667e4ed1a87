/**
 * Fitting a supernet's weights: steps of pretraining and adaptation, distillation. The main type is
 * {@link io.github.moeanat.training.SupernetTrainer}. Which architectures are trained is the
 * caller's choice; nothing here measures accuracy.
 */
package io.github.moeanat.training;
