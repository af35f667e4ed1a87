package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What runs networks. Engines agree but for rounding; an engine serves several threads. */
public sealed interface Engine extends AutoCloseable permits EagerEngine, FusedEngine {

  /** Which engines there are. */
  enum Kind {
    /** Whole passes in one call, with folded normalisations and a few images at a time. */
    FUSED,
    /** One operation after the other, as the original code: the reference. */
    EAGER;

    /** Name in problem files. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Names of all engines, the default first. */
    public static List<String> ids() {
      return Arrays.stream(values()).map(Kind::id).toList();
    }

    /**
     * Returns the engine of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(String id) {
      return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /**
     * Starts the engine.
     *
     * @param manager lives longer than the engine
     */
    public Engine open(NDManager manager) {
      return this == EAGER ? new EagerEngine() : new FusedEngine(manager);
    }
  }

  /** A subnet that is ready to judge images with its running statistics. One thread at a time. */
  interface Inference extends AutoCloseable {

    /**
     * Runs the network.
     *
     * @param images {@code [N, 3, r, r]}
     * @return logits {@code [N, classes]}, owned by the images' manager
     */
    NDArray logits(NDArray images);

    /** Frees what was made ready; the subnet is left. */
    @Override
    void close();
  }

  /**
   * What a pass in training mode gave.
   *
   * @param loss with the factor
   * @param logits {@code [N, classes]}, without a graph
   */
  record Pass(double loss, NDArray logits) {}

  /**
   * Returns a copy of an architecture that lives on its own.
   *
   * @throws IllegalArgumentException if it is not in the supernet
   */
  Subnet extract(Supernet supernet, Architecture architecture);

  /**
   * Replaces a subnet's running statistics by those of some batches, as {@link Subnet#recalibrate}.
   *
   * @param batches images {@code [N, 3, r, r]}, N at least 2; how they are cut matters
   */
  void recalibrate(Subnet subnet, Iterable<NDArray> batches);

  /** Makes a subnet ready; later changes of its statistics don't count. */
  Inference prepare(Subnet subnet);

  /**
   * Differentiates the loss of an architecture in training mode, see {@link BatchNorm#TRAINING}.
   * The loss is the cross-entropy of each image's targets, summed over the images and multiplied by
   * a factor; targets need not sum to one.
   *
   * @param images {@code [N, 3, r, r]}
   * @param targets weights of the classes {@code [N, classes]}
   * @param factor what the sum is multiplied by
   * @param statistics in the place of the supernet's, changed in place
   * @param gradient vector like the supernet's parameters, to which the loss's derivative with
   *     respect to them is added
   * @return loss and logits, owned by the images' manager
   */
  Pass differentiate(
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      NDArray targets,
      float factor,
      NDArray statistics,
      NDArray gradient);

  /** Frees native memory. */
  @Override
  void close();
}
