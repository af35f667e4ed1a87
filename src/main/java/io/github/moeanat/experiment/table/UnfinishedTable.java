package io.github.moeanat.experiment.table;

import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that grows: its head is written as a whole, its rows are appended. A last row that a
 * killed process left without its end is taken away again.
 */
final class UnfinishedTable {

  private final Path file;
  private final List<String> rows;

  private UnfinishedTable(Path file, List<String> rows) {
    this.file = file;
    this.rows = new ArrayList<>(rows);
  }

  /**
   * Opens a table, or begins it if it is not there.
   *
   * @param comments its head; one with another head is refused
   * @param known what the rows begin with, in their order
   * @throws IllegalArgumentException if it was made otherwise or is damaged
   * @throws IOException if it can't be read or written
   */
  static UnfinishedTable open(
      Path file, List<String> comments, List<String> header, List<String> known)
      throws IOException {
    String head = text(comments, header, List.of());
    if (!Files.exists(file)) {
      AtomicFile.writeText(file, writer -> writer.write(head));
      return new UnfinishedTable(file, List.of());
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    if (!text.startsWith(head)) {
      throw otherwise(file, text.lines().toList(), head.lines().toList());
    }
    List<String> rows = text.substring(head.length()).lines().toList();
    int cells = header.size();
    for (int i = 0; i < rows.size(); i++) {
      if (i >= known.size() || !isRow(rows.get(i), known.get(i), cells)) {
        throw new IllegalArgumentException(
            "%s: line %d is not the row that was written: '%s'; remove the file to begin anew"
                .formatted(file, head.lines().count() + i + 1, rows.get(i)));
      }
    }
    if (end < bytes.length) {
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(end);
      }
    }
    return new UnfinishedTable(file, rows);
  }

  private static IllegalArgumentException otherwise(
      Path file, List<String> earlier, List<String> now) {
    for (int i = 0; i < now.size(); i++) {
      String then = i < earlier.size() ? earlier.get(i) : "";
      if (!then.equals(now.get(i))) {
        return new IllegalArgumentException(
            "%s: line %d is '%s', now '%s': it was made otherwise; remove it to begin anew"
                .formatted(file, i + 1, then, now.get(i)));
      }
    }
    return new IllegalArgumentException(file + " is damaged; remove it to begin anew");
  }

  private static boolean isRow(String row, String known, int cells) {
    if (!row.startsWith(known)) {
      return false;
    }
    String[] measured = row.substring(known.length()).split(",", -1);
    if (known.chars().filter(c -> c == ',').count() + measured.length != cells) {
      return false;
    }
    for (String cell : measured) {
      try {
        double share = Double.parseDouble(cell);
        if (!(share >= 0 && share <= 1)) {
          return false;
        }
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return true;
  }

  /** Returns the text of a table. */
  static String text(List<String> comments, List<String> header, List<String> rows) {
    StringBuilder text = new StringBuilder();
    comments.forEach(comment -> text.append("# ").append(comment).append('\n'));
    text.append(String.join(",", header)).append('\n');
    rows.forEach(row -> text.append(row).append('\n'));
    return text.toString();
  }

  /** The rows so far. */
  List<String> rows() {
    return List.copyOf(rows);
  }

  /**
   * Appends rows; they are on the disk when this returns.
   *
   * @throws IOException if they can't be written
   */
  void append(List<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    try (FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
      stream.write(text.toString().getBytes(StandardCharsets.UTF_8));
      stream.getFD().sync();
    } catch (IOException e) {
      throw new IOException("can't write " + file + ": " + IoReason.of(file, e), e);
    }
    rows.addAll(lines);
  }
}
