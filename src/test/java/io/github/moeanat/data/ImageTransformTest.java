package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
            ImageTransform.Resize.NEAREST, List.of(0.0, 50.0, 100.0), List.of(1.0, 2.0, 4.0));
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
        () -> new ImageTransform(ImageTransform.Resize.NEAREST, List.of(1.0, 2.0), List.of(1.0)));
  }
}
