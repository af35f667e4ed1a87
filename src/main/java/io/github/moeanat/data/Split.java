package io.github.moeanat.data;

import io.github.moeanat.internal.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A random split that keeps the classes' shares.
 *
 * @param kept numbers of the images that stay, ascending
 * @param taken numbers of the images that are split off, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
record Split(int[] kept, int[] taken) {

  /**
   * Splits images.
   *
   * @param images their numbers
   * @param labels class of every number
   * @param count how many are taken
   * @param purpose of the split, and the seed: both decide the draw
   */
  static Split of(int[] images, int[] labels, int count, String purpose, long seed) {
    TreeMap<Integer, List<Integer>> classes = new TreeMap<>();
    for (int image : images) {
      classes.computeIfAbsent(labels[image], label -> new ArrayList<>()).add(image);
    }
    TreeMap<Integer, Integer> quotas = quotas(classes, images.length, count);
    int[] taken = new int[count];
    int size = 0;
    for (int label : classes.keySet()) {
      List<Integer> members = classes.get(label);
      RandomGenerator random = new Seeds(seed).generator(purpose, label);
      for (int i = 0; i < quotas.get(label); i++) {
        int j = i + random.nextInt(members.size() - i);
        int drawn = members.set(j, members.get(i));
        taken[size++] = drawn;
      }
    }
    Arrays.sort(taken);
    int[] kept =
        Arrays.stream(images).filter(i -> Arrays.binarySearch(taken, i) < 0).sorted().toArray();
    return new Split(kept, taken);
  }

  // Whole numbers in proportion to the classes; the largest remainders are rounded up.
  private static TreeMap<Integer, Integer> quotas(
      TreeMap<Integer, List<Integer>> classes, int images, int count) {
    TreeMap<Integer, Integer> quotas = new TreeMap<>();
    TreeMap<Integer, Long> remainders = new TreeMap<>();
    int given = 0;
    for (int label : classes.keySet()) {
      long product = (long) count * classes.get(label).size();
      quotas.put(label, (int) (product / images));
      remainders.put(label, product % images);
      given += quotas.get(label);
    }
    List<Integer> order = new ArrayList<>(remainders.keySet());
    order.sort(Comparator.comparing((Integer label) -> -remainders.get(label)));
    for (int label : order.subList(0, count - given)) {
      quotas.merge(label, 1, Integer::sum);
    }
    return quotas;
  }
}
