package io.github.moeanat.supernet;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A PyTorch file since version 1.6: a zip archive of one folder with the pickle {@code data.pkl}
 * and each storage as {@code data/KEY}, all stored and not compressed. What is read is compared
 * with its checksum.
 */
final class TorchArchive extends TorchFile {

  private static final String PICKLE = "/data.pkl";

  private static final long NO_SUM = 0;

  private final ZipFile zip;
  private final Set<String> checked = new HashSet<>();
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
    CRC32 sum = new CRC32();
    try (InputStream stream = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      stream.skipNBytes(from);
      if (stream.readNBytes(into, 0, into.length) < into.length) {
        throw damaged(TorchUnpickler.printable(entry.getName()) + " is cut off");
      }
      // Once, for many tensors may be parts of one storage.
      if (checked.add(entry.getName())) {
        stream.transferTo(OutputStream.nullOutputStream());
        requireSum(entry, sum.getValue());
      }
    } catch (EOFException e) {
      throw damaged(TorchUnpickler.printable(entry.getName()) + " is cut off");
    } catch (ZipException | IllegalArgumentException e) {
      throw damaged(
          TorchUnpickler.printable(entry.getName()) + " can't be read: " + e.getMessage());
    }
  }

  // The library checks the sums of compressed entries only. PyTorch can be told to leave them out.
  private void requireSum(ZipEntry entry, long sum) throws IOException {
    if (entry.getCrc() != NO_SUM && entry.getCrc() != sum) {
      throw damaged(
          "%s has checksum %08x, expected %08x"
              .formatted(TorchUnpickler.printable(entry.getName()), sum, entry.getCrc()));
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
