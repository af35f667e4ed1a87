package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageTransformTest {

  private static final ImageSet GRAY =
      new ImageSet(1, 2, 2, new byte[] {0, 100, (byte) 200, 40}, new int[] {3});

  @Test
  void nearestRepeatsPixelsAndChannels() {
    float[] result =
        ImageTransform.of(ImageTransform.Resize.NEAREST, 8, 8).apply(GRAY, new int[] {0}, 4);
    float[] plane = {
      -1, -1, 11.5f, 11.5f, -1, -1, 11.5f, 11.5f, 24, 24, 4, 4, 24, 24, 4, 4,
    };
    for (int channel = 0; channel < 3; channel++) {
      assertArrayEquals(plane, Arrays.copyOfRange(result, 16 * channel, 16 * channel + 16));
    }
  }

  @Test
  void bilinearUsesHalfPixelCentres() {
    float[] result =
        ImageTransform.of(ImageTransform.Resize.BILINEAR, 0, 1).apply(GRAY, new int[] {0}, 4);
    float[] plane = {0, 25, 75, 100, 50, 58.75f, 76.25f, 85, 150, 126.25f, 78.75f, 55};
    assertArrayEquals(plane, Arrays.copyOf(result, 12), 1e-4f);
  }

  @Test
  void channelsMayHaveNumbersOfTheirOwn() {
    ImageTransform transform =
        new ImageTransform(
            ImageTransform.Resize.NEAREST, 1, List.of(0.0, 50.0, 100.0), List.of(1.0, 2.0, 4.0));
    float[] result = transform.apply(GRAY, new int[] {0}, 2);
    assertArrayEquals(
        new float[] {0, 100, 200, 40, -25, 25, 75, -5, -25, 0, 25, -15}, result, 1e-5f);
  }

  @Test
  void shiftMovesBlackIn() {
    ImageTransform transform = ImageTransform.of(ImageTransform.Resize.NEAREST, 0, 1);
    float[] down = transform.apply(GRAY, new int[] {0}, new int[] {1, 0}, 2);
    assertArrayEquals(new float[] {0, 0, 0, 100}, Arrays.copyOf(down, 4));
    float[] left = transform.apply(GRAY, new int[] {0}, new int[] {0, -1}, 2);
    assertArrayEquals(new float[] {100, 0, 40, 0}, Arrays.copyOf(left, 4));
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ImageTransform.of(ImageTransform.Resize.NEAREST, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ImageTransform(ImageTransform.Resize.NEAREST, 1, List.of(1.0, 2.0), List.of(1.0)));
  }

  @Test
  void antialiasAveragesWhatIsMadeSmallerAndIsBilinearOtherwise() {
    ImageTransform antialias = ImageTransform.of(ImageTransform.Resize.ANTIALIAS, 0, 1);
    byte[] ramp = {0, 30, 60, 90, 0, 30, 60, 90, 0, 30, 60, 90, 0, 30, 60, 90};
    ImageSet wide = new ImageSet(1, 4, 4, ramp, new int[1]);
    // A triangle of half width 2 over the four centres: weights 3, 3, 1 and 1, 3, 3 of 7.
    float[] half = {150 / 7f, 480 / 7f, 150 / 7f, 480 / 7f};
    assertArrayEquals(half, Arrays.copyOf(antialias.apply(wide, new int[1], 2), 4), 1e-4f);
    ImageTransform bilinear = ImageTransform.of(ImageTransform.Resize.BILINEAR, 0, 1);
    assertArrayEquals(
        bilinear.apply(GRAY, new int[1], 7), antialias.apply(GRAY, new int[1], 7), 1e-4f);
  }

  // torchvision's Resize(ceil(r / crop)) and CenterCrop(r).
  @Test
  void theMiddleOfTheResizedImageIsTaken() {
    byte[] columns = new byte[4 * 9];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = (byte) (10 * (i % 9));
    }
    ImageSet wide = new ImageSet(1, 4, 9, columns, new int[1]);
    ImageTransform whole = ImageTransform.of(ImageTransform.Resize.NEAREST, 0, 1);
    float[] square = whole.apply(wide, new int[1], 4);
    // The longer side stays 9, so 2.5 columns are left of the middle: rounded to an even number.
    assertArrayEquals(new float[] {20, 30, 40, 50}, Arrays.copyOf(square, 4));
    ImageTransform cropped =
        new ImageTransform(ImageTransform.Resize.NEAREST, 0.5, List.of(0.0), List.of(1.0));
    assertEquals(8, cropped.scaled(4));
    float[] middle = cropped.apply(wide, new int[1], 4);
    // 18 columns, of which 7 to 10 are those of source columns 3, 4, 4 and 5.
    assertArrayEquals(new float[] {30, 40, 40, 50}, Arrays.copyOf(middle, 4));
  }

  @Test
  void imagesOfDifferentSizesMeetInOneBatch() {
    ImageSet views = GRAY.select(0, 0);
    assertEquals(2, views.size());
    float[] result =
        ImageTransform.of(ImageTransform.Resize.BILINEAR, 8, 8).apply(views, new int[] {0, 1}, 3);
    assertArrayEquals(Arrays.copyOf(result, 27), Arrays.copyOfRange(result, 27, 54));
  }
}
