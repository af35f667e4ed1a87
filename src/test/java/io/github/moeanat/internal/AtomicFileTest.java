package io.github.moeanat.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void theOldContentIsThereUntilTheNewOneIsWhole() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, writer -> writer.write("old\n"));
    AtomicFile.writeText(
        file,
        writer -> {
          writer.write("n\u00e9w\n");
          writer.flush();
          assertEquals("old\n", Files.readString(file));
        });
    assertArrayEquals("n\u00e9w\n".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void bytesAreWrittenAsTheyAre() throws IOException {
    Path file = folder.resolve("a.bin");
    byte[] bytes = new byte[100_000];
    bytes[99_999] = -1;
    AtomicFile.write(file, stream -> stream.write(bytes));
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IOException("No space left on device"), "no space left on the device"),
        Arguments.of(
            new FileSystemException("f", null, "Disk quota exceeded"), "the disk quota is used up"),
        Arguments.of(new AccessDeniedException("f"), "permission denied"),
        Arguments.of(new IOException("f (Permission denied)"), "permission denied"),
        Arguments.of(new IOException("f: Read-only file system"), "the file system is read-only"),
        Arguments.of(new IOException("odd\nand long"), "odd"),
        Arguments.of(new IOException(), "IOException"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureKeepsTheOldFileAndSaysWhy(IOException cause, String reason) throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "old");
    var error =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.writeText(
                    file,
                    writer -> {
                      writer.write("half");
                      writer.flush();
                      throw cause;
                    }));
    assertEquals("can't write " + file + ": " + reason, error.getMessage());
    assertSame(cause, error.getCause());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void whatTheContentThrowsItselfPassesThrough() throws IOException {
    Path file = folder.resolve("a.txt");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                stream -> {
                  throw new IllegalStateException();
                }));
    var error =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    stream -> {
                      throw new UncheckedIOException(new IOException("No space left on device"));
                    }));
    assertTrue(error.getMessage().endsWith("no space left on the device"), error.getMessage());
    assertEquals(List.of(), files());
  }

  @Test
  void aFileTakesItsPlaceOnlyIfItPassesItsCheck() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    IOException refused = new IOException("not this one");
    for (Exception thrown : List.of(refused, new IllegalStateException("nor this"))) {
      var error =
          assertThrows(
              thrown.getClass(),
              () ->
                  AtomicFile.write(
                      file,
                      stream -> stream.write('n'),
                      written -> {
                        assertEquals("n", Files.readString(written));
                        assertEquals("old", Files.readString(file));
                        if (thrown instanceof IOException io) {
                          throw io;
                        }
                        throw (IllegalStateException) thrown;
                      }));
      assertSame(thrown, error);
      assertEquals("old", Files.readString(file));
      assertEquals(List.of(file), files());
    }
    AtomicFile.write(file, stream -> stream.write('n'), written -> {});
    assertEquals("n", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void placesThatCantHoldAFileAreNamed() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    assertReason("folder " + folder.resolve("none") + " is missing", folder.resolve("none/a.txt"));
    assertReason(plain + " is not a folder", plain.resolve("a.txt"));
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(sub.resolve("kept"), "");
    assertReason("it is a folder", sub);
    assertReason("the file name is too long", folder.resolve("x".repeat(300)));
    assertEquals(List.of(plain, sub), files());
    assertTrue(Files.exists(sub.resolve("kept")));
  }

  @Test
  void anInterruptedThreadStillSaves() throws IOException {
    Path file = folder.resolve("a.txt");
    Thread.currentThread().interrupt();
    AtomicFile.writeText(file, writer -> writer.write("saved"));
    assertTrue(Thread.interrupted());
    assertEquals("saved", Files.readString(file));
  }

  private static void assertReason(String reason, Path file) {
    var error =
        assertThrows(
            IOException.class, () -> AtomicFile.writeText(file, writer -> writer.write("x")));
    assertEquals("can't write " + file + ": " + reason, error.getMessage());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
