package io.github.moeanat.problem.table;

import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.PackedFile;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.text.StringTokenizer;

/**
 * Rows of texts from a file: CSV with a header, or JSON that is a list of objects or an object of
 * them, whose names are then the column {@code key}. Either may be compressed by gzip, which the
 * ending tells.
 *
 * @param comments lines of a CSV file that begin with a {@code #}, without it
 * @param columns of a CSV file; of the first row of a JSON file
 * @param rows in the order of the file
 */
record TableFile(List<String> comments, List<String> columns, List<TableRow> rows) {

  /** The folder of tables that come with the program. */
  static final PackedFile PACKED = new PackedFile("tables");

  /** The column of the names of rows. */
  static final String KEY = "key";

  private static final String COMMENT = "#";
  private static final String GZIP = ".gz";
  // Some spreadsheets write one.
  private static final String BYTE_ORDER_MARK = "\ufeff";

  TableFile {
    comments = List.copyOf(comments);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  private TableFile(List<String> comments, List<TableRow> rows) {
    this(comments, rows.isEmpty() ? List.of() : List.copyOf(rows.get(0).cells().keySet()), rows);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if there is no such file, it can't be read or is no table; the
   *     message names file and line
   */
  static TableFile read(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean compressed = name.endsWith(GZIP);
    String plain = compressed ? name.substring(0, name.length() - GZIP.length()) : name;
    if (!plain.endsWith(".csv") && !plain.endsWith(".json")) {
      throw new IllegalArgumentException(
          "table %s: expected a file that ends in .csv or .json, and .gz if it is compressed"
              .formatted(file));
    }
    if (!Files.exists(file) && PACKED.find(file).isEmpty()) {
      throw new IllegalArgumentException("no table %s%s".formatted(file, PACKED.sought(file)));
    }
    try {
      String text = text(file, compressed);
      TableFile table =
          plain.endsWith(".csv")
              ? ofCsv(file, text)
              : new TableFile(List.of(), JsonRows.read(file, text));
      if (table.rows().isEmpty()) {
        throw new IllegalArgumentException(file + " has no rows");
      }
      return table;
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + file + ": " + reason(file, e), e);
    }
  }

  private static String text(Path file, boolean compressed) throws IOException {
    byte[] bytes = PACKED.read(file);
    if (compressed) {
      try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = stream.readAllBytes();
      }
    }
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private static String reason(Path file, IOException error) {
    return error instanceof ZipException || error instanceof EOFException
        ? "it is no whole gzip file"
        : IoReason.of(file, error);
  }

  private static TableFile ofCsv(Path file, String text) {
    List<String> comments = new ArrayList<>();
    List<String> columns = List.of();
    List<TableRow> rows = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String place = file + ": line " + number;
      if (line.startsWith(COMMENT)) {
        comments.add(line.substring(1).strip());
      } else if (!line.isBlank() && columns.isEmpty()) {
        columns = cells(line);
        if (columns.contains("") || new HashSet<>(columns).size() < columns.size()) {
          throw new IllegalArgumentException(
              "%s: the columns are %s, expected a name for each and none twice"
                  .formatted(place, columns));
        }
      } else if (!line.isBlank()) {
        rows.add(new TableRow(place, byColumn(place, columns, cells(line))));
      }
    }
    return new TableFile(comments, columns, rows);
  }

  private static Map<String, String> byColumn(
      String place, List<String> columns, List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "%s has %d cells, expected %d, as the header has"
              .formatted(place, cells.size(), columns.size()));
    }
    Map<String, String> byColumn = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      byColumn.put(columns.get(i), cells.get(i));
    }
    return byColumn;
  }

  private static List<String> cells(String line) {
    return StringTokenizer.getCSVInstance(line).getTokenList();
  }
}
