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
   * Runs an architecture in training mode, see {@link BatchNorm#TRAINING}.
   *
   * @param images {@code [N, 3, r, r]}
   * @param targets probabilities of the classes {@code [N, classes]}
   * @param parameters in the place of the supernet's; the result is differentiable with respect to
   *     them
   * @param statistics in the place of the supernet's, changed in place
   * @return sum over the images of the log-likelihood of the targets, owned by the images' manager
   */
  NDArray likelihood(
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      NDArray targets,
      NDArray parameters,
      NDArray statistics);

  /** Frees native memory. */
  @Override
  void close();
}
