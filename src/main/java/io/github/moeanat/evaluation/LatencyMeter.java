package io.github.moeanat.evaluation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures how long subnets take on this machine, with running statistics as in inference.
 *
 * <p>Subnets are measured in rounds, in each of which all have their turn. In a turn a subnet runs
 * twice and the second pass is timed, as in a server that runs one network. The first rounds warm
 * up and are not counted. No other worker of this process works meanwhile.
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
    double[][] times;
    try (NDManager manager = PyTorch.newManager(device)) {
      Map<Integer, NDArray> images = new HashMap<>();
      List<Supplier<NDArray>> passes = new ArrayList<>();
      for (Subnet subnet : subnets) {
        NDArray input =
            images.computeIfAbsent(
                subnet.architecture().resolution(),
                side -> Stopwatch.images(manager, settings, side));
        passes.add(() -> subnet.forward(input, BatchNorm.RUNNING));
      }
      times = stopwatch.rounds(passes, settings, phase);
    }
    List<Latency> latencies = new ArrayList<>();
    for (double[] subnet : times) {
      latencies.add(Latency.of(subnet));
    }
    return latencies;
  }
}
