package io.github.moeanat.problem;

import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.training.TrainingSettings;
import java.util.List;
import java.util.Locale;

/**
 * How a problem's supernets are warmed up, adapted and measured.
 *
 * @param resize how images are brought to a resolution, {@code nearest} or {@code bilinear}
 * @param pixelMean subtracted from every pixel
 * @param pixelScale every pixel is divided by after that
 * @param recalibrationImages training images whose statistics replace those of batch normalisation
 * @param recalibrationBatch images of a recalibration batch; each is normalised by its own
 *     statistics
 * @param recalibrationSeed decides which training images they are
 * @param validationBatch images of a validation batch; of no account for results
 * @param batch images of a training step
 * @param subnetsPerStep subnets whose gradients are added in a training step
 * @param shards parts of a training batch that are normalised and differentiated on their own
 * @param shift most pixels, at the original size, by which a training image is shifted
 * @param momentum of SGD with Nesterov momentum
 * @param weightDecay of all weights
 * @param labelSmoothing share of the target that goes to all classes alike
 * @param gradientClip largest length of a step's gradient, 0 for no limit
 * @param warmUpSteps training steps of each supernet before the first search, 0 for none
 * @param warmUpLargestSteps how many of them train the largest architecture only
 * @param warmUpLearningRate at the start of the warm-up's cosine schedule
 * @param warmUpSeed seed of the initial weights and of the warm-up
 * @param adaptationSteps training steps of one adaptation, of all supernets together
 * @param adaptationLearningRate at the start of the run's cosine schedule
 */
public record SupernetSettings(
    String resize,
    double pixelMean,
    double pixelScale,
    int recalibrationImages,
    int recalibrationBatch,
    int recalibrationSeed,
    int validationBatch,
    int batch,
    int subnetsPerStep,
    int shards,
    int shift,
    double momentum,
    double weightDecay,
    double labelSmoothing,
    double gradientClip,
    int warmUpSteps,
    int warmUpLargestSteps,
    double warmUpLearningRate,
    int warmUpSeed,
    int adaptationSteps,
    double adaptationLearningRate) {

  private static final int MANY = 10_000_000;

  static SupernetSettings read(PropertyFile file) {
    int warmUpSteps = file.integer("warmUp.steps", 0, 0, MANY);
    SupernetSettings settings =
        new SupernetSettings(
            file.choice("image.resize", List.of("bilinear", "nearest")),
            file.number("image.mean", 127.5, -1e6, 1e6),
            file.number("image.scale", 127.5, 1e-6, 1e6),
            file.integer("evaluation.recalibrationImages", 2000, 2, MANY),
            file.integer("evaluation.recalibrationBatch", 100, 2, MANY),
            file.integer("evaluation.recalibrationSeed", 1, 0, Integer.MAX_VALUE),
            file.integer("evaluation.validationBatch", 100, 1, MANY),
            file.integer("training.batch", 96, 2, MANY),
            file.integer("training.subnets", 1, 1, 64),
            file.integer("training.shards", 2, 1, 64),
            file.integer("training.shift", 0, 0, 64),
            file.number("training.momentum", 0.9, 0, 1),
            file.number("training.weightDecay", 4e-5, 0, 1),
            file.number("training.labelSmoothing", 0, 0, 0.99),
            file.number("training.gradientClip", 0, 0, 1e6),
            warmUpSteps,
            file.integer("warmUp.largestSteps", 0, 0, warmUpSteps),
            file.number("warmUp.learningRate", 0.05, 1e-12, 10),
            file.integer("warmUp.seed", 1, 0, Integer.MAX_VALUE),
            file.integer("adaptation.steps", 1000, 0, MANY),
            file.number("adaptation.learningRate", 0.01, 1e-12, 10));
    if (settings.batch() < 2 * settings.shards()) {
      throw file.refusal(
          "training.batch", "at least two images for each of " + settings.shards() + " shards");
    }
    if (settings.recalibrationImages() % settings.recalibrationBatch() == 1) {
      throw file.refusal(
          "evaluation.recalibrationImages",
          "no last batch of a single image with batches of " + settings.recalibrationBatch());
    }
    return settings;
  }

  /** How images are brought to a resolution and normalised. */
  public ImageTransform transform() {
    return ImageTransform.of(
        ImageTransform.Resize.valueOf(resize.toUpperCase(Locale.ROOT)), pixelMean, pixelScale);
  }

  TrainingSettings trainer() {
    return new TrainingSettings(
        batch, momentum, weightDecay, labelSmoothing, gradientClip, subnetsPerStep, shards, shift);
  }

  /** How subnets are measured. */
  public EvaluationSettings evaluation() {
    return new EvaluationSettings(recalibrationImages, recalibrationBatch, validationBatch);
  }

  /** Everything here that decides what a warm-up gives. */
  String warmUp() {
    return String.join(
        "|",
        transform().toString(),
        trainer().toString(),
        List.of(warmUpSteps, warmUpLargestSteps, warmUpSeed).toString(),
        String.valueOf(warmUpLearningRate));
  }
}
