package io.github.moeanat.data;

import io.github.moeanat.internal.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A data set with its split.
 *
 * @param name name in problem files
 * @param search what a search may see
 * @param test what only reports may see
 * @param hash SHA-256 of the images, labels and split, in hexadecimal
 * @param classNames in the order of the labels; empty if they are not known
 */
public record DataSet(
    String name, SearchData search, TestData test, String hash, List<String> classNames) {

  private static final int NAMED = 20;

  /** Copies the list. */
  public DataSet {
    classNames = List.copyOf(classNames);
  }

  /** Creates a data set with the hash of its parts. */
  public static DataSet of(String name, SearchData search, TestData test, List<String> classNames) {
    MessageDigest digest = Sha256.digest();
    search.train().addTo(digest);
    search.validation().addTo(digest);
    test.images().addTo(digest);
    return new DataSet(name, search, test, HexFormat.of().formatHex(digest.digest()), classNames);
  }

  /** Returns the same of classes whose names are not known. */
  public static DataSet of(String name, SearchData search, TestData test) {
    return of(name, search, test, List.of());
  }

  /** Returns classes and numbers of images in one line. */
  public String summary() {
    List<String> shown = classNames.subList(0, Math.min(NAMED, classNames.size()));
    return String.format(
        Locale.ROOT,
        "%d classes%s; %d training, %d validation and %d test images",
        search.classes(),
        shown.isEmpty()
            ? ""
            : " (%s%s)"
                .formatted(
                    String.join(", ", shown), shown.size() < classNames.size() ? ", ..." : ""),
        search.train().size(),
        search.validation().size(),
        test.images().size());
  }
}
