package io.github.moeanat.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Any folder of class folders of images, or of folders {@code train}, {@code val} (or {@code
 * valid}, {@code validation}) and {@code test} of such, whatever the case of these names. A folder
 * {@code train} without folders in it is a class. Images may lie any number of folders below that
 * of their class.
 */
record ClassFolders() implements Layout {

  private static final Map<String, StoredImage.Part> PARTS =
      Map.of(
          "train", StoredImage.Part.TRAIN,
          "val", StoredImage.Part.VALIDATION,
          "valid", StoredImage.Part.VALIDATION,
          "validation", StoredImage.Part.VALIDATION,
          "test", StoredImage.Part.TEST);
  private static final int NAMED = 5;

  /** Returns the names of the classes in alphabetical order, which number them. */
  static List<String> names(DataFolder data) {
    String folder = parts(data).getOrDefault(StoredImage.Part.TRAIN, "");
    List<String> names = data.folders(folder);
    if (names.size() < 2) {
      throw data.wrong(
          folder, names.size() + " class folders, expected at least two: " + data.source());
    }
    return names;
  }

  /** Returns the folder of each part; empty if the folders are those of classes. */
  private static Map<StoredImage.Part, String> parts(DataFolder data) {
    Map<StoredImage.Part, String> parts = new EnumMap<>(StoredImage.Part.class);
    List<String> wrong = new ArrayList<>();
    for (String folder : data.folders("")) {
      StoredImage.Part part = PARTS.get(folder.toLowerCase(Locale.ROOT));
      if (part == null || parts.putIfAbsent(part, folder) != null) {
        wrong.add(folder);
      }
    }
    String train = parts.get(StoredImage.Part.TRAIN);
    if (train == null || data.folders(train).isEmpty()) {
      return Map.of();
    }
    if (!wrong.isEmpty()) {
      throw data.wrong(
          wrong.get(0),
          "beside the folder %s only one val (or valid, validation) and one test may lie, no other"
              .formatted(train));
    }
    return parts;
  }

  @Override
  public Listing list(DataFolder data) {
    List<String> classes = names(data);
    Map<StoredImage.Part, String> parts = parts(data);
    List<StoredImage> images = new ArrayList<>();
    if (parts.isEmpty()) {
      data.addClassFolders("", classes, StoredImage.Part.TRAIN, images);
    }
    parts.forEach((part, folder) -> data.addClassFolders(folder, classes, part, images));
    return new Listing(data, classes.size(), new PhotoDecoder(), images);
  }

  /**
   * Returns what may not be meant: images beside the class folders, folders within them, and
   * classes without images of some part.
   *
   * @throws IllegalArgumentException if a class has no training image
   */
  static List<String> remarks(Listing listing, Parts split) {
    DataFolder data = listing.folder();
    List<String> classes = names(data);
    Map<StoredImage.Part, String> parts = parts(data);
    List<String> remarks = new ArrayList<>();
    for (String folder : parts.isEmpty() ? List.of("") : parts.values()) {
      List<String> beside = data.imagesBeside(folder);
      if (!beside.isEmpty()) {
        remarks.add(
            data.about(
                folder,
                "%d images beside the class folders are left out (the first is %s)"
                    .formatted(beside.size(), beside.get(0))));
      }
    }
    int depth = parts.isEmpty() ? 2 : 3;
    TreeSet<String> nested = new TreeSet<>();
    for (StoredImage image : listing.images()) {
      if (image.file().split("/", -1).length > depth) {
        nested.add(classes.get(image.label()));
      }
    }
    if (!nested.isEmpty()) {
      remarks.add(
          data.about(
              "",
              "all images below a class folder are of its class, also those in folders within it"
                  + " (such are in %s)".formatted(named(List.copyOf(nested)))));
    }
    List<String> untrained = lacking(listing, classes, split.train());
    if (!untrained.isEmpty()) {
      throw data.wrong("", "no training images are left of class " + named(untrained));
    }
    addLacking(remarks, data, "validation", lacking(listing, classes, split.validation()));
    addLacking(remarks, data, "test", lacking(listing, classes, split.test()));
    return remarks;
  }

  /** Returns how many images are in two classes, if there are any. */
  static Optional<String> contradictions(Listing listing, Pixels pixels) {
    List<StoredImage> images = listing.images();
    long[] beginnings = new long[images.size()];
    for (int i = 0; i < beginnings.length; i++) {
      beginnings[i] = beginning(pixels, i);
    }
    // Few have an equal, and only these are kept whole.
    long[] sorted = beginnings.clone();
    Arrays.sort(sorted);
    Map<ByteBuffer, StoredImage> first = new HashMap<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < beginnings.length; i++) {
      int place = Arrays.binarySearch(sorted, beginnings[i]);
      boolean equal =
          (place > 0 && sorted[place - 1] == beginnings[i])
              || (place + 1 < sorted.length && sorted[place + 1] == beginnings[i]);
      if (equal && pixels.height(i) > 0) {
        StoredImage image = images.get(i);
        StoredImage other = first.putIfAbsent(ByteBuffer.wrap(pixels.identity(i)), image);
        if (other != null && other.label() != image.label()) {
          found.add("%s and %s".formatted(other.file(), image.file()));
        }
      }
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            listing
                .folder()
                .about(
                    "",
                    "%d images are in another class too (the first are %s)"
                        .formatted(found.size(), found.get(0))));
  }

  private static long beginning(Pixels pixels, int image) {
    return ByteBuffer.wrap(pixels.identity(image)).getLong();
  }

  private static void addLacking(
      List<String> remarks, DataFolder data, String part, List<String> classes) {
    if (!classes.isEmpty()) {
      remarks.add(
          data.about("", "there are no %s images of class %s".formatted(part, named(classes))));
    }
  }

  private static List<String> lacking(Listing listing, List<String> classes, int[] images) {
    boolean[] has = new boolean[classes.size()];
    for (int image : images) {
      has[listing.images().get(image).label()] = true;
    }
    return classes.stream().filter(name -> !has[classes.indexOf(name)]).toList();
  }

  private static String named(List<String> names) {
    return names.size() <= NAMED
        ? String.join(", ", names)
        : "%s and %d more"
            .formatted(String.join(", ", names.subList(0, NAMED)), names.size() - NAMED);
  }
}
