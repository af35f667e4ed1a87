package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Any folder of class folders of images, or of folders {@code train}, {@code val} (or {@code
 * valid}, {@code validation}) and {@code test} of such. A folder {@code train} without folders in
 * it is a class.
 */
record ClassFolders() implements Layout {

  private static final String TRAIN = "train";
  private static final List<String> VALIDATION = List.of("val", "valid", "validation");
  private static final String TEST = "test";

  /** Returns the names of the classes in alphabetical order, which number them. */
  static List<String> names(DataFolder data) throws IOException {
    String folder = isSplit(data) ? TRAIN : "";
    List<String> names = data.folders(folder);
    if (names.size() < 2) {
      throw data.wrong(folder, names.size() + " class folders, expected " + data.source());
    }
    return names;
  }

  private static boolean isSplit(DataFolder data) throws IOException {
    return data.has(TRAIN) && !data.folders(TRAIN).isEmpty();
  }

  @Override
  public Listing list(DataFolder data) throws IOException {
    List<String> classes = names(data);
    List<StoredImage> images = new ArrayList<>();
    if (isSplit(data)) {
      data.addClassFolders(TRAIN, classes, StoredImage.Part.TRAIN, images);
      for (String validation : VALIDATION) {
        add(data, validation, classes, StoredImage.Part.VALIDATION, images);
      }
      add(data, TEST, classes, StoredImage.Part.TEST, images);
    } else {
      data.addClassFolders("", classes, StoredImage.Part.TRAIN, images);
    }
    return new Listing(data, classes.size(), new PhotoDecoder(), images);
  }

  private static void add(
      DataFolder data,
      String folder,
      List<String> classes,
      StoredImage.Part part,
      List<StoredImage> images)
      throws IOException {
    if (data.has(folder)) {
      data.addClassFolders(folder, classes, part, images);
    }
  }
}
