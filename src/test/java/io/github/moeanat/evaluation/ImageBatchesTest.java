package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageBatchesTest {

  @Test
  void batchesBeyondTheRoomAreMadeAnewAndAreTheSame() throws IOException {
    ImageSet images = Digits.data().search().validation().select(0, 1, 2, 3, 4, 5, 6);
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      ImageBatches roomy =
          new ImageBatches(manager, images, Digits.TRANSFORM, 3, ImageBatches.ROOM);
      // Room for the first resolution only.
      ImageBatches tight =
          new ImageBatches(manager, images, Digits.TRANSFORM, 3, 4L * 3 * 8 * 8 * 7);
      List<Integer> arrays = new ArrayList<>();
      for (int resolution : new int[] {8, 12, 8, 12}) {
        try (NDManager scope = manager.newSubManager()) {
          List<float[]> expected = values(roomy.at(resolution, scope));
          List<float[]> found = values(tight.at(resolution, scope));
          assertEquals(3, found.size());
          assertEquals(3 * resolution * resolution, found.get(2).length);
          for (int i = 0; i < 3; i++) {
            assertArrayEquals(expected.get(i), found.get(i));
          }
        }
        arrays.add(manager.getManagedArrays().size());
      }
      // Three batches of each set at 8 px; at 12 px one set keeps none.
      assertEquals(List.of(6, 9, 9, 9), arrays);
    }
  }

  private static List<float[]> values(Iterable<NDArray> batches) {
    List<float[]> values = new ArrayList<>();
    for (NDArray batch : batches) {
      values.add(batch.toFloatArray());
    }
    return values;
  }
}
