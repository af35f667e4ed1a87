package io.github.moeanat.supernet;

/**
 * Numbers in 16 bits: sign, five bits of exponent, ten of mantissa (IEEE 754). DJL's converter
 * reads them; in writing it does not round to even.
 */
final class Half {

  /** The largest finite one. */
  static final float MAX = 65504;

  private static final int INFINITE = 0x7c00;
  private static final int NOT_A_NUMBER = 0x7e00;
  private static final int DROPPED_BITS = 13;
  private static final int HALF_BELOW = (1 << (DROPPED_BITS - 1)) - 1;
  // Exponents of 32 bits begin at -127, those of 16 bits at -15.
  private static final int OTHER_BIAS = (127 - 15) << 23;
  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final double STEPS_OF_SUBNORMALS = 0x1p24;

  private Half() {}

  /**
   * Returns the bits of the nearest half, the even one of two; infinity for what is nearer to the
   * next power of two than to {@link #MAX}.
   */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float size = Math.abs(value);
    int bits = Float.floatToRawIntBits(size);
    int half;
    if (Float.isNaN(value)) {
      half = NOT_A_NUMBER;
    } else if (size < SMALLEST_NORMAL) {
      half = (int) Math.rint(size * STEPS_OF_SUBNORMALS);
    } else {
      // A carry goes on into the exponent, as it should.
      int even = bits >>> DROPPED_BITS & 1;
      half = Math.min(INFINITE, (bits - OTHER_BIAS + HALF_BELOW + even) >>> DROPPED_BITS);
    }
    return (short) (sign | half);
  }

  /** Whether bits are neither an infinity nor no number. */
  static boolean isFinite(short half) {
    return (half & INFINITE) != INFINITE;
  }
}
