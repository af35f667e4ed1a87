package io.github.moeanat.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Why an operation on a file failed, in words for the user. */
public final class IoReason {

  // The operating system's own words; Java passes them on in the message only.
  private static final Map<String, String> SYSTEM =
      Map.of(
          "no space left on device", "no space left on the device",
          "not enough space on the disk", "no space left on the device",
          "disk quota exceeded", "the disk quota is used up",
          "read-only file system", "the file system is read-only",
          "permission denied", "permission denied",
          "operation not permitted", "permission denied",
          "file name too long", "the file name is too long",
          "too many open files", "too many files are open",
          "input/output error", "the device reports an input/output error");

  private IoReason() {}

  /** Returns the reason why reading or writing a file failed, as half a sentence. */
  public static String of(Path file, IOException cause) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
      return folder + " is not a folder";
    }
    if (folder != null && Files.notExists(folder)) {
      return "folder " + folder + " is missing";
    }
    if (cause instanceof NoSuchFileException) {
      return "the file is missing";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof CharacterCodingException) {
      return "it is not a text in UTF-8";
    }
    return words(cause);
  }

  /** Returns the reason why a folder can't be listed, as half a sentence. */
  public static String ofFolder(IOException cause) {
    if (cause instanceof FileSystemLoopException) {
      return "a symbolic link on this path leads back to a folder above it";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    return words(cause);
  }

  private static String words(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof FileSystemException system) {
      // Without a reason the message is the path alone.
      message = system.getReason() == null ? system.getClass().getSimpleName() : system.getReason();
    }
    String lower = message.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> entry : SYSTEM.entrySet()) {
      if (lower.contains(entry.getKey())) {
        return entry.getValue();
      }
    }
    if (cause.getMessage() == null) {
      return cause.getClass().getSimpleName();
    }
    return message.lines().findFirst().orElse("").strip();
  }
}
