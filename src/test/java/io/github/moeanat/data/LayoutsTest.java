package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.data.StoredImage.Part;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Photos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Struct;

/** Every data set, made small in its official layout: all classes, an image or two each. */
class LayoutsTest {

  @TempDir private Path folder;
  private byte[] photo;

  private record Found(String file, int label, Part part) {}

  @Test
  void cinic10() throws IOException {
    List<String> classes = List.of("airplane", "automobile", "bird", "cat", "deer", "dog");
    List<String> all = new ArrayList<>(classes);
    all.addAll(List.of("frog", "horse", "ship", "truck"));
    for (String part : List.of("train", "valid", "test")) {
      all.forEach(name -> write("%s/%s/%s-1.png".formatted(part, name, name)));
    }
    check("cinic10", 10, 10, 10, 10);
    assertHas("cinic10", new Found("valid/deer/deer-1.png", 4, Part.VALIDATION));
    delete("test/frog/frog-1.png");
    assertRefused(
        IllegalArgumentException.class, "cinic10", "test/frog: no images in this class folder");
    write("test/frog/frog-1.webp");
    assertRefused(
        IllegalArgumentException.class,
        "cinic10",
        "no images in this class folder that can be read; test/frog/frog-1.webp can't, for one");
    delete("test/frog/frog-1.webp");
    write("valid/newt/newt-1.png");
    assertRefused(
        IllegalArgumentException.class, "cinic10", "valid: it has a class folder newt, train has");
    delete("valid/newt/newt-1.png");
    delete("valid/newt");
    delete("test/frog");
    assertRefused(IllegalArgumentException.class, "cinic10", "test/frog is missing; expected the");
    delete("train/frog/frog-1.png");
    delete("train/frog");
    assertRefused(
        IllegalArgumentException.class,
        "cinic10",
        "train: 9 class folders, expected 10; the whole");
  }

  @Test
  void food101() throws IOException {
    IntFunction<String> line = i -> "dish_%03d/%d".formatted(i % 101, i);
    text("meta/train.txt", 0, 202, line);
    text("meta/test.txt", 202, 303, line);
    IntStream.range(0, 303).forEach(i -> write("images/" + line.apply(i) + ".jpg"));
    check("food101", 101, 202, 0, 101);
    assertHas("food101", new Found("images/dish_007/209.jpg", 7, Part.TEST));
    delete("images/dish_007/209.jpg");
    assertRefused(
        IllegalArgumentException.class,
        "food101",
        "images/dish_007/209.jpg is missing; expected the unpacked food-101.tar.gz of");
    Files.writeString(folder.resolve("meta/test.txt"), "apple_pie");
    assertRefused(
        IllegalArgumentException.class,
        "food101",
        "meta/test.txt: 'apple_pie', expected a line such as 'apple_pie/1005649'");
    text("meta/train.txt", 0, 50, line);
    text("meta/test.txt", 101, 151, line);
    assertRefused(
        IllegalArgumentException.class, "food101", "the lists name 50 classes, expected 101");
    text("meta/test.txt", 49, 151, line);
    assertRefused(
        IllegalArgumentException.class,
        "food101",
        "meta/test.txt: images/dish_049/49.jpg is listed in meta/train.txt too");
    delete("meta/test.txt");
    assertRefused(
        IllegalArgumentException.class,
        "food101",
        "meta/test.txt is missing; expected the unpacked food-101.tar.gz of https://data.vision");
  }

  @Test
  void aircraft() throws IOException {
    IntFunction<String> line = i -> "%07d Variant %d-%d".formatted(i, i % 100, i % 100);
    String data = "fgvc-aircraft-2013b/data/";
    text(data + "images_variant_train.txt", 0, 100, line);
    text(data + "images_variant_val.txt", 100, 200, line);
    text(data + "images_variant_test.txt", 200, 300, line);
    IntStream.range(0, 300).forEach(i -> write(data + "images/%07d.jpg".formatted(i)));
    check("aircraft", 100, 100, 100, 100);
    // In the order of names: 0, 1, 10, 11, ...
    assertHas("aircraft", new Found("images/0000110.jpg", 2, Part.VALIDATION));
  }

  @Test
  void dtd() throws IOException {
    IntFunction<String> line = i -> "kind%02d/kind%02d_%04d.jpg".formatted(i % 47, i % 47, i);
    text("dtd/labels/train1.txt", 0, 47, line);
    text("dtd/labels/val1.txt", 47, 94, line);
    text("dtd/labels/test1.txt", 94, 141, line);
    IntStream.range(0, 141).forEach(i -> write("dtd/images/" + line.apply(i)));
    check("dtd", 47, 47, 47, 47);
    assertHas("dtd", new Found("images/kind03/kind03_0050.jpg", 3, Part.VALIDATION));
    Path train = folder.resolve("dtd/labels/train1.txt");
    Files.writeString(train, Files.readString(train) + line.apply(5) + "\n");
    assertRefused(
        IllegalArgumentException.class,
        "dtd",
        "labels/train1.txt: images/kind05/kind05_0005.jpg is listed twice");
  }

  @Test
  void pets() throws IOException {
    IntFunction<String> line = i -> "Breed_%d_%d %d 1 1".formatted(i % 37, i, i % 37 + 1);
    text("annotations/trainval.txt", 0, 111, line);
    text("annotations/test.txt", 111, 185, line);
    Files.writeString(
        folder.resolve("annotations/test.txt"),
        "# image class species breed\n" + Files.readString(folder.resolve("annotations/test.txt")));
    IntStream.range(0, 185).forEach(i -> write("images/Breed_%d_%d.jpg".formatted(i % 37, i)));
    check("pets", 37, 111, 0, 74);
    assertHas("pets", new Found("images/Breed_9_120.jpg", 9, Part.TEST));
    withArabicDigits(() -> assertHas("pets", new Found("images/Breed_9_120.jpg", 9, Part.TEST)));
  }

  @Test
  void flowers102() throws IOException {
    IntStream.rangeClosed(1, 408).forEach(i -> write("jpg/image_%05d.jpg".formatted(i)));
    matlab("imagelabels.mat", file -> file.addArray("labels", row(1, 409, i -> 1 + i % 102)));
    MatFile split =
        Mat5.newMatFile()
            .addArray("trnid", row(1, 103, i -> i))
            .addArray("valid", row(103, 205, i -> i))
            .addArray("tstid", row(205, 409, i -> i));
    Mat5.writeToFile(split, folder.resolve("setid.mat").toFile());
    check("flowers102", 102, 102, 102, 204);
    assertHas("flowers102", new Found("jpg/image_00104.jpg", 2, Part.VALIDATION));
    withArabicDigits(
        () -> assertHas("flowers102", new Found("jpg/image_00104.jpg", 2, Part.VALIDATION)));
    matlab("setid.mat", file -> file.addArray("trnid", row(1, 500, i -> i)));
    assertRefused(
        IllegalArgumentException.class,
        "flowers102",
        "setid.mat: number 408 is 409, expected 1 to");
    matlab("setid.mat", file -> file.addArray("other", row(1, 3, i -> i)));
    assertRefused(IllegalArgumentException.class, "flowers102", "setid.mat: ");
    Files.write(folder.resolve("setid.mat"), new byte[300]);
    assertRefused(IllegalArgumentException.class, "flowers102", "setid.mat: ");
    delete("imagelabels.mat");
    assertRefused(
        IllegalArgumentException.class,
        "flowers102",
        "imagelabels.mat is missing; expected the unpacked 102flowers.tgz, imagelabels.mat and");
  }

  @Test
  void carsWithTheDevkit() throws IOException {
    Files.createDirectories(folder.resolve("devkit"));
    matlab("devkit/cars_train_annos.mat", file -> file.addArray("annotations", cars(392, false)));
    assertRefused(
        IllegalArgumentException.class, "cars", "cars_test_annos_withlabels.mat is missing");
    matlab(
        "cars_test_annos_withlabels.mat", file -> file.addArray("annotations", cars(196, false)));
    IntStream.range(0, 392).forEach(i -> write("cars_train/%05d.jpg".formatted(i)));
    IntStream.range(0, 196).forEach(i -> write("cars_test/%05d.jpg".formatted(i)));
    check("cars", 196, 392, 0, 196);
    assertHas("cars", new Found("cars_train/00200.jpg", 4, Part.TRAIN));
  }

  @Test
  void carsInOneFolder() throws IOException {
    matlab("cars_annos.mat", file -> file.addArray("annotations", cars(784, true)));
    IntStream.range(0, 784).forEach(i -> write("car_ims/%05d.jpg".formatted(i)));
    check("cars", 196, 392, 0, 392);
    assertHas("cars", new Found("car_ims/00201.jpg", 5, Part.TEST));
  }

  @Test
  void carsInClassFolders() throws IOException {
    for (int i = 0; i < 196; i++) {
      write("car_data/car_data/train/Make %03d 2012/1.jpg".formatted(i));
      write("car_data/car_data/test/Make %03d 2012/2.jpg".formatted(i));
    }
    check("cars", 196, 196, 0, 196);
    assertHas("cars", new Found("test/Make 017 2012/2.jpg", 17, Part.TEST));
    Exception missing =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                DataSets.list(
                    DataSettings.of("cars", folder.resolve("car_data/car_data/train").toString())));
    assertTrue(missing.getMessage().contains("devkit/cars_train_annos.mat is missing"));
  }

  @Test
  void imageNetWithClassFolders() throws IOException {
    for (int i = 0; i < 1000; i++) {
      write("train/n%08d/n%08d_1.JPEG".formatted(3 * i, 3 * i));
      write("val/n%08d/ILSVRC2012_val_%08d.JPEG".formatted(3 * i, i));
    }
    check("imagenet", 1000, 1000, 0, 1000);
    assertHas("imagenet", new Found("val/n00000021/ILSVRC2012_val_00000007.JPEG", 7, Part.TEST));
  }

  @Test
  void imageNetWithTheDevkit() throws IOException {
    for (int i = 0; i < 1000; i++) {
      write("train/n%08d/n%08d_1.JPEG".formatted(3 * i, 3 * i));
    }
    IntStream.rangeClosed(1, 20).forEach(i -> write("val/ILSVRC2012_val_%08d.JPEG".formatted(i)));
    assertRefused(
        IllegalArgumentException.class,
        "imagenet",
        "ILSVRC2012_validation_ground_truth.txt is missing; expected folders train and val");
    String devkit = "ILSVRC2012_devkit_t12/data/";
    text(devkit + "ILSVRC2012_validation_ground_truth.txt", 1, 21, i -> String.valueOf(50 * i));
    // The ground truth's numbers run against the order of the folders.
    Struct synsets = Mat5.newStruct(1000, 1);
    for (int i = 0; i < 1000; i++) {
      synsets.set("ILSVRC2012_ID", i, Mat5.newScalar(i + 1));
      synsets.set("WNID", i, Mat5.newString("n%08d".formatted(3 * (999 - i))));
    }
    matlab(devkit + "meta.mat", file -> file.addArray("synsets", synsets));
    check("imagenet", 1000, 1000, 0, 20);
    assertHas("imagenet", new Found("val/ILSVRC2012_val_00000003.JPEG", 850, Part.TEST));
    delete("val/ILSVRC2012_val_00000003.JPEG");
    assertRefused(
        IllegalArgumentException.class, "imagenet", "val: 19 images, the ground truth has 20");
  }

  @Test
  void tinyImageNet() throws IOException {
    for (int i = 0; i < 200; i++) {
      write("tiny-imagenet-200/train/n%08d/images/n%08d_0.JPEG".formatted(i, i));
      write("tiny-imagenet-200/val/images/val_%d.JPEG".formatted(i));
    }
    text(
        "tiny-imagenet-200/val/val_annotations.txt",
        0,
        200,
        i -> "val_%d.JPEG\tn%08d\t0\t32\t44\t62".formatted(i, (i + 5) % 200));
    check("tinyimagenet", 200, 200, 0, 200);
    assertHas("tinyimagenet", new Found("val/images/val_7.JPEG", 12, Part.TEST));
    text("tiny-imagenet-200/val/val_annotations.txt", 0, 3, i -> "val_%d.JPEG\tn9".formatted(i));
    assertRefused(
        IllegalArgumentException.class, "tinyimagenet", "expected an image and a class that train");
  }

  @Test
  void stl10() throws IOException {
    byte[] pixels = new byte[20 * 27648];
    byte[] labels = new byte[20];
    for (int i = 0; i < 20; i++) {
      labels[i] = (byte) (1 + i % 10);
      // Green, third column, second row.
      pixels[i * 27648 + 9216 + 2 * 96 + 1] = (byte) (100 + i);
    }
    Files.createDirectories(folder.resolve("stl10_binary"));
    for (String part : List.of("train", "test")) {
      Files.write(folder.resolve("stl10_binary/" + part + "_X.bin"), pixels);
      Files.write(folder.resolve("stl10_binary/" + part + "_y.bin"), labels);
    }
    check("stl10", 10, 20, 0, 20);
    DataSet data = load("stl10", new SplitSize(10));
    ImageSet test = data.test().images();
    assertEquals(96, test.width(3));
    assertEquals(103, test.pixels(3)[9216 + 96 + 2]);
    assertEquals(3, test.label(3));
    Files.write(folder.resolve("stl10_binary/test_y.bin"), new byte[19]);
    assertRefused(
        IllegalArgumentException.class,
        "stl10",
        "test_X.bin: 552960 bytes for 19 labels, expected");
    Files.write(folder.resolve("stl10_binary/test_y.bin"), new byte[20]);
    assertRefused(IllegalArgumentException.class, "stl10", "image 0 has class 0, expected 1 to 10");
  }

  // ---- helpers ----

  private void check(String set, int classes, int train, int validation, int test)
      throws IOException {
    Listing listing = DataSets.list(DataSettings.of(set, folder.toString()));
    assertEquals(classes, listing.classes());
    assertEquals(train, listing.of(Part.TRAIN).length);
    assertEquals(validation, listing.of(Part.VALIDATION).length);
    assertEquals(test, listing.of(Part.TEST).length);
    int drawn = validation > 0 ? validation : train / 2;
    DataSet data = load(set, validation > 0 ? SplitSize.OFFICIAL : new SplitSize(drawn));
    assertEquals(classes, data.search().classes());
    assertEquals(drawn, data.search().validation().size());
    assertEquals(test, data.test().images().size());
    if (validation == 0) {
      assertThrows(IllegalArgumentException.class, () -> load(set, SplitSize.OFFICIAL));
      // Every class has its share.
      assertEquals(
          Math.min(classes, drawn),
          IntStream.range(0, drawn).map(data.search().validation()::label).distinct().count());
    }
  }

  private DataSet load(String set, SplitSize validation) throws IOException {
    DataSettings settings =
        new DataSettings(set, folder.toString(), validation, SplitSize.OFFICIAL, 1, 100, 0);
    return DataSets.load(settings, folder.resolve("cache"), 2, Progress.NONE);
  }

  private void assertHas(String set, Found expected) throws IOException {
    Listing listing = DataSets.list(DataSettings.of(set, folder.toString()));
    List<Found> found =
        listing.images().stream()
            .map(image -> new Found(image.file(), image.label(), image.part()))
            .filter(image -> image.file().equals(expected.file()))
            .toList();
    assertEquals(List.of(expected), found);
  }

  private interface Check {
    void run() throws IOException;
  }

  private static void withArabicDigits(Check check) throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertNotEquals("1", "%d".formatted(1));
      check.run();
    } finally {
      Locale.setDefault(before);
    }
  }

  private void assertRefused(Class<? extends Exception> type, String set, String message) {
    Exception refused = assertThrows(type, () -> load(set, new SplitSize(0.5)));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  private void write(String file) {
    try {
      if (photo == null) {
        Path first = folder.resolve("photo.jpg");
        Photos.write(first, 0x4080c0, 1);
        photo = Files.readAllBytes(first);
        Files.delete(first);
      }
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      // Readers go by content, so one photo serves under every name.
      Files.write(path, photo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(String file) throws IOException {
    Files.delete(folder.resolve(file));
  }

  private void text(String file, int from, int to, IntFunction<String> line) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    String text = IntStream.range(from, to).mapToObj(line).collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve(file), text + "\n", StandardCharsets.UTF_8);
  }

  private interface Filler {
    MatFile fill(MatFile file);
  }

  private void matlab(String file, Filler filler) throws IOException {
    Mat5.writeToFile(filler.fill(Mat5.newMatFile()), folder.resolve(file).toFile());
  }

  private static Array row(int from, int to, IntUnaryOperator value) {
    Matrix matrix = Mat5.newMatrix(1, to - from);
    for (int i = from; i < to; i++) {
      matrix.setInt(i - from, value.applyAsInt(i));
    }
    return matrix;
  }

  private static Struct cars(int images, boolean oneFolder) {
    Struct annotations = Mat5.newStruct(1, images);
    for (int i = 0; i < images; i++) {
      annotations.set("bbox_x1", i, Mat5.newScalar(3));
      annotations.set("class", i, Mat5.newScalar(1 + i % 196));
      if (oneFolder) {
        annotations.set("relative_im_path", i, Mat5.newString("car_ims/%05d.jpg".formatted(i)));
        annotations.set("test", i, Mat5.newScalar(i / 196 % 2));
      } else {
        annotations.set("fname", i, Mat5.newString("%05d.jpg".formatted(i)));
      }
    }
    return annotations;
  }
}
