package io.github.moeanat.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that may come with the program: {@code FOLDER/NAME} is a file in the working directory or,
 * if there is none, packed into the jar.
 *
 * @param folder the folder of such files
 */
public record PackedFile(String folder) {

  /** Returns whether a path is that of a file which may come with the program. */
  public boolean isPackable(Path file) {
    Path plain = file.normalize();
    return plain.getNameCount() == 2 && plain.startsWith(folder);
  }

  /** Returns where a file that is missing was looked for, as the end of a sentence. */
  public String sought(Path file) {
    return isPackable(file) ? ", neither in the working directory nor with the program" : "";
  }

  /** Returns where a file is packed if it is not there and comes with the program instead. */
  public Optional<URL> find(Path file) {
    if (!isPackable(file) || Files.exists(file)) {
      return Optional.empty();
    }
    String name = folder + "/" + file.normalize().getFileName();
    return Optional.ofNullable(PackedFile.class.getClassLoader().getResource(name));
  }

  /**
   * Returns the content of a text file in UTF-8.
   *
   * @throws IOException as for {@link #read}, or if it is no such text
   */
  public String readText(Path file) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(file))).toString();
  }

  /**
   * Returns the content of a file.
   *
   * @throws IOException if it is neither there nor packed, or can't be read
   */
  public byte[] read(Path file) throws IOException {
    Optional<URL> packed = find(file);
    if (packed.isEmpty()) {
      return Files.readAllBytes(file);
    }
    try (InputStream stream = packed.get().openStream()) {
      return stream.readAllBytes();
    }
  }
}
