package io.github.moeanat.data;

import io.github.moeanat.internal.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A data set with its split.
 *
 * @param name name in problem files
 * @param search what a search may see
 * @param test what only reports may see
 * @param hash SHA-256 of the images, labels and split, in hexadecimal
 */
public record DataSet(String name, SearchData search, TestData test, String hash) {

  /** Creates a data set with the hash of its parts. */
  public static DataSet of(String name, SearchData search, TestData test) {
    MessageDigest digest = Sha256.digest();
    search.train().addTo(digest);
    search.validation().addTo(digest);
    test.images().addTo(digest);
    return new DataSet(name, search, test, HexFormat.of().formatHex(digest.digest()));
  }
}
