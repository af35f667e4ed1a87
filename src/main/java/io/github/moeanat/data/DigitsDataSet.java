package io.github.moeanat.data;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * The handwritten digits that come with this project: 1,797 images of 8x8 pixels with values from 0
 * to 16, in ten classes, and one fixed split into 1,097, 300 and 400 images.
 */
public final class DigitsDataSet {

  /** Name of this data set. */
  public static final String NAME = "digits";

  private static final String IMAGES = "/data/digits/digits.csv.gz";
  private static final String SPLIT = "/data/digits/split.txt";
  private static final int SIZE = 1797;
  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;
  private static final int CLASSES = 10;
  private static final int BRIGHTEST = 16;

  private DigitsDataSet() {}

  /**
   * Loads the data set from the class path.
   *
   * @throws IOException if a file is missing or damaged; the message names it and the line
   */
  public static DataSet load() throws IOException {
    try (InputStream images = open(IMAGES);
        InputStream split = open(SPLIT)) {
      return read(images, split);
    }
  }

  static DataSet read(InputStream images, InputStream split) throws IOException {
    ImageSet all = readImages(images);
    try (BufferedReader reader = text(split)) {
      boolean[] used = new boolean[SIZE];
      ImageSet train = all.select(readPart(reader, 1, "train", 1097, used));
      ImageSet validation = all.select(readPart(reader, 2, "validation", 300, used));
      ImageSet test = all.select(readPart(reader, 3, "test", 400, used));
      return DataSet.of(NAME, new SearchData(CLASSES, train, validation), new TestData(test));
    }
  }

  private static ImageSet readImages(InputStream stream) throws IOException {
    byte[] pixels = new byte[SIZE * PIXELS];
    int[] labels = new int[SIZE];
    int line = 1;
    try (BufferedReader reader = text(new GZIPInputStream(stream))) {
      for (; line <= SIZE; line++) {
        int[] numbers = parse(reader.readLine(), line);
        for (int i = 0; i < PIXELS; i++) {
          pixels[(line - 1) * PIXELS + i] = (byte) numbers[i];
        }
        labels[line - 1] = numbers[PIXELS];
      }
      if (reader.readLine() != null) {
        throw damaged(IMAGES, line, "expected no more than " + SIZE + " lines", null);
      }
    } catch (DamagedException e) {
      throw e;
    } catch (IOException e) {
      throw damaged(IMAGES, line, "cannot be uncompressed", e);
    }
    return new ImageSet(1, SIDE, SIDE, pixels, labels);
  }

  private static int[] parse(String text, int line) throws IOException {
    if (text == null) {
      throw damaged(IMAGES, line, "expected " + SIZE + " lines, found the end", null);
    }
    String[] fields = text.split(",", -1);
    if (fields.length != PIXELS + 1) {
      throw damaged(
          IMAGES, line, "expected " + (PIXELS + 1) + " numbers, found " + fields.length, null);
    }
    int[] numbers = new int[fields.length];
    for (int i = 0; i < fields.length; i++) {
      numbers[i] = integer(IMAGES, line, fields[i], i < PIXELS ? BRIGHTEST : CLASSES - 1);
    }
    return numbers;
  }

  private static int[] readPart(
      BufferedReader reader, int line, String name, int size, boolean[] used) throws IOException {
    String text = reader.readLine();
    String[] words = text == null ? new String[0] : text.split(" ", -1);
    if (words.length != size + 1 || !words[0].equals(name)) {
      throw damaged(SPLIT, line, "expected '" + name + "' and " + size + " numbers", null);
    }
    int[] part = new int[size];
    for (int i = 0; i < size; i++) {
      part[i] = integer(SPLIT, line, words[i + 1], SIZE - 1);
      if (used[part[i]]) {
        throw damaged(SPLIT, line, "image " + part[i] + " occurs twice", null);
      }
      used[part[i]] = true;
    }
    return part;
  }

  private static int integer(String file, int line, String text, int high) throws IOException {
    String expected = "expected an integer from 0 to " + high + ", found '" + text + "'";
    try {
      int value = Integer.parseInt(text);
      if (value < 0 || value > high) {
        throw damaged(file, line, expected, null);
      }
      return value;
    } catch (NumberFormatException e) {
      throw damaged(file, line, expected, e);
    }
  }

  private static BufferedReader text(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII));
  }

  private static InputStream open(String resource) throws IOException {
    InputStream stream = DigitsDataSet.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new FileNotFoundException(
          resource + " is not on the class path: the jar is incomplete, build or fetch it again");
    }
    return stream;
  }

  private static DamagedException damaged(String file, int line, String message, Exception cause) {
    return new DamagedException(file + ", line " + line + ": " + message, cause);
  }

  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, Exception cause) {
      super(message, cause);
    }
  }
}
