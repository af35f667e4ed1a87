package io.github.moeanat.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;

/** Images as arrays of native memory. */
public final class ImageTensors {

  private ImageTensors() {}

  /**
   * Makes an array {@code [to - from, 3, resolution, resolution]}.
   *
   * @param from the first image
   * @param to the one behind the last image
   * @param transform brings images to a resolution
   * @param resolution in pixels
   * @param owner of the array
   */
  public static NDArray of(
      ImageSet images,
      int from,
      int to,
      ImageTransform transform,
      int resolution,
      NDManager owner) {
    float[] pixels = transform.apply(images, IntStream.range(from, to).toArray(), resolution);
    Shape shape = new Shape(to - from, ImageTransform.CHANNELS, resolution, resolution);
    return owner.create(pixels, shape);
  }
}
