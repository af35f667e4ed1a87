package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import us.hebi.matlab.mat.types.Struct;

/**
 * ImageNet of ILSVRC 2012: class folders in {@code train}; in {@code val} class folders too, or the
 * images as they are distributed, with the devkit's ground truth. The validation images are the
 * test images of every comparison, since the labels of the real ones are not public.
 */
record ImageNetLayout() implements Layout {

  private static final int CLASSES = 1000;
  private static final String TRAIN = "train";
  private static final String VAL = "val";
  private static final String DEVKIT = "ILSVRC2012_devkit_t12/data/";
  private static final String TRUTH = DEVKIT + "ILSVRC2012_validation_ground_truth.txt";
  private static final String META = DEVKIT + "meta.mat";

  @Override
  public Listing list(DataFolder data) throws IOException {
    data.require(TRAIN);
    data.require(VAL);
    if (!data.folders(VAL).isEmpty()) {
      return new SplitFolders(CLASSES, TRAIN, "", VAL, List.of()).list(data);
    }
    List<String> names = data.classFolders(TRAIN, CLASSES);
    List<StoredImage> images = new ArrayList<>();
    data.addClassFolders(TRAIN, names, StoredImage.Part.TRAIN, images);
    addValidation(data, names, images);
    return new Listing(data, CLASSES, new PhotoDecoder(), images);
  }

  private static void addValidation(DataFolder data, List<String> names, List<StoredImage> images)
      throws IOException {
    List<String> truth = data.lines(TRUTH);
    Map<String, String> wordNets = data.matlab(META, m -> wordNets(m.getStruct("synsets")));
    List<String> files = data.images(VAL);
    if (files.size() != truth.size()) {
      throw data.wrong(
          VAL, "%d images, the ground truth has %d".formatted(files.size(), truth.size()));
    }
    for (int i = 0; i < files.size(); i++) {
      int label = names.indexOf(wordNets.get(truth.get(i)));
      if (label < 0) {
        throw data.wrong(
            TRUTH,
            "line %d: '%s' is no class that meta.mat and train have"
                .formatted(i + 1, truth.get(i)));
      }
      images.add(new StoredImage(files.get(i), 0, label, StoredImage.Part.TEST));
    }
  }

  /** Returns the name of each class's training folder by its number in the ground truth. */
  private static Map<String, String> wordNets(Struct synsets) {
    Map<String, String> names = new TreeMap<>();
    for (int i = 0; i < synsets.getNumElements(); i++) {
      int id = synsets.getMatrix("ILSVRC2012_ID", i).getInt(0);
      names.put(String.valueOf(id), synsets.getChar("WNID", i).getString());
    }
    return names;
  }
}
