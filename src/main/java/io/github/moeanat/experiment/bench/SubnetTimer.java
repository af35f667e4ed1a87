package io.github.moeanat.experiment.bench;

import ai.djl.ndarray.NDArray;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.SupernetFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Times what an engine does to measure a subnet, on images in native memory. */
final class SubnetTimer {

  /** Images that are normalised together in recalibration; part of its result. */
  static final int RECALIBRATION_BATCH = 100;

  private final SupernetFamily supernets;
  private final LongSupplier nanoTime;

  SubnetTimer(SupernetFamily supernets, LongSupplier nanoTime) {
    this.supernets = supernets;
    this.nanoTime = nanoTime;
  }

  /**
   * What a subnet took, in seconds.
   *
   * @param ready extraction and preparation
   * @param recalibration by recalibration image
   * @param validation by validation image, for each batch size
   */
  record Times(double ready, double recalibration, Map<Integer, Double> validation) {}

  /** Measures a subnet once, on a thread that does native work. */
  Times measure(
      Engine engine,
      Architecture architecture,
      SyntheticImages.Resident recalibration,
      SyntheticImages.Resident validation,
      List<Integer> batches) {
    int resolution = architecture.resolution();
    List<NDArray> calibrating = recalibration.batches(resolution, RECALIBRATION_BATCH);
    double start = now();
    try (Subnet subnet = extract(engine, architecture)) {
      double extracted = now();
      engine.recalibrate(subnet, calibrating);
      double recalibrated = now();
      try (Engine.Inference inference = engine.prepare(subnet)) {
        double prepared = now();
        Map<Integer, Double> judged = new LinkedHashMap<>();
        for (int batch : batches) {
          List<NDArray> images = validation.batches(resolution, batch);
          double begun = now();
          for (NDArray some : images) {
            try (NDArray logits = inference.logits(some)) {
              logits.toFloatArray();
            }
          }
          judged.put(batch, (now() - begun) / validation.size());
          images.forEach(NDArray::close);
        }
        return new Times(
            extracted - start + prepared - recalibrated,
            (recalibrated - extracted) / recalibration.size(),
            judged);
      }
    } finally {
      calibrating.forEach(NDArray::close);
    }
  }

  /** Times extraction and preparation alone, in seconds. */
  double ready(Engine engine, Architecture architecture) {
    double start = now();
    try (Subnet subnet = extract(engine, architecture);
        Engine.Inference inference = engine.prepare(subnet)) {
      return now() - start;
    }
  }

  private Subnet extract(Engine engine, Architecture architecture) {
    return engine.extract(supernets.supernet(architecture.width()), architecture);
  }

  private double now() {
    return nanoTime.getAsLong() * 1e-9;
  }
}
