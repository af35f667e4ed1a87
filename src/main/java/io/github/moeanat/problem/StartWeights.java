package io.github.moeanat.problem;

import ai.djl.Device;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.training.LearningRate;
import io.github.moeanat.training.SupernetTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The weights that a problem is built with: read from the file that the problem names, or warmed up
 * from random ones. Warmed-up weights are cached under a hash of everything that made them.
 */
final class StartWeights {

  // Raised whenever the warm-up itself changes, so that older caches are left alone.
  private static final int WARM_UP_VERSION = 1;

  private final ProblemDefinition definition;
  private final Execution execution;

  StartWeights(ProblemDefinition definition, Execution execution) {
    this.definition = definition;
    this.execution = execution;
  }

  /**
   * Returns the weights.
   *
   * @param dataHash hash of the data set
   * @throws IllegalArgumentException if a file's weights are not those of the problem's supernet
   * @throws UncheckedIOException if a file can't be read or the cache can't be written
   */
  Weights load(SearchData data, String dataHash, Progress progress) {
    try {
      if (definition.weights().isPresent()) {
        return checked(Path.of(definition.weights().get()));
      }
      Path cached = execution.cache().resolve("supernet-" + key(dataHash) + ".safetensors");
      if (Files.exists(cached)) {
        return checked(cached);
      }
      Weights weights = warmUp(data, progress);
      Safetensors.write(weights, cached);
      return weights;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Weights checked(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("no weights file " + file);
    }
    Weights weights = Safetensors.read(file);
    try {
      weights.requireShapes(definition.network(), definition.space());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    return weights;
  }

  private Weights warmUp(SearchData data, Progress progress) {
    SupernetSettings settings = definition.training();
    Seeds seeds = new Seeds(settings.warmUpSeed());
    Weights initial =
        Weights.initial(definition.network(), definition.space(), seeds.derive("initial weights"));
    if (settings.warmUpSteps() == 0) {
      return initial;
    }
    Device device = PyTorch.device(execution.device());
    ArchitectureSampler sampler = new ArchitectureSampler(definition.space());
    Architecture largest = sampler.largest();
    try (Supernet supernet =
            new Supernet(initial, definition.network(), definition.space(), device);
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet, data, settings.transform(), settings.trainer(), execution.threads())) {
      trainer.train(
          settings.warmUpSteps(),
          (step, subnet) ->
              step < settings.warmUpLargestSteps()
                  ? largest
                  : sampler.sample(seeds.generator("warm-up", step, subnet)),
          LearningRate.cosine(settings.warmUpLearningRate(), 0, 1, settings.warmUpSteps()),
          seeds.derive("warm-up images"),
          progress.named("warming up the supernet (once, then cached)"));
      return supernet.toWeights();
    }
  }

  private String key(String dataHash) {
    String everything =
        String.join(
            "|",
            "warm-up " + WARM_UP_VERSION,
            dataHash,
            definition.network().toString(),
            definition.space().toString(),
            definition.training().warmUp());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(everything.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
