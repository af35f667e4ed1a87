package io.github.moeanat.training;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.supernet.Engine;

/**
 * How a supernet is trained.
 *
 * @param batchSize images of a step
 * @param momentum of the gradient, Nesterov's
 * @param weightDecay added to the gradient as this share of the parameter
 * @param decayNorms whether scales of normalisations and all biases decay too; OFA spares them
 * @param labelSmoothing share of each target spread over all classes, in [0, 1)
 * @param gradientClip largest length of a step's gradient; 0 for no limit
 * @param subnets architectures of a step, whose gradients are added as in OFA
 * @param shards parts of a batch that are normalised apart and may be worked on at the same time;
 *     part of the result, unlike the number of workers
 * @param shift furthest that an image is moved in each direction, in pixels of the data set
 * @param engine what runs the networks
 */
public record TrainingSettings(
    int batchSize,
    double momentum,
    double weightDecay,
    boolean decayNorms,
    double labelSmoothing,
    double gradientClip,
    int subnets,
    int shards,
    int shift,
    Engine.Kind engine) {

  /** Checks the numbers. */
  public TrainingSettings {
    Requires.atLeast("shards", shards, 1);
    // Batch normalisation needs two images to have a variance.
    Requires.atLeast("batch size", batchSize, 2 * shards);
    Requires.inRange("momentum", momentum, 0, 1);
    Requires.inRange("weight decay", weightDecay, 0, 1);
    Requires.inRange("label smoothing", labelSmoothing, 0, 1);
    Requires.inRange("gradient clip", gradientClip, 0, Double.MAX_VALUE);
    Requires.atLeast("subnets of a step", subnets, 1);
    Requires.atLeast("shift", shift, 0);
  }

  /** NAT's optimiser: momentum 0.9, weight decay 4e-5, one subnet a step; two shards. */
  public static TrainingSettings nat(int batchSize) {
    return new TrainingSettings(batchSize, 0.9, 4e-5, true, 0, 0, 1, 2, 0, Engine.Kind.FUSED);
  }

  /** Returns the same with another engine. */
  public TrainingSettings withEngine(Engine.Kind newEngine) {
    return new TrainingSettings(
        batchSize,
        momentum,
        weightDecay,
        decayNorms,
        labelSmoothing,
        gradientClip,
        subnets,
        shards,
        shift,
        newEngine);
  }
}
