/**
 * Data sets, their splits, transforms and batches. The main type is {@link
 * io.github.moeanat.data.SearchData}, which holds all that a search may see; test images are a type
 * of their own, {@link io.github.moeanat.data.TestData}. {@link io.github.moeanat.data.DataSets}
 * finds a data set by name. What is learnt from the images belongs to {@code training} and {@code
 * evaluation}.
 */
package io.github.moeanat.data;
