package io.github.moeanat.supernet;

/**
 * A run of elements in a PyTorch file, as the pickle claims it; whether the file holds that much is
 * seen when it is read.
 *
 * @param key its name in the file
 * @param type of its elements
 * @param size number of elements
 */
record TorchStorage(String key, TorchType type, long size) {

  /**
   * Checks that the size can be counted.
   *
   * @throws IllegalArgumentException if it can't
   */
  TorchStorage {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a storage claims to have " + size + " elements");
    }
  }

  /** Number of bytes. */
  long bytes() {
    return size * type.bytes();
  }
}
