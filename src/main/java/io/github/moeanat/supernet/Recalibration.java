package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Recalibration as OFA's {@code set_running_statistics}: each batch is normalised by its own mean
 * and biased variance, and both are averaged over the batches, weighted by images. The spread
 * between batches is left out, so the size of the batches is part of the result.
 */
final class Recalibration implements BatchNorm {

  private final Map<String, Average> averages = new LinkedHashMap<>();

  private static final class Average {
    private final double[] mean;
    private final double[] variance;
    private double images;

    Average(int channels) {
      mean = new double[channels];
      variance = new double[channels];
    }
  }

  @Override
  public NDArray apply(NDArray x, Tensors tensors, String name) {
    Shape shape = x.getShape();
    long channels = shape.get(1);
    NDManager manager = x.getManager();
    NDArray mean = manager.zeros(new Shape(channels));
    NDArray variance = manager.zeros(new Shape(channels));
    // Keeping nothing of the old statistics leaves those of this batch, the variance unbiased.
    NDArray result =
        x.getNDArrayInternal()
            .batchNorm(
                x,
                mean,
                variance,
                tensors.get(name + ".weight", channels),
                tensors.get(name + ".bias", channels),
                -1,
                0f,
                EPSILON,
                true)
            .get(0);
    double count = (double) shape.size() / channels;
    Average average = averages.computeIfAbsent(name, n -> new Average((int) channels));
    double images = shape.get(0);
    add(average.mean, mean.toFloatArray(), images);
    add(average.variance, variance.toFloatArray(), images * (count - 1) / count);
    average.images += images;
    return result;
  }

  /** Passes every layer's averages on, under the names of the running statistics. */
  void forEach(BiConsumer<String, float[]> action) {
    averages.forEach(
        (name, average) -> {
          action.accept(name + ".running_mean", divided(average.mean, average.images));
          action.accept(name + ".running_var", divided(average.variance, average.images));
        });
  }

  private static void add(double[] sum, float[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  private static float[] divided(double[] sum, double count) {
    float[] result = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      result[i] = (float) (sum[i] / count);
    }
    return result;
  }
}
