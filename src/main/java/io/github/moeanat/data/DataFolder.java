package io.github.moeanat.data;

import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;

/**
 * The folder of a data set, with the words for what is missing.
 *
 * @param set name of the data set
 * @param path the folder
 * @param source what has to lie there and where it is to be had, as the end of a sentence
 * @param passedOver gets the image files that {@link #images} leaves out, since nothing here reads
 *     their form
 */
record DataFolder(String set, Path path, String source, List<String> passedOver) {

  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff");
  private static final Set<String> FOREIGN = Set.of("webp", "avif", "heic", "heif", "jxl", "jp2");

  /**
   * Returns this folder or the first of some below it that holds a file, since archives are
   * unpacked with and without their outermost folder; this one if none does.
   */
  DataFolder holding(String file, String... below) {
    if (!Files.exists(path.resolve(file))) {
      for (String folder : below) {
        if (Files.exists(path.resolve(folder).resolve(file))) {
          return new DataFolder(set, path.resolve(folder), source, passedOver);
        }
      }
    }
    return this;
  }

  boolean has(String relative) {
    return Files.exists(path.resolve(relative));
  }

  /** Returns a file or folder that must be there. */
  Path require(String relative) {
    if (!has(relative)) {
      throw missing(relative);
    }
    return path.resolve(relative);
  }

  IllegalArgumentException missing(String relative) {
    return new IllegalArgumentException(
        "%s: %s is missing; expected %s".formatted(set, path.resolve(relative), source));
  }

  /** A file or folder is not what it should be. */
  IllegalArgumentException wrong(String relative, String message) {
    return wrong(relative, message, null);
  }

  /** The same with the cause. */
  IllegalArgumentException wrong(String relative, String message, Exception cause) {
    return new IllegalArgumentException(about(relative, message), cause);
  }

  /** Returns a line about a file or folder. */
  String about(String relative, String message) {
    return "%s: %s: %s".formatted(set, path.resolve(relative), message);
  }

  /** Returns the lines of a text file that are not empty. */
  List<String> lines(String relative) {
    Path file = require(relative);
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw wrong(relative, IoReason.of(file, e), e);
    }
  }

  /**
   * Returns what a reader finds in a MATLAB file.
   *
   * @throws IllegalArgumentException if the file is damaged or lacks what the reader asks for
   */
  <T> T matlab(String relative, Function<MatFile, T> reader) {
    Path file = require(relative);
    try (MatFile matlab = Mat5.readFromFile(file.toFile())) {
      return reader.apply(matlab);
    } catch (IOException e) {
      throw wrong(relative, IoReason.of(file, e), e);
    } catch (RuntimeException e) {
      // What the library throws at damaged files, missing variables and other types.
      throw wrong(relative, String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the names of the folders in one, sorted; hidden ones are left out. */
  List<String> folders(String relative) {
    return listed(relative, Files::isDirectory).stream()
        .filter(name -> !name.startsWith("__"))
        .toList();
  }

  /** Returns the names of the image files in a folder, not of those below, sorted. */
  List<String> imagesBeside(String relative) {
    return listed(relative, file -> ENDINGS.contains(ending(file.toString())));
  }

  private List<String> listed(String relative, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(require(relative))) {
      return entries
          .filter(wanted)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw wrong(relative, IoReason.ofFolder(e), e);
    }
  }

  /** Returns the image files in a folder and below, relative to this one's path, sorted. */
  List<String> images(String relative) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(require(relative), FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(file -> path.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .forEach(
              name -> {
                String ending = ending(name);
                if (ENDINGS.contains(ending)) {
                  names.add(name);
                } else if (FOREIGN.contains(ending)) {
                  passedOver.add(name);
                }
              });
    } catch (UncheckedIOException e) {
      throw unlisted(relative, e.getCause());
    } catch (IOException e) {
      throw unlisted(relative, e);
    }
    return names;
  }

  private IllegalArgumentException unlisted(String relative, IOException e) {
    boolean named = e instanceof FileSystemException system && system.getFile() != null;
    return wrong(named ? ((FileSystemException) e).getFile() : relative, IoReason.ofFolder(e), e);
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Warns of the image files that were left out. */
  void warnOfPassedOver(Progress progress) {
    if (!passedOver.isEmpty()) {
      progress.warning(
          "%s: %d image files in %s are left out, for their form can't be read (the first is %s);"
                  .formatted(set, passedOver.size(), path, passedOver.get(0))
              + " JPEG, PNG, GIF, BMP and TIFF can");
    }
  }

  /**
   * Returns the names of class folders, sorted.
   *
   * @param classes how many there have to be
   * @throws IllegalArgumentException if there are more or fewer
   */
  List<String> classFolders(String relative, int classes) {
    List<String> names = folders(relative);
    if (names.size() != classes) {
      throw wrong(
          relative,
          "%d class folders, expected %d; the whole set is %s"
              .formatted(names.size(), classes, source));
    }
    return names;
  }

  /**
   * Adds the images of class folders.
   *
   * @param relative folder that holds the class folders
   * @param classes their names; the place of a name is the class
   * @throws IllegalArgumentException if a class folder is missing or empty, or there is one more
   */
  void addClassFolders(
      String relative, List<String> classes, StoredImage.Part part, List<StoredImage> images) {
    for (String found : folders(relative)) {
      if (!classes.contains(found)) {
        throw wrong(relative, "it has a class folder %s, train has none".formatted(found));
      }
    }
    for (int label = 0; label < classes.size(); label++) {
      String folder = relative.isEmpty() ? classes.get(label) : relative + "/" + classes.get(label);
      List<String> files = images(folder);
      if (files.isEmpty()) {
        throw wrong(folder, "no images in this class folder" + foreign(folder));
      }
      for (String file : files) {
        images.add(new StoredImage(file, 0, label, part));
      }
    }
  }

  private String foreign(String folder) {
    List<String> names = passedOver.stream().filter(name -> name.startsWith(folder + "/")).toList();
    return names.isEmpty() ? "" : " that can be read; %s can't, for one".formatted(names.get(0));
  }
}
