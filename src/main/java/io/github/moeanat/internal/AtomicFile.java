package io.github.moeanat.internal;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Writes files whole or not at all: a reader finds the old content or the new one, and so does the
 * next start after a kill at any instant.
 */
public final class AtomicFile {

  private static final String TEMPORARY = ".tmp";
  private static final AtomicLong COUNTER = new AtomicLong();

  /**
   * Produces the content of a file.
   *
   * @param <T> what it is written to
   */
  @FunctionalInterface
  public interface Content<T> {

    /** Writes everything; closing is left to the caller. */
    void writeTo(T destination) throws IOException;
  }

  /** Looks at a file before it takes its place. */
  @FunctionalInterface
  public interface Check {

    /**
     * Looks at what was written.
     *
     * @param written the whole file, still under another name
     * @throws IOException if it must not take its place
     */
    void accept(Path written) throws IOException;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a binary file.
   *
   * @throws IOException if that fails; the message is one line naming file and reason, and what was
   *     there before is still there
   */
  public static void write(Path file, Content<OutputStream> content) throws IOException {
    write(file, content, written -> {});
  }

  /**
   * Writes a binary file that takes its place only if it passes a check.
   *
   * @throws IOException as above, or what the check throws, as it is
   */
  public static void write(Path file, Content<OutputStream> content, Check check)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path temporary = temporary(target);
    try {
      attempt(
          file,
          () -> {
            // Not left to the stream: only this call tells a missing folder from a refused one.
            Files.createFile(temporary);
            fill(temporary, content);
          });
      check.accept(temporary);
      attempt(
          file,
          () ->
              Files.move(
                  temporary,
                  target,
                  StandardCopyOption.ATOMIC_MOVE,
                  StandardCopyOption.REPLACE_EXISTING));
    } finally {
      remove(temporary);
    }
  }

  private static void attempt(Path file, Action action) throws IOException {
    try {
      action.run();
    } catch (UncheckedIOException e) {
      throw failure(file, e.getCause());
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /**
   * Writes a text file in UTF-8. Lines end as the content ends them, which should be {@code \n}.
   *
   * @throws IOException as for {@link #write}
   */
  public static void writeText(Path file, Content<Writer> content) throws IOException {
    write(
        file,
        stream -> {
          Writer writer =
              new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          content.writeTo(writer);
          writer.flush();
        });
  }

  /** Returns whether a file is what a killed process left of writing {@code target}. */
  public static boolean isLeftover(Path file, String target) {
    String name = file.getFileName().toString();
    return name.startsWith("." + target + ".") && name.endsWith(TEMPORARY);
  }

  /**
   * Removes what killed processes left of writing a file. What was changed within the last hour may
   * still be written by another process, and stays.
   *
   * @throws IOException if the folder can't be read
   */
  public static void removeLeftovers(Path target) throws IOException {
    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    String name = target.getFileName().toString();
    try (Stream<Path> files = Files.list(target.toAbsolutePath().getParent())) {
      for (Path file : files.filter(other -> isLeftover(other, name)).toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(hourAgo)) {
          remove(file);
        }
      }
    }
  }

  // A name of its own for every writer: two processes may fill the same cache entry.
  private static Path temporary(Path target) {
    long process = ProcessHandle.current().pid();
    return target.resolveSibling(
        String.format(
            Locale.ROOT,
            ".%s.%d-%d%s",
            target.getFileName(),
            process,
            COUNTER.incrementAndGet(),
            TEMPORARY));
  }

  private static void fill(Path temporary, Content<OutputStream> content) throws IOException {
    // A FileOutputStream, for an interrupt closes channels, and what is saved then matters most.
    try (FileOutputStream file = new FileOutputStream(temporary.toFile());
        OutputStream buffer = new BufferedOutputStream(file)) {
      content.writeTo(buffer);
      buffer.flush();
      // A file system may carry out the move before the writes, and lose power in between.
      file.getFD().sync();
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Nothing to add: whatever prevents this has already been, or will be, reported by the write.
    }
  }

  private static IOException failure(Path file, IOException cause) {
    return new IOException("can't write " + file + ": " + IoReason.of(file, cause), cause);
  }
}
