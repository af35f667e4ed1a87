package io.github.moeanat.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a data set's files hold, before any image is read.
 *
 * @param folder of the data set
 * @param classes number of classes
 * @param decoder reads the images
 * @param images in an order that depends on the data set only
 */
record Listing(DataFolder folder, int classes, ImageDecoder decoder, List<StoredImage> images) {

  /** Returns the numbers of the images of a part. */
  int[] of(StoredImage.Part part) {
    return IntStream.range(0, images.size()).filter(i -> images.get(i).part() == part).toArray();
  }
}
