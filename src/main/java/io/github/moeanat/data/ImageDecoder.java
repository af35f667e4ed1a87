package io.github.moeanat.data;

import java.io.IOException;
import java.nio.file.Path;

/** Reads images as a data set keeps them; used by several threads. */
interface ImageDecoder {

  /** Says what the images are and how they are decoded; part of the key of a cache. */
  String id();

  /**
   * Decodes an image to colour.
   *
   * @param folder of the data set
   * @param side a shorter side above this is scaled down to it
   * @throws IOException if the image can't be read
   */
  Picture decode(Path folder, StoredImage image, int side) throws IOException;

  /** Returns the name of an image in messages. */
  String name(StoredImage image);
}
