package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  private static final int SIDE = 16;
  private static final int PLANE = SIDE * SIDE;
  private static final int[] FILL = {10, 20, 30};
  private static final ImageTransform RAW =
      ImageTransform.of(ImageTransform.Resize.ANTIALIAS, 0, 1);

  @Test
  void cropsHaveSharesAndRatiosWithinTheirBounds() {
    Augmentation crop = new Augmentation(0.08, 0, 0, 9, 0.5, 0, 0, 1);
    RandomGenerator random = new SplittableRandom(4);
    double least = 1;
    double most = 0;
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
      Augmentation.Box box = crop.drawBox(300, 400, random);
      assertTrue(box.top() >= 0 && box.top() + box.height() <= 300);
      assertTrue(box.left() >= 0 && box.left() + box.width() <= 400);
      double share = box.height() * box.width() / 120_000.0;
      double ratio = (double) box.width() / box.height();
      assertTrue(ratio > 0.74 && ratio < 1.35, ratio + "");
      least = Math.min(least, share);
      most = Math.max(most, share);
      sum += share;
    }
    assertTrue(least > 0.078 && least < 0.1 && most > 0.9 && most <= 1, least + " " + most);
    // Uniform from 0.08 to 1, whose middle is 0.54, but the largest often don't fit.
    assertTrue(sum / 2000 > 0.4 && sum / 2000 < 0.54, sum / 2000 + "");
    Augmentation.Box middle = crop.drawBox(10, 1000, random);
    assertTrue(middle.height() <= 10 && middle.width() <= 14);
  }

  @Test
  void flippedImagesAreMirrored() {
    float[] plain = new float[3 * PLANE];
    float[] flipped = new float[3 * PLANE];
    ImageSet images = noise();
    augment(images, new Augmentation(1, 0, 0, 9, 0.5, 0, 0, 1), 1, plain);
    augment(images, new Augmentation(1, 1, 0, 9, 0.5, 0, 0, 1), 1, flipped);
    assertArrayEquals(RAW.apply(images, new int[1], SIDE), plain);
    for (int i = 0; i < plain.length; i++) {
      int mirrored = i - i % SIDE + SIDE - 1 - i % SIDE;
      assertEquals(plain[i], flipped[mirrored]);
    }
  }

  @Test
  void cutoutBlanksASquareOfTheNormalisedImage() {
    ImageTransform shifted = ImageTransform.of(ImageTransform.Resize.ANTIALIAS, 300, 1);
    Augmentation cutout = new Augmentation(1, 0, 0, 9, 0.5, 0.25, 0, 1);
    int largest = 0;
    for (long seed = 0; seed < 50; seed++) {
      float[] values = new float[3 * PLANE];
      shifted.augment(noise(), 0, 0, 0, SIDE, cutout, new SplittableRandom(seed), values, 0);
      int blank = (int) IntStream.range(0, PLANE).filter(i -> values[i] == 0).count();
      for (int i = 0; i < PLANE; i++) {
        assertEquals(values[i] == 0, values[2 * PLANE + i] == 0);
      }
      assertTrue(blank >= 4 && blank <= 16, blank + "");
      largest = Math.max(largest, blank);
    }
    assertEquals(16, largest);
  }

  @Test
  void drawsDependOnTheSeedAndNotOnTheResolution() {
    Augmentation all = new Augmentation(0.3, 0.5, 2, 9, 0.5, 0.25, 0, 1);
    ImageSet images = noise();
    float[] first = new float[3 * PLANE];
    float[] second = new float[3 * PLANE];
    augment(images, all, 3, first);
    augment(images, all, 3, second);
    assertArrayEquals(first, second);
    augment(images, all, 4, second);
    assertTrue(!Arrays.equals(first, second));
    RandomGenerator small = new SplittableRandom(9);
    RandomGenerator large = new SplittableRandom(9);
    RAW.augment(images, 0, 0, 0, 8, all, small, new float[3 * 64], 0);
    RAW.augment(images, 0, 0, 0, 24, all, large, new float[3 * 576], 0);
    assertEquals(small.nextLong(), large.nextLong());
  }

  @Test
  void operationsOnValuesAreThoseOfPil() {
    float[] ramp = ramp();
    // Invert, posterize to three bits, solarize above 230, add 99 below 128.
    assertValues(v -> 255 - v, operate(ramp, 2, 0.9));
    assertValues(v -> v & 0xe0, operate(ramp, 4, 0.9));
    assertValues(v -> v < 230 ? v : 255 - v, operate(ramp, 5, 0.9));
    assertValues(v -> v < 128 ? Math.min(255, v + 99) : v, operate(ramp, 6, 0.9));
    // Brightness at strength 0.5 is a factor of one.
    assertValues(v -> v, operate(ramp, 9, 0.5));
    assertValues(v -> (int) Math.min(255, 1.9 * v), operate(ramp, 9, 1));
    assertValues(v -> v, operate(ramp, 0, 1), "contrast is full already");
    assertValues(v -> v, operate(ramp, 1, 1), "equal already");
    float[] dull = ramp.clone();
    for (int i = 0; i < dull.length; i++) {
      dull[i] = 100 + (float) Math.floor(ramp[i] / 5);
    }
    float[] stretched = dull.clone();
    RandAugment.apply(stretched, SIDE, FILL, 0, 1, 1);
    assertEquals(0, stretched[0]);
    assertEquals(255, stretched[PLANE - 1]);
    // A gray image has no colour to change.
    assertArrayEquals(ramp, operate(ramp, 7, 1));
  }

  @Test
  void movesTakeValuesFromWhereTheyShould() {
    float[] ramp = ramp();
    // Full strength is 0.45 of the side.
    float[] moved = operate(ramp, 13, 5 / 0.45 / 16);
    assertEquals(ramp[5], moved[0], 1);
    assertEquals(FILL[0], moved[SIDE - 1]);
    assertEquals(FILL[2], moved[2 * PLANE + SIDE - 1]);
    float[] down = operate(ramp, 14, 5 / 0.45 / 16);
    assertEquals(ramp[5 * SIDE], down[0], 1);
    assertEquals(FILL[1], down[2 * PLANE - 1]);
    // A turn by nothing and a shear by nothing change nothing.
    assertArrayEquals(ramp, operate(ramp, 3, 0));
    assertArrayEquals(ramp, operate(ramp, 11, 0));
    // The middle stays where it is when the image is turned.
    float[] dot = new float[3 * PLANE];
    for (int i : new int[] {7 * SIDE + 7, 7 * SIDE + 8, 8 * SIDE + 7, 8 * SIDE + 8}) {
      dot[i] = 200;
    }
    float[] turned = operate(dot, 3, 1);
    assertTrue(turned[7 * SIDE + 7] > 150 && turned[8 * SIDE + 8] > 150);
    assertEquals(FILL[0], turned[0]);
  }

  @Test
  void everyOperationKeepsToTheRange() {
    for (int place = 0; place < 15; place++) {
      for (double strength : new double[] {0, 0.3, 1}) {
        for (int sign : new int[] {-1, 1}) {
          float[] values = RAW.apply(noise(), new int[1], SIDE);
          RandAugment.apply(values, SIDE, FILL, place, strength, sign);
          for (float value : values) {
            assertTrue(value >= 0 && value <= 255 && value == Math.rint(value));
          }
        }
      }
    }
  }

  @Test
  void wrongNumbersAreRefused() {
    for (double[] wrong :
        List.of(new double[] {0, 0}, new double[] {1.1, 0}, new double[] {1, 2})) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Augmentation(wrong[0], wrong[1], 0, 9, 0.5, 0, 0, 1));
    }
    assertTrue(Augmentation.NONE.isNone());
  }

  @FunctionalInterface
  private interface Expected {
    int of(int value);
  }

  private static void assertValues(Expected expected, float[] found) {
    assertValues(expected, found, "");
  }

  private static void assertValues(Expected expected, float[] found, String message) {
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.of(i % PLANE), found[i], message);
    }
  }

  private static float[] operate(float[] values, int place, double strength) {
    float[] result = values.clone();
    RandAugment.apply(result, SIDE, FILL, place, strength, 1);
    return result;
  }

  /** Returns planes of all values from 0 to 255. */
  private static float[] ramp() {
    float[] ramp = new float[3 * PLANE];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = i % PLANE;
    }
    return ramp;
  }

  private static ImageSet noise() {
    byte[] pixels = new byte[3 * PLANE];
    new SplittableRandom(8).nextBytes(pixels);
    return new ImageSet(3, SIDE, SIDE, pixels, new int[1]);
  }

  private static void augment(
      ImageSet images, Augmentation augmentation, long seed, float[] target) {
    RAW.augment(images, 0, 0, 0, SIDE, augmentation, new SplittableRandom(seed), target, 0);
  }
}
