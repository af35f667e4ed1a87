package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.surrogate.PredictionError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCsvTest {

  @TempDir private Path folder;

  @Test
  void anIterationIsARowInEveryLocale() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      PredictionError none = new PredictionError(0, Double.NaN, Double.NaN, Double.NaN);
      PredictionError some = new PredictionError(8, 0.1 + 0.2, 0.5, -1.0E-7);
      Path file = folder.resolve("history.csv");
      HistoryCsv.write(
          file,
          List.of(
              new IterationRecord(
                  3, 124, 30_000L, 8, 100, 0.75, Map.of("error", some), Map.of("error", none))));
      assertEquals(
          "iteration,evaluations,predictions,new_members,archive_size,hypervolume,"
              + "error_new_predicted,error_new_rmse,error_new_spearman,error_new_kendall,"
              + "error_old_predicted,error_old_rmse,error_old_spearman,error_old_kendall\n"
              + "3,124,30000,8,100,0.75,8,0.30000000000000004,0.5,-1.0E-7,0,NaN,NaN,NaN\n",
          Files.readString(file));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void cellsAreQuotedWhereTheyMustBe() throws IOException {
    Path file = folder.resolve("a.csv");
    Csv.write(
        file, List.of("a", "b c"), List.of(Arrays.asList("1,2", null), List.of("\"x\"", "y")));
    assertEquals("a,b c\n\"1,2\",\n\"\"\"x\"\"\",y\n", Files.readString(file));
  }

  @Test
  void aTableThatIsNotOneIsRefused() {
    Path file = folder.resolve("a.csv");
    assertThrows(
        IllegalArgumentException.class,
        () -> Csv.write(file, List.of("a", "b"), List.of(List.of(1, 2), List.of(1))));
    assertThrows(
        IllegalArgumentException.class, () -> Csv.write(file, List.of("a", "a"), List.of()));
    assertFalse(Files.exists(file));
  }
}
