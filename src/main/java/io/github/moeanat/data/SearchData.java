package io.github.moeanat.data;

/**
 * The images that a search may use.
 *
 * @param classes number of classes
 * @param train images that weights are fitted to and BN is recalibrated on
 * @param validation images that networks are chosen by
 */
public record SearchData(int classes, ImageSet train, ImageSet validation) {}
