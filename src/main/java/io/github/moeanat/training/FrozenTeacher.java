package io.github.moeanat.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTensors;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Requires;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One architecture of a supernet with weights that stay as they are, recalibrated for every
 * resolution, so that it judges as it would be judged; OFA's teacher normalises by the batch.
 */
public final class FrozenTeacher implements Teacher, AutoCloseable {

  private final NDManager manager;
  private final Engine engine;
  private final ClosingStack closing = new ClosingStack();
  // By resolution, one for each shard: a subnet serves one thread at a time.
  private final Map<Integer, List<Engine.Inference>> ready = new HashMap<>();

  /**
   * Makes a teacher ready.
   *
   * @param weights of the supernet
   * @param network shape of the supernet
   * @param space of the supernet
   * @param resolutions that images may have, in pixels
   * @param device where it computes
   * @param kind engine of its passes
   * @param architecture who teaches; of whatever resolution
   * @param recalibration images whose statistics its normalisations use, in batches of {@code
   *     batch}
   * @param transform brings images to a resolution
   * @param batch images of a recalibration batch
   * @param shards number of shards of a training batch
   * @param progress told of every subnet that is ready; may stop by an exception
   * @throws IllegalArgumentException if there are fewer than two recalibration images
   */
  public FrozenTeacher(
      Weights weights,
      MobileNetV3 network,
      SearchSpace space,
      List<Integer> resolutions,
      Device device,
      Engine.Kind kind,
      Architecture architecture,
      ImageSet recalibration,
      ImageTransform transform,
      int batch,
      int shards,
      Progress progress) {
    Requires.atLeast("number of recalibration images", recalibration.size(), 2);
    manager = PyTorch.newManager(device);
    closing.push(manager::close);
    boolean done = false;
    try {
      engine = kind.open(manager);
      closing.push(engine::close);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
    done = false;
    try (Workers workers = new Workers("nat-teacher", 1, false);
        Supernet supernet = new Supernet(weights, network, space, device);
        Progress.Phase told =
            progress.begin("making the teacher ready", (long) shards * resolutions.size())) {
      for (int resolution : resolutions) {
        Architecture resized =
            new Architecture(resolution, architecture.width(), architecture.stages());
        List<Engine.Inference> ofShards = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
          ofShards.addAll(
              workers.run(
                  List.of(() -> prepare(supernet, resized, recalibration, transform, batch))));
          told.step();
        }
        ready.put(resolution, ofShards);
      }
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private Engine.Inference prepare(
      Supernet supernet,
      Architecture architecture,
      ImageSet recalibration,
      ImageTransform transform,
      int batch) {
    int resolution = architecture.resolution();
    Subnet subnet = engine.extract(supernet, architecture);
    closing.push(subnet::close);
    try (NDManager scope = manager.newSubManager()) {
      engine.recalibrate(
          subnet, () -> ImageTensors.batches(recalibration, batch, transform, resolution, scope));
    }
    Engine.Inference inference = engine.prepare(subnet);
    closing.push(inference::close);
    return inference;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the images have a resolution that the space has not
   */
  @Override
  public NDArray logits(int shard, NDArray images) {
    int resolution = (int) images.getShape().get(2);
    List<Engine.Inference> ofShards = ready.get(resolution);
    if (ofShards == null) {
      throw new IllegalArgumentException(
          "the teacher judges images of %s px, these have %d"
              .formatted(ready.keySet(), resolution));
    }
    return ofShards.get(shard).logits(images);
  }

  /** Number of arrays that the teacher holds in native memory beside those of its subnets. */
  int managedArrays() {
    return manager.getManagedArrays().size();
  }

  /** Frees native memory. */
  @Override
  public void close() {
    closing.close();
  }
}
