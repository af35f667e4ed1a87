package io.github.moeanat.problem;

import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.DataSettings;
import io.github.moeanat.internal.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Fits the problem of a folder of one's own to few images. The problem files of other data sets are
 * made for these; what does not fit there is an error.
 *
 * @param definition of the problem
 * @param execution where images are cached
 */
public record FewImages(ProblemDefinition definition, Execution execution) {

  /**
   * Returns lower values for the keys that ask for more training images than there are.
   *
   * @param batchKey key of the images of a training step
   * @param batch images of a training step
   * @throws IllegalArgumentException if the folder is not as it should be
   * @throws UncheckedIOException if the cache of images can't be read or written
   */
  public Map<String, String> fitting(String batchKey, int batch, Progress progress) {
    DataSettings data = definition.data();
    SupernetSettings settings = definition.training();
    int wanted = Math.max(settings.recalibrationImages(), batch);
    if (!data.name().equals(DataSets.FOLDER)) {
      return Map.of();
    }
    try {
      // Which of few images can be read is soon found; many are enough, whichever can.
      return DataSets.leastTrainingImages(data) >= wanted
          ? Map.of()
          : settings.fitting(
              DataSets.load(
                      data, execution.cache(), execution.threads(), progress.withoutWarnings())
                  .search()
                  .train()
                  .size(),
              batchKey,
              batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
