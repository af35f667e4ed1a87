package io.github.moeanat.experiment;

import ai.djl.ndarray.NDArray;
import io.github.moeanat.supernet.Subnet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A kind of file that a subnet is exported to. */
interface ExportFormat {

  /** A network that was read from such a file. */
  interface Network extends AutoCloseable {

    /** Runs it on images {@code [N, 3, r, r]}; the logits have the images' manager. */
    NDArray forward(NDArray images);

    @Override
    void close();
  }

  /** Writes a recalibrated subnet. */
  void write(Subnet subnet, OutputStream stream) throws IOException;

  /**
   * Reads what was written as a program would that knows nothing but the file.
   *
   * @param original what was written
   * @throws IOException if the file says anything else than it should
   */
  Network read(Path file, Subnet original) throws IOException;
}
