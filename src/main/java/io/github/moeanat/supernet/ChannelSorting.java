package io.github.moeanat.supernet;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the middle channels of every block into the order of their importance, as OFA does before
 * an expand ratio is made selectable ({@code re_organize_middle_weights}): a smaller ratio takes
 * the leading channels, which should be those that matter most.
 *
 * <p>The largest architecture computes the same as before but for rounding: sums over channels are
 * added up in another order. A channel's importance is the sum of the absolute weights by which the
 * projection uses it; a squeezed channel's, of those by which the squeeze's second layer does.
 */
public final class ChannelSorting {

  /** Added to importances, so that no channel leaves its band. */
  private static final float BAND = 1e5f;

  private final MobileNetV3 network;
  private final SearchSpace space;
  private final int openedBefore;

  /**
   * Creates a sorting.
   *
   * @param openedBefore how many expand ratios below the largest were selectable already. At 0 all
   *     channels are sorted together; at n those that only one of the n + 1 largest ratios uses
   *     stay behind the others, each ratio's among themselves
   */
  public ChannelSorting(MobileNetV3 network, SearchSpace space, int openedBefore) {
    this.network = network;
    this.space = space;
    this.openedBefore =
        Requires.inRange(
            "number of ratios opened before", openedBefore, 0, space.expandRatios().size() - 1);
  }

  /**
   * Returns the sorted weights.
   *
   * @throws IllegalArgumentException if they are not those of the network
   */
  public Weights sorted(Weights weights) {
    weights.requireShapes(network, space);
    Map<String, int[]> rows = new LinkedHashMap<>();
    Map<String, int[]> columns = new LinkedHashMap<>();
    for (BlockShape block : network.blocks(space)) {
      if (block.expanded()) {
        reorder(weights, block, rows, columns);
      }
    }
    Weights.Builder builder = new Weights.Builder();
    for (String name : weights.names()) {
      if (weights.isCounter(name)) {
        builder.putCounter(name, weights.counter(name));
      } else {
        List<Integer> shape = weights.shape(name);
        float[] values = new float[weights.values(name).remaining()];
        weights.values(name).get(values);
        values = selected(values, shape, 0, rows.get(name));
        builder.put(name, shape, selected(values, shape, 1, columns.get(name)));
      }
    }
    return builder.build();
  }

  /** Returns the old numbers of a block's middle channels in their new order. */
  int[] order(Weights weights, BlockShape block) {
    float[] importance = importance(weights, Names.filters(block, Names.PROJECTION));
    if (openedBefore > 0) {
      int right = importance.length;
      List<Integer> ratios = new ArrayList<>(space.expandRatios());
      ratios.sort(Comparator.reverseOrder());
      for (int i = 0; i <= openedBefore; i++) {
        int left = middleChannels(block, ratios.get(i));
        // In 32 bits, for what the addition rounds off makes channels equal.
        for (int channel = left; channel < right; channel++) {
          importance[channel] += (i - ratios.size()) * BAND;
        }
        right = left;
      }
    }
    return new UnstableSort(importance).descending();
  }

  /** Says in which order the rows and columns of a block's tensors will be. */
  private void reorder(
      Weights weights, BlockShape block, Map<String, int[]> rows, Map<String, int[]> columns) {
    int[] order = order(weights, block);
    rows.put(Names.filters(block, Names.EXPANSION), order);
    rows.put(Names.filters(block, Names.DEPTHWISE), order);
    for (String layer : List.of(Names.EXPANSION, Names.DEPTHWISE)) {
      for (String part : List.of(".weight", ".bias", ".running_mean", ".running_var")) {
        rows.put(Names.norm(block, layer) + part, order);
      }
    }
    columns.put(Names.filters(block, Names.PROJECTION), order);
    if (block.squeezeChannels() > 0) {
      String expand = Names.squeeze(block, "expand.weight");
      int[] squeezed = new UnstableSort(importance(weights, expand)).descending();
      rows.put(expand, order);
      columns.put(expand, squeezed);
      rows.put(Names.squeeze(block, "expand.bias"), order);
      rows.put(Names.squeeze(block, "reduce.weight"), squeezed);
      rows.put(Names.squeeze(block, "reduce.bias"), squeezed);
      columns.put(Names.squeeze(block, "reduce.weight"), order);
    }
  }

  private int middleChannels(BlockShape block, int expandRatio) {
    Layer layer = new Layer(block.kernelSize(), expandRatio);
    List<Layer> stageOfLayers = Collections.nCopies(space.maxDepth(), layer);
    return network.blocks(Collections.nCopies(SearchSpace.STAGES, stageOfLayers)).stream()
        .filter(other -> other.index() == block.index())
        .findFirst()
        .orElseThrow()
        .middleChannels();
  }

  /** Sums of absolute values over all but the second axis. */
  private static float[] importance(Weights weights, String name) {
    List<Integer> shape = weights.shape(name);
    int columns = shape.get(1);
    double[] sums = new double[columns];
    var values = weights.values(name);
    for (int i = 0; values.hasRemaining(); i++) {
      sums[i % columns] += Math.abs(values.get());
    }
    float[] importance = new float[columns];
    for (int i = 0; i < columns; i++) {
      importance[i] = (float) sums[i];
    }
    return importance;
  }

  private static float[] selected(float[] values, List<Integer> shape, int axis, int[] order) {
    if (order == null) {
      return values;
    }
    int inner = shape.stream().skip(axis + 1).reduce(1, Math::multiplyExact);
    int outer = values.length / inner / order.length;
    float[] result = new float[values.length];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(
            values,
            (o * order.length + order[i]) * inner,
            result,
            (o * order.length + i) * inner,
            inner);
      }
    }
    return result;
  }
}
