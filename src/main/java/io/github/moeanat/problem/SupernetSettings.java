package io.github.moeanat.problem;

import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.training.TrainingSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a problem's supernets are warmed up, adapted and measured.
 *
 * @param transform how images are brought to a resolution and normalised
 * @param augmentation how training images are changed at random
 * @param recalibrationImages training images whose statistics replace those of batch normalisation
 * @param recalibrationBatch images of a recalibration batch; each is normalised by its own
 *     statistics
 * @param recalibrationSeed decides which training images they are
 * @param validationBatch images of a validation batch; of no account for results
 * @param evaluationEngine what runs networks that are measured
 * @param trainingEngine what runs networks that are trained
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
 * @param adaptationEpochs passes over the training images of one adaptation, the paper's 5 unless
 *     set
 * @param adaptationSteps training steps of one adaptation, of all supernets together; 0 for as many
 *     as the epochs take
 * @param adaptationLearningRate at the start of the run's cosine schedule
 */
public record SupernetSettings(
    ImageTransform transform,
    Augmentation augmentation,
    int recalibrationImages,
    int recalibrationBatch,
    int recalibrationSeed,
    int validationBatch,
    Engine.Kind evaluationEngine,
    Engine.Kind trainingEngine,
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
    int adaptationEpochs,
    int adaptationSteps,
    double adaptationLearningRate) {

  private static final int MANY = 10_000_000;
  // Images, network and engine; all else is a search's, or a recipe's.
  private static final Pattern OF_PRETRAINING =
      Pattern.compile(
          "(data|image|augment|evaluation)(\\..+)?|classes|resolutions|width|stem\\.stride|strides"
              + "|activation|training|training\\.(shards|shift)");
  private static final String RECALIBRATION_IMAGES = "evaluation.recalibrationImages";

  /** Key of the images of a training step of a search. */
  public static final String BATCH = "training.batch";

  private static final String LARGEST_STEPS = "warmUp.largestSteps";

  /** Whether a key of a problem file is of account for pretraining. */
  public static boolean isOfPretraining(String key) {
    return OF_PRETRAINING.matcher(key).matches();
  }

  static SupernetSettings read(PropertyFile file) {
    int warmUpSteps = file.integer("warmUp.steps", 0, 0, MANY);
    SupernetSettings settings =
        new SupernetSettings(
            transform(file),
            augmentation(file),
            file.integer(RECALIBRATION_IMAGES, 2000, 2, MANY),
            file.integer("evaluation.recalibrationBatch", 100, 2, MANY),
            file.integer("evaluation.recalibrationSeed", 1, 0, Integer.MAX_VALUE),
            file.integer("evaluation.validationBatch", 100, 1, MANY),
            engine(file, "evaluation"),
            engine(file, "training"),
            file.integer(BATCH, 96, 2, MANY),
            file.integer("training.subnets", 1, 1, 64),
            file.integer("training.shards", 2, 1, 64),
            file.integer("training.shift", 0, 0, 64),
            file.number("training.momentum", 0.9, 0, 1),
            file.number("training.weightDecay", 4e-5, 0, 1),
            file.number("training.labelSmoothing", 0, 0, 0.99),
            file.number("training.gradientClip", 0, 0, 1e6),
            warmUpSteps,
            file.integer(LARGEST_STEPS, 0, 0, MANY),
            file.number("warmUp.learningRate", 0.05, 1e-12, 10),
            file.integer("warmUp.seed", 1, 0, Integer.MAX_VALUE),
            file.integer("adaptation.epochs", 5, 0, 100_000),
            file.integer("adaptation.steps", 0, 0, MANY),
            file.number("adaptation.learningRate", 0.01, 1e-12, 10));
    if (settings.warmUpLargestSteps() > warmUpSteps) {
      throw file.isOverridden("warmUp.steps") && !file.isOverridden(LARGEST_STEPS)
          ? file.refusal(
              "warmUp.steps",
              "at least %s, which is %d".formatted(LARGEST_STEPS, settings.warmUpLargestSteps()))
          : file.refusal(LARGEST_STEPS, "at most warmUp.steps, which is " + warmUpSteps);
    }
    if (settings.batch() < 2 * settings.shards()) {
      throw file.refusal(BATCH, "at least two images for each of " + settings.shards() + " shards");
    }
    if (settings.recalibrationImages() % settings.recalibrationBatch() == 1) {
      throw file.refusal(
          RECALIBRATION_IMAGES,
          "no last batch of a single image with batches of " + settings.recalibrationBatch());
    }
    return settings;
  }

  private static Engine.Kind engine(PropertyFile file, String key) {
    return Engine.Kind.of(file.choice(key, Engine.Kind.ids()));
  }

  private static ImageTransform transform(PropertyFile file) {
    String resize = file.choice("image.resize", List.of("bilinear", "nearest", "antialias"));
    return new ImageTransform(
        ImageTransform.Resize.valueOf(resize.toUpperCase(Locale.ROOT)),
        file.number("image.crop", 1, 0.1, 1),
        perChannel(file, "image.mean", -1e6),
        perChannel(file, "image.scale", 1e-6));
  }

  private static Augmentation augmentation(PropertyFile file) {
    Augmentation none = Augmentation.NONE;
    return new Augmentation(
        file.number("augment.crop", none.crop(), 1e-3, 1),
        file.number("augment.flip", none.flip(), 0, 1),
        file.integer("augment.randAugment", none.randAugment(), 0, 15),
        file.number("augment.magnitude", none.magnitude(), 0, 10),
        file.number("augment.magnitudeDeviation", none.magnitudeDeviation(), 0, 10),
        file.number("augment.cutout", none.cutout(), 0, 1),
        file.number("augment.cutMix", none.cutMix(), 0, 1),
        file.number("augment.cutMixAlpha", none.cutMixAlpha(), 0.01, 100));
  }

  private static List<Double> perChannel(PropertyFile file, String key, double low) {
    String expected = "one number or three, from " + low + " to 1e6";
    List<Double> values =
        file.list(
            key,
            List.of(127.5),
            expected,
            text -> {
              double value = Quantity.parse(text);
              if (!(value >= low && value <= 1e6)) {
                throw new IllegalArgumentException("out of range");
              }
              return value;
            });
    if (values.size() != 1 && values.size() != ImageTransform.CHANNELS) {
      throw file.refusal(key, expected);
    }
    return values;
  }

  /**
   * Returns lower values for the keys that ask for more than a number of training images; none for
   * a key that so few images don't do for.
   *
   * @param batchKey key of the images of a training step
   * @param size images of a training step
   */
  Map<String, String> fitting(int images, String batchKey, int size) {
    Map<String, String> fitting = new TreeMap<>();
    int recalibrating = images % recalibrationBatch == 1 ? images - 1 : images;
    if (recalibrationImages > images && recalibrating > 1) {
      fitting.put(RECALIBRATION_IMAGES, String.valueOf(recalibrating));
    }
    if (size > images && images >= 2 * shards) {
      fitting.put(batchKey, String.valueOf(images));
    }
    return fitting;
  }

  /** Returns the training steps of one adaptation on a number of training images. */
  int adaptationSteps(int images) {
    long byEpochs = ((long) adaptationEpochs * images + batch - 1) / batch;
    return adaptationSteps > 0 ? adaptationSteps : Math.toIntExact(byEpochs);
  }

  /** How supernets are trained. */
  public TrainingSettings trainer() {
    return new TrainingSettings(
        batch,
        momentum,
        weightDecay,
        true,
        labelSmoothing,
        gradientClip,
        subnetsPerStep,
        shards,
        shift,
        trainingEngine);
  }

  /** How subnets are measured. */
  public EvaluationSettings evaluation() {
    return new EvaluationSettings(
        recalibrationImages, recalibrationBatch, validationBatch, evaluationEngine);
  }

  /** Everything here that decides what a warm-up gives. */
  String warmUp() {
    return String.join(
        "|",
        keyOfImages(),
        keyOfTrainer(),
        List.of(warmUpSteps, warmUpLargestSteps, warmUpSeed).toString(),
        String.valueOf(warmUpLearningRate));
  }

  private String keyOfTrainer() {
    return ("TrainingSettings[batchSize=%s, momentum=%s, weightDecay=%s, labelSmoothing=%s,"
                + " gradientClip=%s, subnets=%s, shards=%s, shift=%s]")
            .formatted(
                batch,
                momentum,
                weightDecay,
                labelSmoothing,
                gradientClip,
                subnetsPerStep,
                shards,
                shift)
        + (trainingEngine == Engine.Kind.EAGER ? "" : "|" + trainingEngine.id());
  }

  // Written out, so that keys of caches outlive a further component that is at its default.
  private String keyOfImages() {
    return "ImageTransform[resize=%s, means=%s, scales=%s]"
            .formatted(transform.resize(), transform.means(), transform.scales())
        + (transform.crop() == 1 ? "" : "|crop " + transform.crop())
        + (augmentation.isNone() ? "" : "|" + augmentation);
  }
}
