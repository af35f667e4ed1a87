package io.github.moeanat.supernet;

import java.util.stream.IntStream;

/**
 * Sorts numbers in the order in which PyTorch does. PyTorch leaves short arrays to the sort of the
 * GNU C++ library, a quicksort that ends with insertions, and that decides where equal ones go: a
 * stable sort would order channels otherwise than the published code.
 */
final class UnstableSort {

  /** Shorter runs are left to the insertions. */
  private static final int SHORT = 16;

  private final float[] keys;
  private final int[] order;

  UnstableSort(float[] keys) {
    this.keys = keys.clone();
    order = IntStream.range(0, keys.length).toArray();
  }

  /** Returns the indices of the numbers, those of the largest first. */
  int[] descending() {
    int depth = 2 * (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(order.length));
    split(0, order.length, depth);
    for (int i = 1; i < order.length; i++) {
      int inserted = order[i];
      int place = i;
      while (place > 0 && keys[inserted] > keys[order[place - 1]]) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = inserted;
    }
    return order;
  }

  // Where C++ would change to a heap sort because pivots are bad, the insertions do the rest.
  private void split(int from, int to, int depth) {
    int end = to;
    for (int left = depth; end - from > SHORT && left > 0; left--) {
      swap(from, median(from + 1, from + (end - from) / 2, end - 1));
      int cut = partition(from + 1, end, keys[order[from]]);
      split(cut, end, left - 1);
      end = cut;
    }
  }

  /** Of three places the one with the middle number. */
  private int median(int a, int b, int c) {
    if (before(a, b)) {
      return before(b, c) ? b : before(a, c) ? c : a;
    }
    return before(a, c) ? a : before(b, c) ? c : b;
  }

  /** Brings what is above the pivot before what is below, and returns where the latter begins. */
  private int partition(int from, int to, float pivot) {
    int low = from;
    int high = to;
    while (true) {
      while (keys[order[low]] > pivot) {
        low++;
      }
      high--;
      while (pivot > keys[order[high]]) {
        high--;
      }
      if (low >= high) {
        return low;
      }
      swap(low, high);
      low++;
    }
  }

  private boolean before(int a, int b) {
    return keys[order[a]] > keys[order[b]];
  }

  private void swap(int a, int b) {
    int kept = order[a];
    order[a] = order[b];
    order[b] = kept;
  }
}
