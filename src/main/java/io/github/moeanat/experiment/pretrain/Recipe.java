package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.pretrain.Phase.Choices;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A recipe file: the phases in which a supernet is pretrained. Progressive shrinking (Cai et al.,
 * ICLR 2020) is one recipe, training smallest, largest and random subnets together (Yu et al., ECCV
 * 2020) another.
 *
 * @param batch training images of a step
 * @param momentum of SGD with Nesterov momentum
 * @param weightDecay share of the parameters added to their gradient
 * @param decayNorms whether scales of normalisations and biases decay too
 * @param labelSmoothing share of the target that goes to all classes alike
 * @param gradientClip largest length of a step's gradient, 0 for no limit
 * @param validationImages how many judge the smallest, a middle and the largest subnet after each
 *     epoch
 * @param reportSubnets random subnets that are measured at the end
 * @param reportTest whether they are measured on test images too
 * @param checkpointSteps steps after which the state is saved
 * @param phases in order
 */
public record Recipe(
    int batch,
    double momentum,
    double weightDecay,
    boolean decayNorms,
    double labelSmoothing,
    double gradientClip,
    int validationImages,
    int reportSubnets,
    boolean reportTest,
    int checkpointSteps,
    List<Phase> phases) {

  /** Key of the images of a step. */
  public static final String BATCH = "batch";

  private static final int MANY = 1_000_000;
  private static final double LOWEST_WEIGHT = 1e-6;
  private static final String NONE = "none";
  private static final String IN_PLACE = "in-place";
  private static final String ALL = "all";

  /** Copies the list. */
  public Recipe {
    phases = List.copyOf(phases);
  }

  /**
   * Reads a recipe file.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is not what is expected; the
   *     message names file, key and value
   */
  public static Recipe read(PropertyFile file) {
    return read(file, List.of());
  }

  /**
   * Reads a recipe as {@link #read(PropertyFile)} does.
   *
   * @param others keys that belong elsewhere and are suggested for unknown ones
   */
  public static Recipe read(PropertyFile file, Collection<String> others) {
    file.choice("algorithm", List.of(NatAlgorithms.RECIPE));
    file.text("description", "");
    List<Phase> phases = new ArrayList<>();
    file.text("phases");
    List<String> names =
        file.list(
            "phases",
            List.of(),
            "names of lower-case letters, digits and hyphens, other than %s and %s"
                .formatted(NONE, IN_PLACE),
            Recipe::requireName);
    if (new HashSet<>(names).size() < names.size()) {
      throw file.refusal("phases", "each phase at most once");
    }
    double scale = file.number("epochScale", 1, 1e-6, 1e6);
    Choices open = Choices.LARGEST;
    for (String name : names) {
      Phase phase = phase(file, name, open, phases, scale);
      open = phase.open();
      phases.add(phase);
    }
    Recipe recipe =
        new Recipe(
            file.integer(BATCH, 64, 2, MANY),
            file.number("momentum", 0.9, 0, 1),
            file.number("weightDecay", 3e-5, 0, 1),
            truth(file, "decayNorms", false),
            file.number("labelSmoothing", 0.1, 0, 0.99),
            file.number("gradientClip", 0, 0, 1e6),
            file.integer("validationImages", 2000, 1, Integer.MAX_VALUE),
            file.integer("reportSubnets", 100, 0, MANY),
            truth(file, "reportTest", true),
            file.integer("checkpointSteps", 100, 1, MANY),
            phases);
    file.refuseUnread(others);
    return recipe;
  }

  private static String requireName(String name) {
    // Two words stand for other teachers than a phase.
    if (!name.matches("[a-z0-9-]+") || List.of(NONE, IN_PLACE).contains(name)) {
      throw new IllegalArgumentException("no name");
    }
    return name;
  }

  private static void requireWarmUpWithin(
      PropertyFile file, String prefix, double warmUp, double epochs) {
    String key = prefix + "warmUpEpochs";
    if (warmUp > epochs) {
      throw file.isOverridden(prefix + "epochs") && !file.isOverridden(key)
          ? file.refusal(
              prefix + "epochs",
              "at least %s, which is %s; epochScale shortens both".formatted(key, warmUp))
          : file.refusal(key, "at most %sepochs, which is %s".formatted(prefix, epochs));
    }
  }

  private static Phase phase(
      PropertyFile file, String name, Choices before, List<Phase> earlier, double scale) {
    String prefix = "phase." + name + ".";
    file.text(prefix + "epochs");
    double epochs = file.number(prefix + "epochs", 1, 1e-3, MANY);
    double warmUp = file.number(prefix + "warmUpEpochs", 0, 0, MANY);
    requireWarmUpWithin(file, prefix, warmUp, epochs);
    Choices open =
        new Choices(
            count(file, prefix + "resolutions", before.resolutions()),
            count(file, prefix + "kernelSizes", before.kernelSizes()),
            count(file, prefix + "depths", before.depths()),
            count(file, prefix + "expandRatios", before.expandRatios()));
    // As texts, for what is absent is written to the run's properties as it is read here.
    List<Phase.Kind> subnets =
        file
            .list(
                prefix + "subnets",
                List.of(Phase.Kind.RANDOM.id()),
                String.join(", ", Phase.Kind.ids()),
                text -> Phase.Kind.of(text).id())
            .stream()
            .map(Phase.Kind::of)
            .toList();
    String teacher = file.text(prefix + "teacher", NONE);
    boolean named = earlier.stream().anyMatch(phase -> phase.name().equals(teacher));
    if (!named && !teacher.equals(NONE) && !teacher.equals(IN_PLACE)) {
      throw file.refusal(
          prefix + "teacher", "%s, %s or the name of an earlier phase".formatted(NONE, IN_PLACE));
    }
    if (teacher.equals(IN_PLACE) && (subnets.get(0) != Phase.Kind.LARGEST || subnets.size() < 2)) {
      throw file.refusal(
          prefix + "teacher", "subnets that begin with the largest, which teaches the others");
    }
    boolean taught = !teacher.equals(NONE);
    double labels = 1;
    double weight = 0;
    if (taught) {
      labels = file.number(prefix + "labels", teacher.equals(IN_PLACE) ? 0 : 1, 0, 1e3);
      weight = file.number(prefix + "teacherWeight", 1, LOWEST_WEIGHT, 1e3);
    } else {
      for (String key : List.of(prefix + "labels", prefix + "teacherWeight")) {
        if (file.values().containsKey(key)) {
          throw file.refusal(key, "nothing where " + prefix + "teacher is none");
        }
      }
    }
    return new Phase(
        name,
        scaled(epochs, scale),
        scaled(warmUp, scale),
        file.number(prefix + "learningRate", 0.1, 1e-12, 10),
        open,
        subnets,
        named ? Optional.of(teacher) : Optional.empty(),
        labels,
        weight,
        truth(file, prefix + "sortChannels", false));
  }

  // A product that is whole but for rounding would begin an epoch of no steps.
  private static double scaled(double epochs, double scale) {
    return Math.rint(epochs * scale * 1e9) / 1e9;
  }

  private static boolean truth(PropertyFile file, String key, boolean absent) {
    String value = file.text(key, String.valueOf(absent));
    if (!value.matches("true|false")) {
      throw file.refusal(key, "true or false");
    }
    return Boolean.parseBoolean(value);
  }

  private static int count(PropertyFile file, String key, int before) {
    String text = file.text(key, before == Choices.ALL ? ALL : String.valueOf(before));
    int count =
        text.equals(ALL) ? Choices.ALL : text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (count < before) {
      throw file.refusal(
          key, "all, or how many of the largest choices: no fewer than in the phase before");
    }
    return count;
  }

  /**
   * Returns the phase of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Phase phase(String name) {
    return phases.stream()
        .filter(phase -> phase.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no phase '%s', expected one of %s"
                        .formatted(name, phases.stream().map(Phase::name).toList())));
  }

  /** Returns how a phase is trained with the engine, shards and shifts of a problem. */
  TrainingSettings trainer(Phase phase, SupernetSettings problem) {
    return new TrainingSettings(
        batch,
        momentum,
        weightDecay,
        decayNorms,
        labelSmoothing,
        gradientClip,
        phase.subnets().size(),
        problem.shards(),
        problem.shift(),
        problem.trainingEngine());
  }

  /** Returns the training steps that a number of epochs takes, at least one. */
  long steps(double epochs, int images) {
    return Math.max(1, Math.round(epochs * images / batch));
  }
}
