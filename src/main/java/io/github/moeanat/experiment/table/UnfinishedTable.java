package io.github.moeanat.experiment.table;

import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.LockedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that grows: rows are appended behind its head. The file is locked as long as it is open.
 * What a killed process left without its end, a row or the head, is taken away again.
 */
final class UnfinishedTable implements AutoCloseable {

  /** Stands for what could not be measured. */
  static final String FAILED = "NaN";

  private final Path file;
  private final LockedFile locked;
  private final FileChannel channel;
  private final List<String> rows = new ArrayList<>();

  private UnfinishedTable(Path file, LockedFile locked) {
    this.file = file;
    this.locked = locked;
    channel = locked.channel();
  }

  /**
   * Opens a file, made if it is not there, so that unfinished work is known from its beginning.
   *
   * @throws IllegalArgumentException if another process has it
   * @throws IOException if it can't be opened
   */
  static UnfinishedTable open(Path file) throws IOException {
    try {
      return LockedFile.open(file)
          .map(locked -> new UnfinishedTable(file, locked))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      file + " is being written by another process; wait for its end"));
    } catch (IOException e) {
      throw new IOException("can't write " + file + ": " + IoReason.of(file, e), e);
    }
  }

  /**
   * Reads what there is, or writes the head if there is nothing.
   *
   * @param comments its head; a table with another head is refused
   * @param known what the rows begin with, in their order
   * @throws IllegalArgumentException if it was made otherwise or is damaged
   * @throws IOException if it can't be read or written
   */
  void begin(List<String> comments, List<String> header, List<String> known) throws IOException {
    String head = text(comments, header, List.of());
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Until all is read.
    }
    int end = bytes.position();
    while (end > 0 && bytes.get(end - 1) != '\n') {
      end--;
    }
    String text = new String(bytes.array(), 0, end, StandardCharsets.UTF_8);
    if (head.startsWith(text)) {
      channel.truncate(0);
      write(head);
      return;
    }
    if (!text.startsWith(head)) {
      throw otherwise(file, text.lines().toList(), head.lines().toList());
    }
    List<String> found = text.substring(head.length()).lines().toList();
    int cells = header.size();
    for (int i = 0; i < found.size(); i++) {
      if (i >= known.size() || !isRow(found.get(i), known.get(i), cells)) {
        throw new IllegalArgumentException(
            "%s: line %d is not the row that was written: '%s'; remove the file to begin anew"
                .formatted(file, head.lines().count() + i + 1, found.get(i)));
      }
    }
    channel.truncate(end);
    rows.addAll(found);
  }

  /**
   * Returns the message for a table whose head is another one than expected.
   *
   * @param earlier its lines
   * @param now the lines that were expected
   */
  static IllegalArgumentException otherwise(Path file, List<String> earlier, List<String> now) {
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
        if (!(share >= 0 && share <= 1) && !cell.equals(FAILED)) {
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
    write(text.toString());
    rows.addAll(lines);
  }

  private void write(String text) throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      long at = channel.size();
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("can't write " + file + ": " + IoReason.of(file, e), e);
    }
  }

  /**
   * Forgets all there is.
   *
   * @throws IOException if it can't be written
   */
  void clear() throws IOException {
    channel.truncate(0);
    rows.clear();
  }

  /**
   * Removes the file while nobody else can have it.
   *
   * @throws IOException if it can't be removed
   */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Lets others open the file. */
  @Override
  public void close() throws IOException {
    locked.close();
  }
}
