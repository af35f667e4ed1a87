package io.github.moeanat.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CutMixTest {

  @Test
  void theShareIsThatOfThePixelsAtEveryResolution() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      CutMix mix = CutMix.draw(0.7, 5, random);
      for (int resolution : new int[] {1, 7, 10, 32}) {
        int plane = resolution * resolution;
        float[] other = new float[3 * plane];
        Arrays.fill(other, 1);
        float[] values = new float[3 * plane];
        mix.paste(other, values, 0, resolution);
        double sum = 0;
        for (float value : values) {
          sum += value;
        }
        assertEquals(sum / values.length, mix.share(resolution), 1e-12);
      }
    }
  }

  @Test
  void edgesAreRoundedToPixels() {
    CutMix mix = new CutMix(0, 0.26, 0, 0.61, 0.5);
    assertEquals(3 * 5 / 100.0, mix.share(10), 0);
    assertEquals(35 * 50 / 10_000.0, mix.share(100), 0);
  }
}
