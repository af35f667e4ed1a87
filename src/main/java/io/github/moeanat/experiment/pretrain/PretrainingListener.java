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
   * @param epochs of its phase, those to come included
   * @param elapsed wall time since the pretraining or its resumption began
   * @param remaining estimate from the subnets' multiply-adds that are done, without the teacher's
   *     and what measuring takes
   */
  void epoch(CurvePoint point, double epochs, Duration elapsed, Optional<Duration> remaining);
}
