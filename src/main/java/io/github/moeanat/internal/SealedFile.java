package io.github.moeanat.internal;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Files of bytes with a version and a SHA-256 in front, by which damage is told. */
public final class SealedFile {

  private SealedFile() {}

  /** Writes a file whole or not at all. */
  public static void write(Path file, int version, byte[] content) throws IOException {
    AtomicFile.write(
        file,
        target -> {
          DataOutputStream stream = new DataOutputStream(target);
          stream.writeInt(version);
          stream.write(Sha256.digest().digest(content));
          stream.write(content);
          stream.flush();
        });
  }

  /**
   * Returns the content of a file.
   *
   * @throws IllegalArgumentException if it is damaged or of another version; the message completes
   *     a sentence about the file
   * @throws IOException if it can't be read
   */
  public static byte[] read(Path file, int version) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
    byte[] expected = new byte[Sha256.digest().getDigestLength()];
    if (all.remaining() < Integer.BYTES + expected.length) {
      throw new IllegalArgumentException("it is damaged");
    }
    int found = all.getInt();
    if (found != version) {
      throw new IllegalArgumentException(
          "it has version %d, this program reads %d".formatted(found, version));
    }
    all.get(expected);
    byte[] content = new byte[all.remaining()];
    all.get(content);
    if (!MessageDigest.isEqual(expected, Sha256.digest().digest(content))) {
      throw new IllegalArgumentException("it is damaged");
    }
    return content;
  }
}
