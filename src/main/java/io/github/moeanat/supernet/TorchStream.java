package io.github.moeanat.supernet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A PyTorch file before version 1.6: five pickles (a mark, the version, the machine, what was
 * saved, the keys of the storages), then of each storage eight bytes with its number of elements
 * and the elements.
 */
final class TorchStream extends TorchFile {

  private static final BigInteger MARK = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final int VERSION = 1001;

  private final RandomAccessFile file;
  private final Map<String, Long> starts = new HashMap<>();
  private final Object saved;

  TorchStream(Path path) throws IOException {
    super(path);
    file = new RandomAccessFile(path.toFile(), "r");
    try {
      byte[] head = new byte[(int) Math.min(LARGEST_PICKLE, length())];
      file.readFully(head);
      ByteArrayInputStream pickles = new ByteArrayInputStream(head);
      if (!MARK.equals(unpickle(pickles)) || !Integer.valueOf(VERSION).equals(unpickle(pickles))) {
        throw new IOException(path + " is a pickle, but none of PyTorch");
      }
      if (unpickle(pickles) instanceof Map<?, ?> machine
          && Boolean.FALSE.equals(machine.get("little_endian"))) {
        throw new IOException(path + " was written by a big-endian machine, which is not read");
      }
      saved = unpickle(pickles);
      locate(unpickle(pickles), head.length - pickles.available());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private void locate(Object keys, long behindPickles) throws IOException {
    long at = behindPickles;
    for (Object key : keys instanceof List<?> list ? list : List.of()) {
      TorchStorage storage = key instanceof String name ? storages().get(name) : null;
      if (storage == null) {
        throw damaged("it holds a storage that no tensor uses");
      }
      long bytes = storage.bytes();
      if (bytes > length() - at - Long.BYTES) {
        throw damaged(
            "storage %s claims %d bytes, %d are left"
                .formatted(storage.key(), bytes, Math.max(0, length() - at - Long.BYTES)));
      }
      file.seek(at);
      long size = Long.reverseBytes(file.readLong());
      if (size != storage.size()) {
        throw damaged(
            "storage %s has %d elements, expected %d"
                .formatted(storage.key(), size, storage.size()));
      }
      starts.put(storage.key(), at + Long.BYTES);
      at += Long.BYTES + bytes;
    }
  }

  @Override
  Object saved() {
    return saved;
  }

  @Override
  void read(TorchStorage storage, long from, byte[] into) throws IOException {
    Long start = starts.get(storage.key());
    if (start == null) {
      throw damaged("storage %s is not there".formatted(storage.key()));
    }
    file.seek(start + from);
    file.readFully(into);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
