package io.github.moeanat.supernet;

import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of elements that are read from PyTorch files, little-endian as they stand there. */
enum TorchType {
  FLOAT32("FloatStorage", 4),
  FLOAT16("HalfStorage", 2),
  BFLOAT16("BFloat16Storage", 2),
  FLOAT64("DoubleStorage", 8),
  INT64("LongStorage", 8);

  private final String storageClass;
  private final int bytes;

  TorchType(String storageClass, int bytes) {
    this.storageClass = storageClass;
    this.bytes = bytes;
  }

  /** The type of a storage class such as {@code torch.FloatStorage}. */
  static Optional<TorchType> ofClass(String name) {
    return Arrays.stream(values()).filter(t -> name.equals("torch." + t.storageClass)).findFirst();
  }

  /** Size of an element. */
  int bytes() {
    return bytes;
  }

  /** The element at a byte, rounded to 32 bits where it has more. */
  float floatAt(ByteBuffer buffer, int at) {
    return switch (this) {
      case FLOAT32 -> buffer.getFloat(at);
      case FLOAT16 -> Float16Utils.halfToFloat(buffer.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
      case FLOAT64 -> (float) buffer.getDouble(at);
      case INT64 -> throw new IllegalStateException("whole numbers are read as counters");
    };
  }

  /** PyTorch's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
