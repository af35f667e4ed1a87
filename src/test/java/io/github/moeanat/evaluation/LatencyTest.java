package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.cost.Part;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(8, 48), List.of(0.25));
  private static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 1, 10);

  /** The ranks are those of statistical tables for the sign test. */
  @Test
  void theIntervalOfTheMedianIsBoundedByTheRanksOfTheTables() {
    assertEquals(new Latency(3.5, 1, 6), ranks(6));
    assertEquals(new Latency(5.5, 2, 9), ranks(10));
    assertEquals(new Latency(10.5, 6, 15), ranks(20));
    assertEquals(new Latency(16, 10, 22), ranks(31));
    assertEquals(new Latency(25.5, 18, 33), ranks(50));
    assertThrows(IllegalArgumentException.class, () -> ranks(5));
  }

  @Test
  void theIntervalHoldsTheMedianOfASkewedDistributionAsOftenAsItSays() {
    RandomGenerator random = new Seeds(3).generator("times");
    int held = 0;
    int samples = 20_000;
    for (int i = 0; i < samples; i++) {
      double[] times = new double[25];
      for (int j = 0; j < times.length; j++) {
        times[j] = random.nextExponential();
      }
      Latency latency = Latency.of(times);
      held += latency.low() <= Math.log(2) && Math.log(2) <= latency.high() ? 1 : 0;
    }
    // Exactly .9567 for 25 passes; four standard errors.
    assertEquals(0.9567, held / (double) samples, 4 * Math.sqrt(0.9567 * 0.0433 / samples));
  }

  @Test
  void largerSubnetsTakeLongerAndEveryRoundHasAllInAnotherOrder() {
    ArchitectureSampler sampler = new ArchitectureSampler(SPACE);
    LatencySettings settings = new LatencySettings(4, 1, 2, 9, 5);
    AtomicInteger turns = new AtomicInteger();
    List<Latency> latencies =
        measure(
            List.of(sampler.smallest(), sampler.largest()),
            new LatencyMeter(settings, PyTorch.device("cpu"), System::nanoTime),
            (name, steps) -> {
              assertEquals(2 * (2 + 9), steps);
              return turns::incrementAndGet;
            });
    assertEquals(2 * (2 + 9), turns.get());
    assertTrue(latencies.get(0).median() < latencies.get(1).median(), latencies.toString());
  }

  @Test
  void everyPassHasATurnOfTwoInEveryRound() {
    List<Integer> runs = new ArrayList<>();
    AtomicInteger turns = new AtomicInteger();
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      List<Supplier<NDArray>> passes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        passes.add(
            () -> {
              runs.add(number);
              return manager.create(1f);
            });
      }
      double[][] times =
          new Stopwatch(System::nanoTime)
              .rounds(passes, new LatencySettings(1, 1, 2, 6, 5), turns::incrementAndGet);
      assertEquals(4, times.length);
      assertEquals(6, times[0].length);
    }
    assertEquals(4 * (2 + 6), turns.get());
    Set<List<Integer>> orders = new HashSet<>();
    for (int round = 0; round < 2 + 6; round++) {
      List<Integer> order = new ArrayList<>();
      for (int turn = 0; turn < 4; turn++) {
        int run = 2 * (4 * round + turn);
        assertEquals(runs.get(run), runs.get(run + 1));
        order.add(runs.get(run));
      }
      assertEquals(Set.of(0, 1, 2, 3), Set.copyOf(order));
      orders.add(order);
    }
    assertTrue(orders.size() > 1, "always the same order");
    assertEquals(2 * 4 * (2 + 6), runs.size());
  }

  @Test
  void onlyTheSecondPassOfATurnIsTimed() {
    // Each look at the clock takes 1 ms longer than the one before.
    AtomicLong looks = new AtomicLong();
    LatencySettings settings = new LatencySettings(1, 1, 3, 6, 5);
    List<Latency> latencies =
        measure(
            List.of(new ArchitectureSampler(SPACE).smallest()),
            new LatencyMeter(
                settings,
                PyTorch.device("cpu"),
                () -> {
                  long look = looks.getAndIncrement();
                  return look * (look + 1) / 2 * 1_000_000;
                }),
            Progress.NONE);
    // Two looks a turn: turn t takes 2t + 1 ms, and turns 3 to 8 count.
    assertEquals(2 * (3 + 6), looks.get());
    assertEquals(List.of(new Latency(12, 7, 17)), latencies);
  }

  @Test
  void aTableGoesOnWhereItWasStopped(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("table.yaml");
    Path unfinished = LatencyTableMaker.unfinished(table);
    List<String> comments = List.of("first", "second");
    AtomicInteger steps = new AtomicInteger();
    assertThrows(
        CancellationException.class,
        () ->
            maker()
                .write(
                    table,
                    comments,
                    (name, count) ->
                        () -> {
                          if (steps.incrementAndGet() == 400) {
                            throw new CancellationException("stop");
                          }
                        }));
    LatencyTableFile kept = LatencyTableFile.load(unfinished);
    // Each part has six turns; those of the architecture at work are lost.
    Set<String> finished = Set.of();
    for (Architecture architecture : Part.covering(SPACE)) {
      Set<String> next = new HashSet<>(finished);
      Part.of(architecture, NETWORK).forEach(part -> next.add(part.key()));
      if (6 * next.size() >= 400) {
        break;
      }
      finished = next;
    }
    assertEquals(finished, kept.entries().keySet());
    int parts = finished.size();
    assertTrue(parts > 0, "no architecture was finished");
    assertEquals(comments, kept.comments());

    assertThrows(
        IllegalArgumentException.class,
        () -> maker().write(table, List.of("first", "other"), Progress.NONE));
    AtomicLong left = new AtomicLong();
    int entries =
        maker()
            .write(
                table,
                comments,
                (name, count) -> {
                  left.set(count);
                  return () -> {};
                });
    assertEquals(6L * (entries - parts), left.get());
    assertTrue(!Files.exists(unfinished));
    LatencyTableFile whole = LatencyTableFile.load(table);
    assertEquals(entries, whole.entries().size());
    kept.entries().forEach((key, entry) -> assertEquals(entry, whole.entries().get(key), key));
    LatencyTableFile.read(table).requireAll(SPACE, width -> new MobileNetV3(width, 1, 10));
  }

  @Test
  void twoWidthsOfStridesOfOnesOwnAreInOneTable(@TempDir Path folder) throws IOException {
    SearchSpace family = SearchSpace.nat(List.of(8), List.of(0.25, 0.5));
    List<Integer> strides = List.of(1, 2, 2, 1, 2);
    DoubleFunction<MobileNetV3> networks =
        width -> new MobileNetV3(width, 1, strides, 10, MobileNetV3.Activations.DEFAULT);
    Path table = folder.resolve("table.yaml");
    new LatencyTableMaker(
            family,
            networks,
            new LatencySettings(1, 1, 0, 6, 1),
            PyTorch.device("cpu"),
            System::nanoTime)
        .write(table, List.of(), Progress.NONE);
    LatencyTableFile.read(table).requireAll(family, networks);
  }

  @Test
  void theMiddleHalfLeavesOutWhatWasDisturbed() {
    double[] times = {9, 2, 2, 4, 1000, 1, 4, 500};
    assertEquals(new LatencyTableFile.Entry(4.75, 6.6875), LatencyTableMaker.middleHalf(times));
  }

  private static LatencyTableMaker maker() {
    return new LatencyTableMaker(
        SPACE,
        width -> new MobileNetV3(width, 1, 10),
        new LatencySettings(1, 1, 0, 6, 1),
        PyTorch.device("cpu"),
        System::nanoTime);
  }

  private static List<Latency> measure(
      List<Architecture> architectures, LatencyMeter meter, Progress progress) {
    Weights weights = Weights.initial(NETWORK, SPACE, 1);
    try (Supernet supernet = new Supernet(weights, NETWORK, SPACE, PyTorch.device("cpu"))) {
      List<Subnet> subnets = architectures.stream().map(supernet::extract).toList();
      try {
        return meter.measure(subnets, progress);
      } finally {
        subnets.forEach(Subnet::close);
      }
    }
  }

  private static Latency ranks(int count) {
    return Latency.of(IntStream.rangeClosed(1, count).mapToDouble(i -> count + 1 - i).toArray());
  }
}
