package io.github.moeanat.experiment.bench;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import io.github.moeanat.training.SupernetTrainer.Architectures;

/** Trains a supernet as a search does, loading and augmentation of images included. */
final class TrainingLoad implements Load {

  /** Steps of a run. */
  static final int STEPS = 10;

  static final int TRAINING_IMAGES = 2000;
  // So low that noise can be learnt for as long as one likes.
  static final double RATE = 1e-4;

  private static final LearningRate ALWAYS = LearningRate.constant(RATE);

  private final SupernetFamily supernets;
  private final SupernetTrainer trainer;
  private final Architectures random;
  private final int batch;
  private long done;

  TrainingLoad(BenchCase small, Engine.Kind engine, int workers) {
    SupernetSettings settings = small.settings();
    supernets = small.open();
    trainer =
        new SupernetTrainer(
            supernets.supernet(small.network().width()),
            small.data(TRAINING_IMAGES, 1),
            settings.transform(),
            settings.augmentation(),
            settings.trainer().withEngine(engine),
            workers);
    batch = settings.batch();
    ArchitectureSampler sampler = new ArchitectureSampler(small.space());
    Seeds seeds = new Seeds(1);
    random = (step, subnet) -> sampler.sample(seeds.generator("subnets", step, subnet));
  }

  /** Trains random subnets: the same ones in the n-th run of every load. */
  @Override
  public void run() {
    train(random);
  }

  void train(Architectures architectures) {
    trainer.train(done, STEPS, architectures, ALWAYS, 1, Progress.NONE);
    done += STEPS;
  }

  /** Images of a run. */
  int images() {
    return STEPS * batch;
  }

  @Override
  public void close() {
    trainer.close();
    supernets.close();
  }
}
