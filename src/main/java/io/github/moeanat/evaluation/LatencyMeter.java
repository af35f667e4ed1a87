package io.github.moeanat.evaluation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures how long subnets take on this machine, with running statistics as in inference.
 *
 * <p>Subnets are measured in rounds. In each round every subnet has its turn, in random order, so
 * that a machine that gets slower or faster for a while does so for all of them. In its turn a
 * subnet runs twice and the second pass is timed: it finds its weights in the cache as in a server
 * that runs one network. The first rounds warm up and are not counted. No other worker of this
 * process works meanwhile.
 */
public final class LatencyMeter {

  private final LatencySettings settings;
  private final Device device;
  private final Stopwatch stopwatch;

  /**
   * Creates a meter.
   *
   * @param device where the subnets are
   * @param nanoTime a clock in ns, such as {@link System#nanoTime}
   */
  public LatencyMeter(LatencySettings settings, Device device, LongSupplier nanoTime) {
    this.settings = settings;
    this.device = device;
    this.stopwatch = new Stopwatch(nanoTime);
  }

  /**
   * Measures subnets.
   *
   * @param progress told once a turn
   * @return latencies in the order of the subnets
   * @throws CancellationException if {@code progress} asked to stop
   */
  public List<Latency> measure(List<Subnet> subnets, Progress progress) {
    int rounds = settings.warmUp() + settings.repeats();
    try (Workers workers = new Workers("nat-latency", 1, false);
        Progress.Phase phase =
            progress.begin("measuring latency", (long) rounds * subnets.size())) {
      return workers.runAlone(() -> rounds(subnets, phase));
    }
  }

  private List<Latency> rounds(List<Subnet> subnets, Progress.Phase phase) {
    PyTorch.useThreads(settings.threads());
    Seeds seeds = new Seeds(settings.seed());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < subnets.size(); i++) {
      order.add(i);
    }
    double[][] times = new double[subnets.size()][settings.repeats()];
    try (NDManager manager = PyTorch.newManager(device)) {
      Map<Integer, NDArray> images = new HashMap<>();
      for (int round = -settings.warmUp(); round < settings.repeats(); round++) {
        Collections.shuffle(order, new Random(seeds.derive("order", round)));
        for (int i : order) {
          Subnet subnet = subnets.get(i);
          NDArray input =
              images.computeIfAbsent(
                  subnet.architecture().resolution(),
                  side -> Stopwatch.images(manager, settings, side));
          Supplier<NDArray> pass = () -> subnet.forward(input, BatchNorm.RUNNING);
          Stopwatch.run(pass);
          double time = stopwatch.time(pass);
          if (round >= 0) {
            times[i][round] = time;
          }
          phase.step();
        }
      }
    }
    List<Latency> latencies = new ArrayList<>();
    for (double[] subnet : times) {
      latencies.add(Latency.of(subnet));
    }
    return latencies;
  }
}
