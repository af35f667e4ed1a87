package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.surrogate.PredictionError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The table of what each iteration of a search did. */
public final class HistoryCsv {

  private static final List<String> COUNTS =
      List.of(
          "iteration", "evaluations", "predictions", "new_members", "archive_size", "hypervolume");
  private static final List<String> ERRORS = List.of("predicted", "rmse", "spearman", "kendall");

  private HistoryCsv() {}

  /** Names of the values that had to be predicted, in the problem's order. */
  static List<String> predictedValues(List<IterationRecord> history) {
    return history.isEmpty() ? List.of() : List.copyOf(history.get(0).newErrors().keySet());
  }

  /**
   * Writes the table whole or not at all. Behind the counts of an iteration stand, for each
   * predicted value, the errors on new members and those on old ones.
   *
   * @throws IOException if the file can't be written
   */
  public static void write(Path file, List<IterationRecord> history) throws IOException {
    List<String> values = predictedValues(history);
    List<String> header = new ArrayList<>(COUNTS);
    for (String value : values) {
      for (String members : List.of("new", "old")) {
        ERRORS.forEach(error -> header.add("%s_%s_%s".formatted(value, members, error)));
      }
    }
    Csv.write(file, header, history.stream().map(record -> row(record, values)).toList());
  }

  private static List<Object> row(IterationRecord record, List<String> values) {
    List<Object> row =
        new ArrayList<>(
            List.of(
                record.iteration(),
                record.evaluations(),
                record.predictions(),
                record.newMembers(),
                record.archiveSize(),
                record.hypervolume()));
    for (String value : values) {
      for (Map<String, PredictionError> errors : List.of(record.newErrors(), record.oldErrors())) {
        PredictionError error = errors.get(value);
        row.addAll(List.of(error.size(), error.rmse(), error.spearman(), error.kendall()));
      }
    }
    return row;
  }
}
