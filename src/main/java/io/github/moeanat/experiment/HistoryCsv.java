package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.PredictionError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The table of what each iteration of a search did. */
public final class HistoryCsv {

  private static final List<String> HEADER =
      List.of(
          "iteration",
          "evaluations",
          "predictions",
          "newMembers",
          "archiveSize",
          "hypervolume",
          "newPredicted",
          "newRmse",
          "newSpearman",
          "newKendall",
          "oldPredicted",
          "oldRmse",
          "oldSpearman",
          "oldKendall");

  private HistoryCsv() {}

  /**
   * Writes the table whole or not at all.
   *
   * @throws IOException if the file can't be written
   */
  public static void write(Path file, List<IterationRecord> history) throws IOException {
    Csv.write(file, HEADER, history.stream().map(HistoryCsv::row).toList());
  }

  private static List<Object> row(IterationRecord record) {
    PredictionError fresh = record.newError();
    PredictionError old = record.oldError();
    return List.of(
        record.iteration(),
        record.evaluations(),
        record.predictions(),
        record.newMembers(),
        record.archiveSize(),
        record.hypervolume(),
        fresh.size(),
        fresh.rmse(),
        fresh.spearman(),
        fresh.kendall(),
        old.size(),
        old.rmse(),
        old.spearman(),
        old.kendall());
  }
}
