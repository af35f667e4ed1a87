package io.github.moeanat.data;

import java.io.IOException;

/** How a data set lies on disk. */
interface Layout {

  /**
   * Lists the images without reading any.
   *
   * @param folder that the user named
   * @throws IllegalArgumentException if a file is missing; the message says which and where to get
   *     it
   * @throws IOException if a file can't be read or is not what it should be
   */
  Listing list(DataFolder folder) throws IOException;
}
