package io.github.moeanat.data;

import java.util.Arrays;

/**
 * One axis of a resize: which source places each target place is made of, with what weights.
 *
 * @param most largest number of source places for one target place
 * @param counts number of source places of each target place
 * @param places {@code [target place, most]} source places
 * @param weights {@code [target place, most]} their weights, which add up to one
 */
@SuppressWarnings("ArrayRecordComponent")
record Taps(int most, int[] counts, int[] places, float[] weights) {

  private static final int GROUP = 4;

  /** Number of target places. */
  int size() {
    return counts.length;
  }

  /**
   * Resizes {@code length} source places from {@code start} on to {@code scaled} places, of which
   * {@code count} from {@code offset} on are wanted. What lies outside of the length is not used.
   */
  static Taps of(
      ImageTransform.Resize resize, int start, int length, int scaled, int offset, int count) {
    return switch (resize) {
      case NEAREST -> nearest(start, length, scaled, offset, count);
      case BILINEAR -> bilinear(start, length, scaled, offset, count);
      case ANTIALIAS -> antialias(start, length, scaled, offset, count);
    };
  }

  private static Taps empty(int most, int count) {
    return new Taps(most, new int[count], new int[count * most], new float[count * most]);
  }

  private static Taps nearest(int start, int length, int scaled, int offset, int count) {
    Taps taps = empty(1, count);
    for (int i = 0; i < count; i++) {
      taps.counts[i] = 1;
      taps.places[i] = start + (int) ((long) (offset + i) * length / scaled);
      taps.weights[i] = 1;
    }
    return taps;
  }

  private static Taps bilinear(int start, int length, int scaled, int offset, int count) {
    Taps taps = empty(2, count);
    for (int i = 0; i < count; i++) {
      double place = Math.max(0, (offset + i + 0.5) * length / scaled - 0.5);
      int first = (int) place;
      float share = (float) (place - first);
      taps.counts[i] = 2;
      taps.places[2 * i] = start + first;
      taps.places[2 * i + 1] = start + Math.min(first + 1, length - 1);
      taps.weights[2 * i] = 1 - share;
      taps.weights[2 * i + 1] = share;
    }
    return taps;
  }

  // A triangle as wide as two target places, which no source place escapes: PIL's "bilinear".
  private static Taps antialias(int start, int length, int scaled, int offset, int count) {
    double step = (double) length / scaled;
    double reach = Math.max(1, step);
    Taps taps = empty((int) Math.ceil(2 * reach) + 1, count);
    for (int i = 0; i < count; i++) {
      double centre = (offset + i + 0.5) * step;
      int from = Math.max(0, (int) (centre - reach + 0.5));
      int to = Math.min(length, (int) (centre + reach + 0.5));
      double sum = 0;
      double[] shares = new double[to - from];
      for (int place = from; place < to; place++) {
        shares[place - from] = Math.max(0, 1 - Math.abs(place + 0.5 - centre) / reach);
        sum += shares[place - from];
      }
      taps.counts[i] = shares.length;
      for (int k = 0; k < shares.length; k++) {
        taps.places[i * taps.most + k] = start + from + k;
        taps.weights[i * taps.most + k] = (float) (shares[k] / sum);
      }
    }
    return taps;
  }

  /** Returns the same with the target places in reverse order. */
  Taps reversed() {
    Taps reversed = empty(most, size());
    for (int i = 0; i < size(); i++) {
      int from = size() - 1 - i;
      reversed.counts[i] = counts[from];
      System.arraycopy(places, from * most, reversed.places, i * most, most);
      System.arraycopy(weights, from * most, reversed.weights, i * most, most);
    }
    return reversed;
  }

  /**
   * Resizes one plane.
   *
   * @param source {@code [height, width]} from {@code from} on, unsigned bytes
   * @param width of the source
   * @param target gets {@code [rows.size(), columns.size()]} from {@code to} on
   */
  static void resize(
      byte[] source, int from, int width, Taps rows, Taps columns, float[] target, int to) {
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int i = 0; i < rows.size(); i++) {
      first = Math.min(first, rows.places[i * rows.most]);
      last = Math.max(last, rows.places[i * rows.most + rows.counts[i] - 1]);
    }
    int across = columns.size();
    int height = last - first + 1;
    // Whole groups of rows, the last one padded with black.
    float[] narrowed = new float[(height + GROUP - 1) / GROUP * GROUP * across];
    float[] lines = new float[GROUP * width];
    for (int row = 0; row < height; row += GROUP) {
      int start = from + (first + row) * width;
      int length = Math.min(GROUP, height - row) * width;
      for (int i = 0; i < length; i++) {
        lines[i] = source[start + i] & 0xff;
      }
      columns.narrow(lines, width, narrowed, row * across);
    }
    for (int i = 0; i < rows.size(); i++) {
      int offset = to + i * across;
      Arrays.fill(target, offset, offset + across, 0);
      for (int k = i * rows.most; k < i * rows.most + rows.counts[i]; k++) {
        int row = (rows.places[k] - first) * across;
        float weight = rows.weights[k];
        for (int j = 0; j < across; j++) {
          target[offset + j] += weight * narrowed[row + j];
        }
      }
    }
  }

  // Four rows at once: weights and places are fetched once, and no sum waits for another.
  private void narrow(float[] lines, int width, float[] target, int to) {
    int across = counts.length;
    for (int i = 0; i < across; i++) {
      int start = i * most;
      float sum0 = 0;
      float sum1 = 0;
      float sum2 = 0;
      float sum3 = 0;
      for (int k = start; k < start + counts[i]; k++) {
        float weight = weights[k];
        int place = places[k];
        sum0 += weight * lines[place];
        sum1 += weight * lines[width + place];
        sum2 += weight * lines[2 * width + place];
        sum3 += weight * lines[3 * width + place];
      }
      target[to + i] = sum0;
      target[to + across + i] = sum1;
      target[to + 2 * across + i] = sum2;
      target[to + 3 * across + i] = sum3;
    }
  }
}
