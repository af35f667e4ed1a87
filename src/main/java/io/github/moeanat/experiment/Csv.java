package io.github.moeanat.experiment;

import io.github.moeanat.internal.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Tables as RFC 4180 has them, except that lines end in {@code \n}. Numbers are written as {@code
 * toString} has them in every locale: a double is read back as the same double, NaN is {@code NaN}.
 */
public final class Csv {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator('\n').build();

  private Csv() {}

  /**
   * Writes a table whole or not at all.
   *
   * @param header names of the columns
   * @param rows the cells: numbers, texts; null is an empty cell
   * @throws IllegalArgumentException if a column's name comes twice or a row has too few or too
   *     many cells
   * @throws IOException if the file can't be written
   */
  public static void write(Path file, List<String> header, List<? extends List<?>> rows)
      throws IOException {
    if (new HashSet<>(header).size() != header.size()) {
      throw new IllegalArgumentException("columns are " + header + ", expected none twice");
    }
    for (List<?> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "a row has %d cells, expected %d: %s".formatted(row.size(), header.size(), row));
      }
    }
    AtomicFile.writeText(
        file,
        writer -> {
          CSVPrinter printer = new CSVPrinter(writer, FORMAT);
          printer.printRecord(header);
          for (List<?> row : rows) {
            printer.printRecord(row);
          }
          printer.flush();
        });
  }
}
