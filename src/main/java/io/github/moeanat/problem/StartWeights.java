package io.github.moeanat.problem;

import ai.djl.Device;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.CacheFolder;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.internal.Sha256;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The weights that a problem is built with: read from the files that the problem names, or warmed
 * up, from random ones or from those of a file whose classifier is for other classes. Warmed-up
 * weights are cached under a hash of everything that made them; each supernet is warmed up as if it
 * were the only one.
 */
final class StartWeights {

  // Raised whenever the warm-up itself changes, so that older caches are left alone.
  private static final int WARM_UP_VERSION = 4;

  // A warm-up that is stopped goes on from the last of these.
  private static final int PART_STEPS = 100;
  private static final Logger LOGGER = System.getLogger(StartWeights.class.getName());

  private final ProblemDefinition definition;
  private final Execution execution;

  /**
   * What a warm-up begins with.
   *
   * @param weights the weights, made when they are needed
   * @param origin what is added to the key of its result
   * @param doing what it is called
   */
  private record Start(Supplier<Weights> weights, String origin, String doing) {}

  StartWeights(ProblemDefinition definition, Execution execution) {
    this.definition = definition;
    this.execution = execution;
  }

  /**
   * Returns the weights.
   *
   * @param own what is to be said of the data set
   * @throws IllegalArgumentException if a weights file of the problem is missing, damaged or not of
   *     its supernet
   * @throws UncheckedIOException if the cache can't be read or written
   */
  FamilyWeights load(SearchData data, TrainingOrigin own, Progress progress) {
    List<Double> widths = definition.space().widths();
    Map<Double, Weights> members = new TreeMap<>();
    if (definition.weights().isEmpty()) {
      if (definition.training().warmUpSteps() == 0) {
        progress.warning(
            definition.name()
                + " names no supernet.weights and no warm-up: its weights are random");
      }
      for (double width : widths) {
        members.put(width, warmedUp(width, initial(width), data, own.hash(), progress));
      }
      return new FamilyWeights(members);
    }
    // All files are read before a supernet is trained.
    Map<Double, ProblemWeights.Found> found = new TreeMap<>();
    for (int i = 0; i < widths.size(); i++) {
      Path file = Path.of(definition.weights().get(i));
      found.put(widths.get(i), ProblemWeights.read(definition, file, widths.get(i), own));
    }
    found.values().forEach(given -> warnOfOtherSplit(given, own, progress));
    found.forEach(
        (width, given) -> members.put(width, fitted(width, given, data, own.hash(), progress)));
    return new FamilyWeights(members);
  }

  private static void warnOfOtherSplit(
      ProblemWeights.Found found, TrainingOrigin own, Progress progress) {
    if (TrainingOrigin.of(found.metadata()).filter(own::isOtherSplitOf).isPresent()) {
      progress.warning(
          "%s was trained on other images of %s than these, on another split of these, or on the same kept at another size (data.cacheSide, which follows the largest resolution); unless it is the size, it may have seen what chooses or tests networks here"
              .formatted(found.file(), own.data()));
    }
  }

  private Weights fitted(
      double width,
      ProblemWeights.Found found,
      SearchData data,
      String dataHash,
      Progress progress) {
    if (!found.fresh()) {
      return found.weights();
    }
    if (definition.training().warmUpSteps() == 0) {
      ProblemWeights.warnOfFresh(definition, found, progress);
      return found.weights();
    }
    Start start =
        new Start(
            found::weights,
            "|from " + found.weights().hash(),
            "adapting %s to %d classes"
                .formatted(definition.supernetName(width), definition.classes()));
    return warmedUp(width, start, data, dataHash, progress);
  }

  private Start initial(double width) {
    long seed = new Seeds(definition.training().warmUpSeed()).derive("initial weights");
    MobileNetV3 network = definition.network(width);
    SearchSpace space = definition.space().ofWidth(width);
    return new Start(
        () -> Weights.initial(network, space, seed).withIdentityResiduals(network, space),
        "",
        "warming up " + definition.supernetName(width));
  }

  private Weights warmedUp(
      double width, Start start, SearchData data, String dataHash, Progress progress) {
    try {
      String key = key(width, start, dataHash);
      Path cached = execution.cache().resolve("supernet-" + key + ".safetensors");
      Weights found = Files.exists(cached) ? cached(cached, width) : null;
      if (found != null) {
        return found;
      }
      CacheFolder.make(execution.cache());
      Path part = cached.resolveSibling(cached.getFileName() + ".part");
      Weights weights = warmUp(width, start, data, part, progress);
      Safetensors.write(weights, cached);
      Files.deleteIfExists(part);
      return weights;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Weights cached(Path file, double width) throws IOException {
    try {
      return ProblemWeights.read(definition, file, width).weights();
    } catch (IllegalArgumentException e) {
      // What is cached can be made again.
      LOGGER.log(Level.WARNING, "{0}; it is made anew", e.getMessage());
      Files.delete(file);
      return null;
    }
  }

  private Weights warmUp(double width, Start start, SearchData data, Path part, Progress progress)
      throws IOException {
    SupernetSettings settings = definition.training();
    Seeds seeds = new Seeds(settings.warmUpSeed());
    SearchSpace space = definition.space().ofWidth(width);
    Optional<TrainedState> reached = TrainedState.read(part);
    Weights weights = reached.map(TrainedState::weights).orElseGet(start.weights());
    if (settings.warmUpSteps() == 0) {
      return weights;
    }
    int done = reached.map(TrainedState::steps).orElse(0);
    Device device = PyTorch.device(execution.device());
    try (Supernet supernet = new Supernet(weights, definition.network(width), space, device);
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet,
                data,
                settings.transform(),
                settings.augmentation(),
                settings.trainer(),
                execution.threads());
        Progress.Phase phase = progress.begin(start.doing(), settings.warmUpSteps() - done)) {
      reached.map(TrainedState::momentum).ifPresent(trainer::restore);
      for (int step = done; step < settings.warmUpSteps(); step += PART_STEPS) {
        int steps = Math.min(PART_STEPS, settings.warmUpSteps() - step);
        // The trainer closes the phase that it is given; this one goes on.
        train(trainer, space, step, steps, seeds, (name, count) -> () -> phase.step());
        new TrainedState(step + steps, supernet.toWeights(), trainer.momentum()).write(part);
      }
      return supernet.toWeights();
    }
  }

  private void train(
      SupernetTrainer trainer,
      SearchSpace space,
      int first,
      int steps,
      Seeds seeds,
      Progress told) {
    SupernetSettings settings = definition.training();
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    Architecture largest = sampler.largest();
    trainer.train(
        first,
        steps,
        (step, subnet) ->
            step < settings.warmUpLargestSteps()
                ? largest
                : sampler.sample(seeds.generator("warm-up", step, subnet)),
        LearningRate.cosine(settings.warmUpLearningRate(), 0, 1, settings.warmUpSteps()),
        seeds.derive("warm-up images"),
        told);
  }

  private String key(double width, Start start, String dataHash) {
    String everything =
        String.join(
            "|",
            "warm-up " + WARM_UP_VERSION,
            "PyTorch " + PyTorch.version() + " on " + execution.deviceKind(),
            dataHash,
            definition.network(width).toString(),
            definition.space().ofWidth(width).toString(),
            definition.training().warmUp() + start.origin());
    return Sha256.of(everything).substring(0, 32);
  }
}
