package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import us.hebi.matlab.mat.types.Struct;

/**
 * Stanford Cars in any of the forms that circulate: the folders {@code cars_train} and {@code
 * cars_test} with the annotations of the devkit; the older {@code car_ims} with one {@code
 * cars_annos.mat}; or class folders in {@code train} and {@code test}.
 */
record CarsLayout() implements Layout {

  private static final int CLASSES = 196;
  private static final String TRAIN = "devkit/cars_train_annos.mat";
  private static final String ALL = "cars_annos.mat";
  private static final List<String> TEST =
      List.of(
          "cars_test_annos_withlabels.mat",
          "devkit/cars_test_annos_withlabels.mat",
          "devkit/cars_test_annos_withlabels_eval.mat");
  private static final List<String> CLASS_FOLDERS =
      List.of("car_data", "car_data/car_data", "stanford_cars", "stanford_cars/car_data");

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder parted = given.holding(TRAIN, "stanford_cars");
    DataFolder together = given.holding(ALL, "stanford_cars");
    List<StoredImage> images = new ArrayList<>();
    if (parted.has(TRAIN)) {
      add(parted, TRAIN, "cars_train/", StoredImage.Part.TRAIN, images);
      String test =
          TEST.stream()
              .filter(parted::has)
              .findFirst()
              .orElseThrow(() -> parted.missing(TEST.get(0)));
      add(parted, test, "cars_test/", StoredImage.Part.TEST, images);
      return new Listing(parted, CLASSES, new PhotoDecoder(), images);
    }
    if (together.has(ALL)) {
      addParts(together, images);
      return new Listing(together, CLASSES, new PhotoDecoder(), images);
    }
    DataFolder folders = given.holding("train", CLASS_FOLDERS.toArray(new String[0]));
    if (!folders.has("train")) {
      throw given.missing(TRAIN);
    }
    return new SplitFolders(CLASSES, "train", "", "test", CLASS_FOLDERS).list(folders);
  }

  private static void add(
      DataFolder data, String file, String folder, StoredImage.Part part, List<StoredImage> images)
      throws IOException {
    images.addAll(
        data.matlab(
            file,
            matlab -> {
              Struct annotations = matlab.getStruct("annotations");
              List<StoredImage> found = new ArrayList<>();
              for (int i = 0; i < annotations.getNumElements(); i++) {
                String name = folder + annotations.getChar("fname", i).getString();
                found.add(new StoredImage(name, 0, label(annotations, i), part));
              }
              return found;
            }));
  }

  private static void addParts(DataFolder data, List<StoredImage> images) throws IOException {
    images.addAll(
        data.matlab(
            ALL,
            matlab -> {
              Struct annotations = matlab.getStruct("annotations");
              List<StoredImage> found = new ArrayList<>();
              for (int i = 0; i < annotations.getNumElements(); i++) {
                String name = annotations.getChar("relative_im_path", i).getString();
                boolean test = annotations.getMatrix("test", i).getInt(0) != 0;
                found.add(
                    new StoredImage(
                        name,
                        0,
                        label(annotations, i),
                        test ? StoredImage.Part.TEST : StoredImage.Part.TRAIN));
              }
              return found;
            }));
  }

  private static int label(Struct annotations, int image) {
    int label = annotations.getMatrix("class", image).getInt(0);
    if (label < 1 || label > CLASSES) {
      throw new IllegalArgumentException(
          "image %d has class %d, expected 1 to %d".formatted(image, label, CLASSES));
    }
    return label - 1;
  }
}
