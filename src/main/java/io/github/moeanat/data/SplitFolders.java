package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder for each part of the data set, in each of them a folder for each class. Classes are
 * numbered in alphabetical order.
 *
 * @param classes number of classes
 * @param train folder of the training images
 * @param validation folder of the data set's own validation images, or empty
 * @param test folder of the test images
 * @param below folders that an archive may have unpacked to
 */
record SplitFolders(int classes, String train, String validation, String test, List<String> below)
    implements Layout {

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder data = given.holding(train, below.toArray(new String[0]));
    List<String> names = data.classFolders(train, classes);
    List<StoredImage> images = new ArrayList<>();
    data.addClassFolders(train, names, StoredImage.Part.TRAIN, images);
    if (!validation.isEmpty()) {
      data.addClassFolders(validation, names, StoredImage.Part.VALIDATION, images);
    }
    data.addClassFolders(test, names, StoredImage.Part.TEST, images);
    return new Listing(data, classes, new PhotoDecoder(), images);
  }
}
