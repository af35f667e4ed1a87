package io.github.moeanat.experiment.pretrain;

import java.time.Duration;
import java.util.Optional;

/** Hears how a pretraining goes on. */
public interface PretrainingListener {

  /**
   * The data set is known.
   *
   * @param summary its classes and numbers of images in one line
   */
  default void data(String summary) {}

  /**
   * An epoch is done, its subnets are measured and the state is saved.
   *
   * @param point what was measured, and where the training stands
   * @param epochs of its phase, those to come included
   * @param elapsed wall time since the pretraining or its resumption began
   * @param remaining estimate: the time so far, measuring included, by the share of multiply-adds
   *     that is done, a frozen teacher's included; without the report at the end
   */
  void epoch(CurvePoint point, double epochs, Duration elapsed, Optional<Duration> remaining);
}
