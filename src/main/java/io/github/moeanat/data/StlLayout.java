package io.github.moeanat.data;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary version of STL-10: images of 96x96 whose planes go column by column, and files of
 * labels from 1 to 10. The images without labels are not used.
 */
record StlLayout() implements Layout {

  private static final int CLASSES = 10;
  private static final int SIDE = 96;

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder data = given.holding("train_X.bin", "stl10_binary");
    RecordDecoder decoder = new RecordDecoder(0, SIDE, true);
    List<StoredImage> images = new ArrayList<>();
    add(data, "train", decoder, StoredImage.Part.TRAIN, images);
    add(data, "test", decoder, StoredImage.Part.TEST, images);
    return new Listing(data, CLASSES, decoder, images);
  }

  private static void add(
      DataFolder data,
      String name,
      RecordDecoder decoder,
      StoredImage.Part part,
      List<StoredImage> images)
      throws IOException {
    String pixels = name + "_X.bin";
    long size = Files.size(data.require(pixels));
    byte[] labels = Files.readAllBytes(data.require(name + "_y.bin"));
    if (labels.length == 0 || size != (long) labels.length * decoder.bytes()) {
      throw data.wrong(
          pixels,
          "%d bytes for %d labels, expected %d; it is not whole"
              .formatted(size, labels.length, (long) labels.length * decoder.bytes()));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 1 || labels[i] > CLASSES) {
        throw data.wrong(
            name + "_y.bin",
            "image %d has class %d, expected 1 to %d".formatted(i, labels[i], CLASSES));
      }
      images.add(new StoredImage(pixels, i, labels[i] - 1, part));
    }
  }
}
