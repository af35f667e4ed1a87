package io.github.moeanat.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Image files that text files list, a line for each image. Classes are numbered in the order of
 * their names.
 *
 * @param classes number of classes
 * @param lists the text file of each part
 * @param file turns a line into the path of the image
 * @param label turns a line into the name of its class
 * @param line what a line looks like, for messages
 * @param below folders that an archive may have unpacked to
 */
record ListLayout(
    int classes,
    Map<StoredImage.Part, String> lists,
    UnaryOperator<String> file,
    UnaryOperator<String> label,
    String line,
    List<String> below)
    implements Layout {

  static ListLayout food101() {
    return new ListLayout(
        101,
        Map.of(StoredImage.Part.TRAIN, "meta/train.txt", StoredImage.Part.TEST, "meta/test.txt"),
        line -> "images/" + line + ".jpg",
        line -> before(line, '/'),
        "apple_pie/1005649",
        List.of("food-101"));
  }

  static ListLayout aircraft() {
    return new ListLayout(
        100,
        Map.of(
            StoredImage.Part.TRAIN, "images_variant_train.txt",
            StoredImage.Part.VALIDATION, "images_variant_val.txt",
            StoredImage.Part.TEST, "images_variant_test.txt"),
        line -> "images/" + before(line, ' ') + ".jpg",
        line -> line.substring(line.indexOf(' ') + 1),
        "1025794 707-320",
        List.of("data", "fgvc-aircraft-2013b/data"));
  }

  /** The first of ten splits, which comparisons without a number mean. */
  static ListLayout dtd() {
    return new ListLayout(
        47,
        Map.of(
            StoredImage.Part.TRAIN, "labels/train1.txt",
            StoredImage.Part.VALIDATION, "labels/val1.txt",
            StoredImage.Part.TEST, "labels/test1.txt"),
        line -> "images/" + line,
        line -> before(line, '/'),
        "banded/banded_0002.jpg",
        List.of("dtd"));
  }

  static ListLayout pets() {
    return new ListLayout(
        37,
        Map.of(
            StoredImage.Part.TRAIN, "annotations/trainval.txt",
            StoredImage.Part.TEST, "annotations/test.txt"),
        line -> "images/" + before(line, ' ') + ".jpg",
        line -> String.format(Locale.ROOT, "%02d", Integer.parseInt(line.split(" ", -1)[1])),
        "Abyssinian_100 1 1 1",
        List.of());
  }

  private static String before(String line, char separator) {
    int place = line.indexOf(separator);
    if (place <= 0 || place == line.length() - 1) {
      throw new IllegalArgumentException("no " + separator);
    }
    return line.substring(0, place);
  }

  private record Named(String file, String label, StoredImage.Part part) {}

  @Override
  public Listing list(DataFolder given) throws IOException {
    String marker = lists.get(StoredImage.Part.TRAIN);
    DataFolder data = given.holding(marker, below.toArray(new String[0]));
    List<Named> found = new ArrayList<>();
    for (StoredImage.Part part : StoredImage.Part.values()) {
      if (lists.containsKey(part)) {
        read(data, lists.get(part), part, found);
      }
    }
    requireOnce(data, found);
    TreeMap<String, Integer> labels = new TreeMap<>();
    found.forEach(image -> labels.put(image.label(), 0));
    if (labels.size() != classes) {
      throw data.wrong(
          marker,
          "the lists name %d classes, expected %d; the whole set is %s"
              .formatted(labels.size(), classes, data.source()));
    }
    List<String> names = List.copyOf(labels.keySet());
    labels.replaceAll((name, ignored) -> names.indexOf(name));
    List<StoredImage> images = new ArrayList<>();
    for (Named image : found) {
      images.add(new StoredImage(image.file(), 0, labels.get(image.label()), image.part()));
    }
    return new Listing(data, classes, new PhotoDecoder(), images);
  }

  private void requireOnce(DataFolder data, List<Named> found) {
    Map<String, StoredImage.Part> parts = new HashMap<>();
    for (Named image : found) {
      StoredImage.Part other = parts.putIfAbsent(image.file(), image.part());
      if (other != null) {
        throw data.wrong(
            lists.get(image.part()),
            other == image.part()
                ? image.file() + " is listed twice"
                : "%s is listed in %s too".formatted(image.file(), lists.get(other)));
      }
    }
  }

  private void read(DataFolder data, String list, StoredImage.Part part, List<Named> found)
      throws IOException {
    for (String text : data.lines(list)) {
      if (text.startsWith("#")) {
        continue;
      }
      try {
        found.add(new Named(file.apply(text), label.apply(text), part));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw data.wrong(list, "'%s', expected a line such as '%s'".formatted(text, line), e);
      }
    }
  }
}
