package io.github.moeanat.supernet;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A PyTorch file since version 1.6: a zip archive of one folder with the pickle {@code data.pkl}
 * and each storage as {@code data/KEY}, all stored and not compressed.
 */
final class TorchArchive extends TorchFile {

  private static final String PICKLE = "/data.pkl";

  private final ZipFile zip;
  private final String folder;
  private final Object saved;

  TorchArchive(Path path) throws IOException {
    super(path);
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException | IllegalArgumentException e) {
      throw damaged("it is no whole zip archive: " + e.getMessage());
    }
    try {
      folder =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(PICKLE))
              .map(name -> name.substring(0, name.length() - PICKLE.length()))
              .findFirst()
              .orElseThrow(() -> new IOException(path + " is not a PyTorch file: no data.pkl"));
      saved = unpickle(new ByteArrayInputStream(pickle()));
    } catch (IOException e) {
      zip.close();
      throw e;
    }
  }

  private byte[] pickle() throws IOException {
    ZipEntry order = zip.getEntry(folder + "/byteorder");
    if (order != null) {
      byte[] name = new byte[(int) Math.min(6, Math.max(0, order.getSize()))];
      read(order, 0, name);
      if (!new String(name, StandardCharsets.US_ASCII).equals("little")) {
        throw new IOException(path() + " was written by a big-endian machine, which is not read");
      }
    }
    ZipEntry entry = zip.getEntry(folder + PICKLE);
    if (entry.getSize() > LARGEST_PICKLE) {
      throw damaged(
          "its pickle is said to have %d bytes, expected at most %d"
              .formatted(entry.getSize(), LARGEST_PICKLE));
    }
    byte[] bytes = new byte[(int) Math.max(0, entry.getSize())];
    read(entry, 0, bytes);
    return bytes;
  }

  @Override
  Object saved() {
    return saved;
  }

  @Override
  void read(TorchStorage storage, long from, byte[] into) throws IOException {
    ZipEntry entry = zip.getEntry(folder + "/data/" + storage.key());
    if (entry == null) {
      throw damaged("storage %s is not there".formatted(storage.key()));
    }
    if (entry.getSize() != storage.bytes()) {
      throw damaged(
          "storage %s has %d bytes, expected %d"
              .formatted(storage.key(), entry.getSize(), storage.bytes()));
    }
    read(entry, from, into);
  }

  private void read(ZipEntry entry, long from, byte[] into) throws IOException {
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
      throw damaged(
          TorchUnpickler.printable(entry.getName()) + " is compressed, which PyTorch doesn't do");
    }
    try (InputStream stream = zip.getInputStream(entry)) {
      stream.skipNBytes(from);
      if (stream.readNBytes(into, 0, into.length) < into.length) {
        throw damaged(TorchUnpickler.printable(entry.getName()) + " is cut off");
      }
    } catch (EOFException e) {
      throw damaged(TorchUnpickler.printable(entry.getName()) + " is cut off");
    } catch (ZipException | IllegalArgumentException e) {
      throw damaged(
          TorchUnpickler.printable(entry.getName()) + " can't be read: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
