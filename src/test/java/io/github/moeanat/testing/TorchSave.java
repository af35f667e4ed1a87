package io.github.moeanat.testing;

import ai.djl.util.Float16Utils;
import io.github.moeanat.supernet.Weights;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * State dicts as {@code torch.save} writes them.
 *
 * @param weights what is written
 * @param kept which tensors are
 * @param names the name of each in the file
 * @param storageClass of the floating point tensors, for example {@code HalfStorage}
 * @param wrapped whether the state dict is in a dict under that name
 */
public record TorchSave(
    Weights weights,
    Predicate<String> kept,
    UnaryOperator<String> names,
    String storageClass,
    boolean wrapped) {

  private static final byte[] LEGACY_MARK = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  /** Everything in 32 bits under the published names. */
  public static TorchSave published(Weights weights) {
    return new TorchSave(weights, name -> true, TorchSave::publishedName, "FloatStorage", true);
  }

  /** The name of a tensor in the published files. */
  public static String publishedName(String name) {
    return name.replaceFirst("^(blocks\\.\\d+)\\.conv\\.", "$1.mobile_inverted_conv.");
  }

  /** Writes the zip form. */
  public void zip(Path file) throws IOException {
    zip(file, pickle(), storages());
  }

  /** Writes a zip of a pickle and storages, made when they are due. */
  public static void zip(Path file, byte[] pickle, Map<String, Storage> storages)
      throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      stored(zip, "archive/data.pkl", pickle);
      for (Map.Entry<String, Storage> entry : storages.entrySet()) {
        stored(zip, "archive/data/" + entry.getKey(), entry.getValue().bytes());
      }
      stored(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Writes the form before version 1.6. */
  public void legacy(Path file) throws IOException {
    legacy(file, pickle(), storages());
  }

  /** Writes the form before version 1.6 of a pickle and storages. */
  public static void legacy(Path file, byte[] pickle, Map<String, Storage> storages)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(legacyStart());
      out.write(pickle);
      PickleBytes keys = new PickleBytes().ops("](");
      storages.keySet().forEach(keys::text);
      out.write(keys.ops("e").end());
      for (Storage storage : storages.values()) {
        out.write(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(storage.size()).array());
        out.write(storage.bytes());
      }
    }
  }

  /** The three pickles before that of the state dict. */
  public static byte[] legacyStart() {
    PickleBytes mark = new PickleBytes();
    for (byte b : LEGACY_MARK) {
      mark.raw(b);
    }
    byte[] version = new PickleBytes().whole(1001).end();
    byte[] machine =
        new PickleBytes()
            .ops("}(")
            .text("protocol_version")
            .whole(1001)
            .text("little_endian")
            .ops("\u0088u")
            .end();
    byte[] first = mark.end();
    return ByteBuffer.allocate(first.length + version.length + machine.length)
        .put(first)
        .put(version)
        .put(machine)
        .array();
  }

  /** A storage whose bytes are made when they are written. */
  public interface Storage {

    /** Number of elements. */
    long size();

    /** The elements, little-endian. */
    byte[] bytes();
  }

  private List<String> entries() {
    return weights.names().stream().filter(kept).toList();
  }

  /** The pickle of the state dict. */
  public byte[] pickle() {
    PickleBytes pickle = new PickleBytes();
    if (wrapped) {
      pickle.ops("}").text("epoch").whole(7).ops("s").text("state_dict");
    }
    pickle.orderedDict().ops("(");
    int key = 0;
    for (String name : entries()) {
      long[] shape = weights.shape(name).stream().mapToLong(Integer::longValue).toArray();
      long[] strides = new long[shape.length];
      long size = 1;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        strides[axis] = size;
        size *= shape[axis];
      }
      String type = weights.isCounter(name) ? "LongStorage" : storageClass;
      pickle.text(names.apply(name)).tensor(type, String.valueOf(key++), size, 0, shape, strides);
    }
    // PyTorch keeps the versions of modules as an attribute of the OrderedDict.
    pickle.ops("u}").text("_metadata").orderedDict().ops("(").text("").ops("}").text("version");
    pickle.whole(1).ops("susb");
    return (wrapped ? pickle.ops("s") : pickle).end();
  }

  /** The storages that the pickle names, by key. */
  public Map<String, Storage> storages() {
    Map<String, Storage> storages = new LinkedHashMap<>();
    List<String> entries = new ArrayList<>(entries());
    for (int key = 0; key < entries.size(); key++) {
      String name = entries.get(key);
      storages.put(
          String.valueOf(key),
          new Storage() {
            @Override
            public long size() {
              return weights.shape(name).stream().reduce(1, Math::multiplyExact);
            }

            @Override
            public byte[] bytes() {
              return encoded(name);
            }
          });
    }
    return storages;
  }

  private byte[] encoded(String name) {
    if (weights.isCounter(name)) {
      return ByteBuffer.allocate(8)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(weights.counter(name))
          .array();
    }
    FloatBuffer values = weights.values(name);
    int width =
        switch (storageClass) {
          case "DoubleStorage" -> 8;
          case "FloatStorage" -> 4;
          default -> 2;
        };
    ByteBuffer bytes =
        ByteBuffer.allocate(width * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float value = values.get();
      switch (storageClass) {
        case "DoubleStorage" -> bytes.putDouble(value);
        case "FloatStorage" -> bytes.putFloat(value);
        case "HalfStorage" -> bytes.putShort(Float16Utils.floatToHalf(value));
        case "BFloat16Storage" -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException(storageClass);
      }
    }
    return bytes.array();
  }

  private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
