package io.github.moeanat.supernet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Where a tensor lies in a storage of a PyTorch file; the values are not read yet.
 *
 * @param storage holds the elements
 * @param offset of the first element in the storage
 * @param shape dimensions
 * @param strides elements from one index of an axis to the next, in any order
 */
record TorchTensor(TorchStorage storage, long offset, List<Integer> shape, List<Long> strides) {

  private static final int MOST_AXES = 8;

  /**
   * Checks that all elements lie in the storage.
   *
   * @throws IllegalArgumentException if they do not
   * @throws ArithmeticException if they are beyond counting
   */
  TorchTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (offset < 0
        || shape.size() > MOST_AXES
        || shape.size() != strides.size()
        || shape.stream().anyMatch(side -> side < 0)
        || strides.stream().anyMatch(stride -> stride < 0)
        || size(shape) > Integer.MAX_VALUE
        || Math.addExact(offset, span(shape, strides)) > storage.size()) {
      throw new IllegalArgumentException(
          "a tensor of shape %s, strides %s and offset %d does not fit a storage of %d elements"
              .formatted(shape, strides, offset, storage.size()));
    }
  }

  /** Number of values. */
  int size() {
    return (int) size(shape);
  }

  /** Number of elements of the storage from the first to the last that is used. */
  long span() {
    return span(shape, strides);
  }

  private static long size(List<Integer> shape) {
    return shape.contains(0)
        ? 0
        : shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  private static long span(List<Integer> shape, List<Long> strides) {
    if (shape.contains(0)) {
      return 0;
    }
    long last = 0;
    for (int axis = 0; axis < shape.size(); axis++) {
      last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, strides.get(axis)));
    }
    return last + 1;
  }

  /**
   * Returns the values in row-major order.
   *
   * @param bytes the {@link #span()} elements from the first on
   */
  float[] floats(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    TorchType type = storage.type();
    float[] values = new float[size()];
    int[] sides = shape.stream().mapToInt(Integer::intValue).toArray();
    long[] steps = strides.stream().mapToLong(Long::longValue).toArray();
    int[] index = new int[sides.length];
    long at = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = type.floatAt(buffer, Math.toIntExact(at * type.bytes()));
      for (int axis = sides.length - 1; axis >= 0; axis--) {
        at += steps[axis];
        if (++index[axis] < sides[axis]) {
          break;
        }
        at -= steps[axis] * sides[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}
