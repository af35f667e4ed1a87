package io.github.moeanat.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A file that one user of one process has at a time. It stays when it is closed. */
public final class LockedFile implements AutoCloseable {

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path held;
  private final FileChannel channel;

  private LockedFile(Path held, FileChannel channel) {
    this.held = held;
    this.channel = channel;
  }

  /**
   * Opens a file for reading and writing, made if it is not there; empty if somebody has it.
   *
   * @throws IOException if it can't be opened
   */
  public static Optional<LockedFile> open(Path file) throws IOException {
    Path held = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    // Asked first: on Unix, closing a second channel would release this process's lock.
    if (!HELD.add(held)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      return locked ? Optional.of(new LockedFile(held, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        try {
          if (channel != null) {
            channel.close();
          }
        } finally {
          HELD.remove(held);
        }
      }
    }
  }

  /** The file's content; belongs to this object. */
  public FileChannel channel() {
    return channel;
  }

  /** Lets others have the file. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(held);
    }
  }
}
