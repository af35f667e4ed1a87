package io.github.moeanat.evaluation;

/** What a network said of the validation images, on the heap. */
public final class Logits {

  private static final double SMALLEST_SCALE = 1e-30;

  private final float[] values;
  private final Accuracy accuracy;

  /**
   * Keeps logits.
   *
   * @param values {@code [image, class]}, row-major
   */
  Logits(float[] values, Accuracy accuracy) {
    this.values = values;
    this.accuracy = accuracy;
  }

  /** How many images were classified rightly. */
  public Accuracy accuracy() {
    return accuracy;
  }

  /**
   * Returns how far these are from others: the largest difference over the largest value of the
   * others; infinite if they are not as many.
   */
  public double difference(Logits reference) {
    if (values.length != reference.values.length) {
      return Double.POSITIVE_INFINITY;
    }
    double difference = 0;
    double scale = SMALLEST_SCALE;
    for (int i = 0; i < values.length; i++) {
      difference = Math.max(difference, Math.abs((double) values[i] - reference.values[i]));
      scale = Math.max(scale, Math.abs(reference.values[i]));
    }
    return difference / scale;
  }
}
