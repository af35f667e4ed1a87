package io.github.moeanat.data;

/**
 * The images that only reports may use. Nothing that trains, searches or selects can be given an
 * object of this type.
 *
 * @param images the test images
 */
public record TestData(ImageSet images) {}
