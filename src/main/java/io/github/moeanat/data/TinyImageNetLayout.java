package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tiny ImageNet: class folders in {@code train}, and {@code val} with a text file of labels. The
 * validation images are the test images of every comparison, since the labels of the real ones are
 * not public.
 */
record TinyImageNetLayout() implements Layout {

  private static final int CLASSES = 200;
  private static final String TRAIN = "train";
  private static final String LABELS = "val/val_annotations.txt";

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder data = given.holding(TRAIN, "tiny-imagenet-200");
    List<String> names = data.classFolders(TRAIN, CLASSES);
    List<StoredImage> images = new ArrayList<>();
    data.addClassFolders(TRAIN, names, StoredImage.Part.TRAIN, images);
    for (String line : data.lines(LABELS)) {
      // Name, class and a box, parted by tabulators.
      String[] fields = line.split("\t", -1);
      int label = fields.length < 2 ? -1 : names.indexOf(fields[1]);
      if (label < 0) {
        throw data.wrong(
            LABELS, "'%s', expected an image and a class that train has".formatted(line));
      }
      String file = "val/images/" + fields[0];
      images.add(new StoredImage(file, 0, label, StoredImage.Part.TEST));
    }
    return new Listing(data, CLASSES, new PhotoDecoder(), images);
  }
}
