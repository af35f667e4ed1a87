package io.github.moeanat.supernet;

import io.github.moeanat.internal.IoReason;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An open file of {@code torch.save}. What it says of itself is believed only as far as the file
 * goes: the pickle is bounded, and all values that are read have to be in the file once.
 */
abstract class TorchFile implements Closeable {

  /** A state dict of 475 tensors has some 70,000 bytes. */
  static final int LARGEST_PICKLE = 4 << 20;

  // Of pickles.
  private static final int NEWEST_PROTOCOL = 5;
  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8;

  private final Path path;
  private final long length;
  private final TorchUnpickler unpickler = new TorchUnpickler();
  private long unread;

  TorchFile(Path path) throws IOException {
    this.path = path;
    length = Files.size(path);
    unread = length;
  }

  /**
   * Returns whether a file begins as PyTorch's do; their names have any ending or none. The length
   * of a safetensors header may begin likewise.
   */
  static boolean is(Path path) throws IOException {
    try (InputStream stream = Files.newInputStream(path)) {
      byte[] start = stream.readNBytes(Safetensors.START_BYTES);
      return start.length >= 2
          && ((start[0] == 'P' && start[1] == 'K')
              || (start[0] == (byte) 0x80 && start[1] >= 0 && start[1] <= NEWEST_PROTOCOL))
          && !Safetensors.begins(start, Files.size(path));
    }
  }

  /**
   * Opens a zip archive or, as written before version 1.6, a stream of pickles.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  static TorchFile open(Path path) throws IOException {
    byte[] start;
    long size;
    try (InputStream stream = Files.newInputStream(path)) {
      start = stream.readNBytes(2);
      size = Files.size(path);
    } catch (IOException e) {
      throw new IOException("can't read " + path + ": " + IoReason.of(path, e), e);
    }
    if (size > LARGEST_FILE) {
      throw new IOException(
          "%s has %d bytes, more than the %d that are read".formatted(path, size, LARGEST_FILE));
    }
    if (start.length == 2 && start[0] == 'P' && start[1] == 'K') {
      return new TorchArchive(path);
    }
    if (start.length == 2 && start[0] == (byte) 0x80) {
      return new TorchStream(path);
    }
    throw new IOException(
        path
            + " is not a PyTorch file: it is neither a zip archive nor a pickle of protocol 2 or"
            + " later, which torch.save writes unless told otherwise");
  }

  /** The object that was saved. */
  abstract Object saved();

  /**
   * Fills an array with bytes of a storage.
   *
   * @throws IOException if the storage is not there or not of the claimed size
   */
  abstract void read(TorchStorage storage, long from, byte[] into) throws IOException;

  /**
   * Returns the tensors of the state dict that was saved, alone or in a dict under that name, in
   * the order of the file.
   *
   * @throws IOException if there is none
   */
  Map<String, TorchTensor> stateDict() throws IOException {
    Object found = saved();
    if (found instanceof Map<?, ?> wrapper && wrapper.containsKey("state_dict")) {
      found = wrapper.get("state_dict");
    }
    if (!(found instanceof Map<?, ?> dict)) {
      throw new IOException(path + " holds no state dict");
    }
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      String name = String.valueOf(entry.getKey());
      String shown = TorchUnpickler.printable(name);
      if (!(entry.getValue() instanceof TorchTensor tensor) || !name.equals(shown)) {
        throw new IOException(
            "%s holds no state dict: entry '%s' is not a tensor".formatted(path, shown));
      }
      tensors.put(name, tensor);
    }
    return tensors;
  }

  /** Returns the values of a tensor, row-major. */
  float[] floats(TorchTensor tensor) throws IOException {
    return tensor.floats(bytes(tensor));
  }

  /** Returns a whole number. */
  long counter(TorchTensor tensor) throws IOException {
    return ByteBuffer.wrap(bytes(tensor)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private byte[] bytes(TorchTensor tensor) throws IOException {
    int element = tensor.storage().type().bytes();
    long needed = Math.max(tensor.span(), tensor.size()) * element;
    unread -= needed;
    if (needed < 0 || unread < 0) {
      throw damaged("its tensors claim more than the %d bytes that it has".formatted(length));
    }
    byte[] bytes = new byte[(int) tensor.span() * element];
    read(tensor.storage(), tensor.offset() * element, bytes);
    return bytes;
  }

  Path path() {
    return path;
  }

  long length() {
    return length;
  }

  /** Reads one pickle. */
  Object unpickle(ByteArrayInputStream stream) throws IOException {
    try {
      return unpickler.read(stream);
    } catch (UnsupportedOperationException e) {
      throw new IOException(path + " is refused: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw damaged(e.getMessage());
    } catch (RuntimeException | IOException e) {
      throw new IOException(path + " is damaged: its pickle ends early or makes no sense", e);
    }
  }

  /** The storages that the pickles named, by key. */
  Map<String, TorchStorage> storages() {
    return unpickler.storages();
  }

  IOException damaged(String what) {
    return new IOException(path + " is damaged: " + what);
  }
}
