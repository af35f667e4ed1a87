package io.github.moeanat.experiment.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.cost.Part;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * What share of this machine's rate of matrix products, in float32 on one thread, the largest
 * published subnet reaches in validation at 224 px.
 */
final class PeakSection {

  private static final List<Integer> SIDES = List.of(512, 1024, 2048);
  private static final int RESOLUTION = 224;
  private static final int IMAGES = 100;

  private final BenchSettings settings;

  PeakSection(BenchSettings settings) {
    this.settings = settings;
  }

  /** What rounds have measured: multiply-adds a second of products, images a second of engines. */
  private static final class Rates {
    private final List<Double> products = new ArrayList<>();
    private final List<Double> fused = new ArrayList<>();
    private final Map<Integer, List<Double>> eager = new LinkedHashMap<>();

    int bestBatch() {
      return eager.keySet().stream()
          .max(Comparator.comparingDouble(batch -> Series.median(eager.get(batch))))
          .orElseThrow();
    }
  }

  List<Figure> run(Progress progress) {
    BenchCase published = BenchCase.largest("peak", RESOLUTION, 0);
    Architecture largest = published.candidates().get(0);
    Rates rates = new Rates();
    try (SupernetFamily supernets = published.open();
        NDManager manager = PyTorch.newManager(supernets.device());
        Engine fused = Engine.Kind.FUSED.open(manager);
        Engine eager = Engine.Kind.EAGER.open(manager);
        Workers worker = new Workers("nat-bench", 1, false);
        Progress.Phase phase =
            progress.begin("share of peak, " + published.description(), settings.repeats())) {
      var judged = new SyntheticImages.Resident(manager, settings.images().orElse(IMAGES));
      // Too few for good statistics, which are of no interest here.
      var calibrating = new SyntheticImages.Resident(manager, 2);
      SubnetTimer timer = new SubnetTimer(supernets, System::nanoTime);
      for (int round = 0; round < settings.repeats(); round++) {
        Callable<Boolean> task =
            () -> {
              rates.products.add(products(manager));
              timer
                  .measure(fused, largest, calibrating, judged, List.of(IMAGES))
                  .validation()
                  .forEach((batch, seconds) -> rates.fused.add(1 / seconds));
              timer
                  .measure(eager, largest, calibrating, judged, MeasuringSection.EAGER_BATCHES)
                  .validation()
                  .forEach(
                      (batch, seconds) ->
                          rates
                              .eager
                              .computeIfAbsent(batch, b -> new ArrayList<>())
                              .add(1 / seconds));
              return true;
            };
        worker.run(List.of(task));
        phase.step();
      }
    }
    return figures(published, rates);
  }

  private static List<Figure> figures(BenchCase published, Rates rates) {
    Architecture largest = published.candidates().get(0);
    long madds = SubnetCost.of(largest, published.network()).madds();
    double depthwise = (double) depthwise(published, largest) / madds;
    double product = Series.median(rates.products);
    double fused = Series.median(rates.fused);
    int best = rates.bestBatch();
    double eager = Series.median(rates.eager.get(best));
    return List.of(
        figure(Engine.Kind.FUSED, IMAGES, fused, madds, depthwise, product),
        figure(Engine.Kind.EAGER, best, eager, madds, depthwise, product));
  }

  /** Returns the multiply-adds a second of square products of the best size. */
  private static double products(NDManager owner) {
    double best = 0;
    for (int side : SIDES) {
      try (NDManager manager = owner.newSubManager()) {
        NDArray a = noise(manager, side);
        NDArray b = noise(manager, side);
        a.matMul(b).close();
        int runs = Math.max(1, SIDES.get(SIDES.size() - 1) / side);
        long start = System.nanoTime();
        for (int run = 0; run < runs; run++) {
          a.matMul(b).close();
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = Math.max(best, (double) runs * side * side * side / seconds);
      }
    }
    return best;
  }

  private static NDArray noise(NDManager manager, int side) {
    RandomGenerator random = new Seeds(1).generator("matrix", side);
    float[] values = new float[side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return manager.create(values, new Shape(side, side));
  }

  private static long depthwise(BenchCase published, Architecture architecture) {
    return Part.of(architecture, published.network()).stream()
        .filter(Part.Block.class::isInstance)
        .map(Part.Block.class::cast)
        .mapToLong(
            block ->
                (long) block.shape().middleChannels()
                    * block.shape().kernelSize()
                    * block.shape().kernelSize()
                    * block.outSize()
                    * block.outSize())
        .sum();
  }

  static Figure figure(
      Engine.Kind engine, int batch, double images, long madds, double depthwise, double product) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("images_per_s", images);
    details.put("batch", batch);
    details.put("g_madds_per_s", images * madds / 1e9);
    details.put("matrix_products_g_madds_per_s", product / 1e9);
    details.put("depthwise_share_of_madds", depthwise);
    return new Figure(
        BenchSection.PEAK,
        "share of peak, largest subnet, w1.0 at %d px, %s".formatted(RESOLUTION, engine.id()),
        100 * images * madds / product,
        "%",
        Optional.empty(),
        details);
  }
}
