package io.github.moeanat.data;

/**
 * An image as a data set keeps it.
 *
 * @param file path below the data set's folder, with {@code /} between names
 * @param record its number in a file of many, else 0
 * @param label class, from 0
 * @param part what the data set has it for
 */
record StoredImage(String file, int record, int label, Part part) {

  /** What an image is for. */
  enum Part {
    /** Fitting weights. */
    TRAIN,
    /** Choosing networks. */
    VALIDATION,
    /** Reports only. */
    TEST
  }
}
