package io.github.moeanat.data;

/**
 * A data set with its split.
 *
 * @param name name in problem files
 * @param search what a search may see
 * @param test what only reports may see
 * @param hash SHA-256 of the images, labels and split, in hexadecimal
 */
public record DataSet(String name, SearchData search, TestData test, String hash) {}
