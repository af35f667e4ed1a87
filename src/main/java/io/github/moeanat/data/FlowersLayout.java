package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import us.hebi.matlab.mat.types.Matrix;

/**
 * Oxford Flowers102: images by number, their labels in {@code imagelabels.mat}, the split in {@code
 * setid.mat}.
 */
record FlowersLayout() implements Layout {

  private static final int CLASSES = 102;
  private static final String LABELS = "imagelabels.mat";
  private static final String SPLIT = "setid.mat";

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder data = given.holding(LABELS, "flowers-102");
    int[] labels = data.matlab(LABELS, matlab -> numbers(matlab.getMatrix("labels"), CLASSES));
    List<StoredImage> images = new ArrayList<>();
    images.addAll(
        data.matlab(
            SPLIT,
            matlab -> {
              List<StoredImage> found = new ArrayList<>();
              add(matlab.getMatrix("trnid"), labels, StoredImage.Part.TRAIN, found);
              add(matlab.getMatrix("valid"), labels, StoredImage.Part.VALIDATION, found);
              add(matlab.getMatrix("tstid"), labels, StoredImage.Part.TEST, found);
              return found;
            }));
    return new Listing(data, CLASSES, new PhotoDecoder(), images);
  }

  private static void add(
      Matrix ids, int[] labels, StoredImage.Part part, List<StoredImage> images) {
    for (int id : numbers(ids, labels.length)) {
      String file = String.format(Locale.ROOT, "jpg/image_%05d.jpg", id);
      images.add(new StoredImage(file, 0, labels[id - 1] - 1, part));
    }
  }

  private static int[] numbers(Matrix matrix, int high) {
    int[] numbers = new int[matrix.getNumElements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = matrix.getInt(i);
      if (numbers[i] < 1 || numbers[i] > high) {
        throw new IllegalArgumentException(
            "number %d is %d, expected 1 to %d".formatted(i, numbers[i], high));
      }
    }
    return numbers;
  }
}
