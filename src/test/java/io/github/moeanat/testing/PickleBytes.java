package io.github.moeanat.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A pickle of protocol 2, put together operation by operation; each method returns this one. */
public final class PickleBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins a pickle. */
  public PickleBytes() {
    raw(0x80, 2);
  }

  /** Adds bytes as they are. */
  public PickleBytes raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  /** Adds operations by their letters. */
  public PickleBytes ops(String letters) {
    bytes.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Pushes a text. */
  public PickleBytes text(String text) {
    byte[] utf = text.getBytes(StandardCharsets.UTF_8);
    ops("X").int32(utf.length);
    bytes.writeBytes(utf);
    return this;
  }

  /** Pushes a whole number. */
  public PickleBytes whole(long value) {
    if (value == (int) value) {
      return ops("J").int32((int) value);
    }
    raw(0x8a, 8);
    bytes.writeBytes(little(8).putLong(value).array());
    return this;
  }

  /** Pushes a class. */
  public PickleBytes global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  /** Pushes a tuple of whole numbers. */
  public PickleBytes tuple(long... values) {
    ops("(");
    for (long value : values) {
      whole(value);
    }
    return ops("t");
  }

  /** Pushes a tensor of which the values are in a storage. */
  public PickleBytes tensor(
      String storageClass,
      String key,
      long storageSize,
      long offset,
      long[] shape,
      long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").ops("((").text("storage");
    global("torch", storageClass).text(key).text("cpu").whole(storageSize).ops("tQ");
    return whole(offset).tuple(shape).tuple(strides).ops("\u0089c").ordered();
  }

  private PickleBytes ordered() {
    return ops("collections\nOrderedDict\n)RtR");
  }

  /** Pushes an empty OrderedDict. */
  public PickleBytes orderedDict() {
    return global("collections", "OrderedDict").ops(")R");
  }

  /** Ends the pickle. */
  public byte[] end() {
    ops(".");
    return bytes.toByteArray();
  }

  /** Adds four bytes. */
  public PickleBytes int32(int value) {
    bytes.writeBytes(little(4).putInt(value).array());
    return this;
  }

  /** Adds eight bytes. */
  public PickleBytes int64(long value) {
    bytes.writeBytes(little(8).putLong(value).array());
    return this;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
