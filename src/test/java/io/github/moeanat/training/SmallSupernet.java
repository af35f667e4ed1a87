package io.github.moeanat.training;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import java.util.List;

/** A supernet that the tests of this room train. */
final class SmallSupernet {

  static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 1, 10);
  static final SearchSpace SPACE = SearchSpace.nat(List.of(8, 12), List.of(0.25));
  static final LearningRate RATE = LearningRate.constant(0.01);

  private SmallSupernet() {}

  /** Returns it with random weights, the same each time. */
  static Supernet open() {
    return new Supernet(Weights.initial(NETWORK, SPACE, 1), NETWORK, SPACE, PyTorch.device("cpu"));
  }

  /** Returns NAT's settings with another number of subnets a step. */
  static TrainingSettings training(int batch, int subnets) {
    return training(batch, subnets, TrainingSettings.nat(batch).shards(), 0, 0);
  }

  /** Returns NAT's settings but for what is given. */
  static TrainingSettings training(
      int batch, int subnets, int shards, int shift, double labelSmoothing) {
    TrainingSettings nat = TrainingSettings.nat(batch);
    return new TrainingSettings(
        batch,
        nat.momentum(),
        nat.weightDecay(),
        nat.decayNorms(),
        labelSmoothing,
        nat.gradientClip(),
        subnets,
        shards,
        shift,
        nat.engine());
  }

  /** Returns a random architecture for a step. */
  static Architecture drawn(long step, int subnet) {
    return new ArchitectureSampler(SPACE).sample(new Seeds(3).generator("test", step, subnet));
  }
}
