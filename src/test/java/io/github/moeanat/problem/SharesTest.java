package io.github.moeanat.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SharesTest {

  @Test
  void theLargestRemaindersGetWhatIsLeft() {
    assertArrayEquals(new int[] {1000}, Shares.of(1000, 300));
    assertArrayEquals(new int[] {75, 25}, Shares.of(100, 9, 3));
    assertArrayEquals(new int[] {2, 5}, Shares.of(7, 1, 3));
    assertArrayEquals(new int[] {1, 0}, Shares.of(1, 2, 1));
    assertArrayEquals(new int[] {3, 2}, Shares.of(5, 4, 4), "the first of equals");
    assertArrayEquals(new int[] {0, 0}, Shares.of(0, 1, 2));
    assertArrayEquals(new int[] {0, 10_000_000}, Shares.of(10_000_000, 0, 1000));
  }

  @Test
  void sharesAddUpAndAreOffByLessThanOne() {
    RandomGenerator random = new Seeds(1).generator("test");
    for (int n = 0; n < 1000; n++) {
      int total = random.nextInt(2000);
      int[] weights = random.ints(1 + random.nextInt(4), 0, 300).toArray();
      weights[0]++;
      int sum = Arrays.stream(weights).sum();
      int[] shares = Shares.of(total, weights);
      assertEquals(total, Arrays.stream(shares).sum());
      for (int i = 0; i < weights.length; i++) {
        double exact = total * (weights[i] / (double) sum);
        assertTrue(Math.abs(shares[i] - exact) < 1, () -> Arrays.toString(weights));
        assertTrue(weights[i] > 0 || shares[i] == 0, () -> Arrays.toString(weights));
      }
    }
  }

  @Test
  void nothingToShareByIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Shares.of(3, 0, 0));
  }
}
