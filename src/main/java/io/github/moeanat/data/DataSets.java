package io.github.moeanat.data;

import io.github.moeanat.internal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/** The data sets by name. */
public final class DataSets {

  /** The data set that is any folder of class folders. */
  public static final String FOLDER = "folder";

  /**
   * A data set that is known by name.
   *
   * @param layout how it lies on disk
   * @param train number of training images of the whole set, its own validation images included; 0
   *     if there is no such number
   * @param test number of test images of the whole set, likewise
   * @param source what has to lie in the folder and where it is to be had
   */
  private record Known(Layout layout, int train, int test, String source) {}

  private static final Map<String, Known> KNOWN = new TreeMap<>();

  static {
    put(
        "cifar10",
        CifarLayout.cifar10(),
        50_000,
        10_000,
        "the unpacked cifar-10-binary.tar.gz of " + "https://www.cs.toronto.edu/~kriz/cifar.html");
    put(
        "cifar100",
        CifarLayout.cifar100(),
        50_000,
        10_000,
        "the unpacked cifar-100-binary.tar.gz of " + "https://www.cs.toronto.edu/~kriz/cifar.html");
    put(
        "cinic10",
        new SplitFolders(10, "train", "valid", "test", List.of("CINIC-10")),
        180_000,
        90_000,
        "the unpacked CINIC-10.tar.gz of " + "https://datashare.ed.ac.uk/handle/10283/3192");
    put(
        "stl10",
        new StlLayout(),
        5_000,
        8_000,
        "the unpacked stl10_binary.tar.gz of " + "https://cs.stanford.edu/~acoates/stl10");
    put(
        "food101",
        ListLayout.food101(),
        75_750,
        25_250,
        "the unpacked food-101.tar.gz of "
            + "https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101");
    put(
        "cars",
        new CarsLayout(),
        8_144,
        8_041,
        "cars_train, cars_test, devkit and cars_test_annos_withlabels.mat of "
            + "Stanford Cars (https://ai.stanford.edu/~jkrause/cars/car_dataset.html), "
            + "or class folders in train and test");
    put(
        "aircraft",
        ListLayout.aircraft(),
        6_667,
        3_333,
        "the unpacked fgvc-aircraft-2013b.tar.gz of "
            + "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft");
    put(
        "dtd",
        ListLayout.dtd(),
        3_760,
        1_880,
        "the unpacked dtd-r1.0.1.tar.gz of " + "https://www.robots.ox.ac.uk/~vgg/data/dtd");
    put(
        "pets",
        ListLayout.pets(),
        3_680,
        3_669,
        "the unpacked images.tar.gz and annotations.tar.gz of "
            + "https://www.robots.ox.ac.uk/~vgg/data/pets");
    put(
        "flowers102",
        new FlowersLayout(),
        2_040,
        6_149,
        "the unpacked 102flowers.tgz, imagelabels.mat and setid.mat of "
            + "https://www.robots.ox.ac.uk/~vgg/data/flowers/102");
    put(
        "imagenet",
        new ImageNetLayout(),
        1_281_167,
        50_000,
        "folders train and val, and ILSVRC2012_devkit_t12 unless val has class "
            + "folders, of https://image-net.org");
    put(
        "tinyimagenet",
        new TinyImageNetLayout(),
        100_000,
        10_000,
        "the unpacked tiny-imagenet-200.zip of "
            + "https://cs231n.stanford.edu/tiny-imagenet-200.zip");
    put(
        FOLDER,
        new ClassFolders(),
        0,
        0,
        "a folder for each class with its images, or folders train, val and test " + "of such");
  }

  private static void put(String name, Layout layout, int train, int test, String source) {
    KNOWN.put(name, new Known(layout, train, test, source));
  }

  private DataSets() {}

  /** The names that {@link #load} knows, in alphabetical order. */
  public static List<String> names() {
    TreeMap<String, Known> names = new TreeMap<>(KNOWN);
    names.put(DigitsDataSet.NAME, null);
    return List.copyOf(names.keySet());
  }

  /**
   * Returns the number of classes of a folder of class folders, from the names of the folders, and
   * 2 as long as there is no such folder, so that its problem can be listed; 0 for a data set whose
   * problem file has to say it.
   */
  public static int countClasses(DataSettings settings) {
    if (!settings.name().equals(FOLDER)) {
      return 0;
    }
    if (settings.path().filter(Files::isDirectory).isEmpty()) {
      return 2;
    }
    return ClassFolders.names(folder(settings)).size();
  }

  /**
   * Checks what can be checked without reading anything.
   *
   * @throws IllegalArgumentException if there is no data set of that name, or its folder is not
   *     given or not there
   */
  public static void require(DataSettings settings) {
    String name = settings.name().toLowerCase(Locale.ROOT);
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "no data set is named '%s', expected one of %s"
              .formatted(settings.name(), String.join(", ", names())));
    }
    if (name.equals(DigitsDataSet.NAME)) {
      boolean own = settings.validation().isOfficial() && settings.test().isOfficial();
      if (settings.path().isPresent() || !own) {
        throw new IllegalArgumentException(
            "digits: they come with the program and have one split; data.path, data.validation and"
                + " data.test are for other data sets");
      }
      return;
    }
    String source = KNOWN.get(name).source();
    Path path =
        settings
            .path()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s: no folder is given; --data DIR, or data.path, names %s"
                            .formatted(name, source)));
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "%s: there is no folder %s; --data DIR names another; expected %s"
              .formatted(name, path, source));
    }
  }

  /**
   * Loads a data set; images that are not cached yet are decoded.
   *
   * @param cache folder of the caches
   * @param threads that decode
   * @param progress told of long work; may ask to stop
   * @throws IllegalArgumentException if there is none of that name, a file is missing or not what
   *     it should be, or the split can't be made
   * @throws CancellationException if {@code progress} asked to stop
   * @throws IOException if the cache of images can't be read or written
   */
  public static DataSet load(DataSettings settings, Path cache, int threads, Progress progress)
      throws IOException {
    require(settings);
    String name = settings.name().toLowerCase(Locale.ROOT);
    if (name.equals(DigitsDataSet.NAME)) {
      return DigitsDataSet.load();
    }
    Known known = KNOWN.get(name);
    DataFolder folder = folder(settings);
    Listing listing = list(settings);
    listing.folder().warnOfPassedOver(progress);
    Parts parts = Parts.of(name, listing, settings);
    boolean own = name.equals(FOLDER);
    if (own) {
      ClassFolders.remarks(listing, parts).forEach(progress::warning);
    }
    warnOfPart(folder, "training", parts.search(), known.train(), progress);
    warnOfPart(folder, "test", parts.test().length, known.test(), progress);
    ImageCache images = new ImageCache(listing, cache, settings.cacheSide(), threads, progress);
    MappedPixels pixels = images.open();
    images.requireReadable(pixels, settings.maxCorrupt());
    if (own) {
      ClassFolders.contradictions(listing, pixels).ifPresent(progress::warning);
    }
    return DataSet.of(
        name,
        new SearchData(
            listing.classes(),
            view(pixels, listing, parts.train()),
            view(pixels, listing, parts.validation())),
        new TestData(view(pixels, listing, parts.test())),
        own ? ClassFolders.names(folder) : List.of());
  }

  /**
   * Returns the number of training images, from the names of the files, if as many of all images
   * can't be read as {@link DataSettings#maxCorrupt} allows.
   *
   * @throws IllegalArgumentException as for {@link #load}
   * @throws IOException as for {@link #load}
   */
  public static int leastTrainingImages(DataSettings settings) throws IOException {
    Listing listing = list(settings);
    int unreadable = (int) (settings.maxCorrupt() * listing.images().size());
    return Parts.of(settings.name(), listing, settings).train().length - unreadable;
  }

  static Listing list(DataSettings settings) throws IOException {
    DataFolder folder = folder(settings);
    return KNOWN.get(folder.set()).layout().list(folder);
  }

  private static DataFolder folder(DataSettings settings) {
    String name = settings.name().toLowerCase(Locale.ROOT);
    return new DataFolder(
        name, settings.path().orElseThrow(), KNOWN.get(name).source(), new ArrayList<>());
  }

  private static ImageSet view(MappedPixels pixels, Listing listing, int[] images) {
    int[] readable = Arrays.stream(images).filter(pixels::isReadable).toArray();
    int[] labels = Arrays.stream(readable).map(i -> listing.images().get(i).label()).toArray();
    return new ImageSet(pixels, readable, labels);
  }

  private static void warnOfPart(
      DataFolder folder, String part, int found, int whole, Progress progress) {
    if (found < whole) {
      progress.warning(
          "%s: %s holds %d of %d %s images; the whole set is %s"
              .formatted(folder.set(), folder.path(), found, whole, part, folder.source()));
    }
  }
}
