package io.github.moeanat.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Iterator;
import java.util.NoSuchElementException;
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

  /**
   * Returns batches {@code [N, 3, resolution, resolution]} of all images in order, made one at a
   * time. A batch is freed when the next one is asked for.
   *
   * @param size images of a batch; the last may have fewer
   * @param scope owns the last batch
   */
  public static Iterator<NDArray> batches(
      ImageSet images, int size, ImageTransform transform, int resolution, NDManager scope) {
    return new Iterator<>() {
      private NDManager current;
      private int next;

      @Override
      public boolean hasNext() {
        return next < images.size();
      }

      @Override
      public NDArray next() {
        if (!hasNext()) {
          throw new NoSuchElementException("no batch is left");
        }
        if (current != null) {
          current.close();
        }
        current = scope.newSubManager();
        int from = next;
        next = Math.min(images.size(), from + size);
        return of(images, from, next, transform, resolution, current);
      }
    };
  }
}
