package io.github.moeanat.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is to write, looked at before minutes of work. */
final class OutputFile {

  private OutputFile() {}

  /**
   * Checks that a file can be written.
   *
   * @param option that names it
   * @param overwrite whether a file that is there is replaced
   * @throws IllegalArgumentException if its folder is missing, or something is there that is not to
   *     be replaced
   */
  static void require(String option, Path output, boolean overwrite) {
    if (output.toString().isEmpty()) {
      throw new IllegalArgumentException("--%s is '', expected a file".formatted(option));
    }
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder != null && Files.exists(folder)
              ? "can't write %s: %s is not a folder".formatted(output, folder)
              : "can't write %s: folder %s is missing".formatted(output, folder));
    }
    if (Files.isDirectory(output)) {
      throw new IllegalArgumentException(output + " is a folder, expected a file");
    }
    if (Files.exists(output) && !Files.isRegularFile(output)) {
      throw new IllegalArgumentException(
          output + " is a device or the like, expected a file that can be replaced");
    }
    if (Files.exists(output) && !overwrite) {
      throw new IllegalArgumentException(
          output + " is there already: use --overwrite to replace it");
    }
  }
}
