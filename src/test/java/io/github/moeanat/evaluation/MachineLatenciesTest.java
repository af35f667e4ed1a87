package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Warnings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLatenciesTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(8), List.of(0.25, 0.5));
  private static final int REPEATS = 6;
  private static final LatencySettings SETTINGS = new LatencySettings(1, 1, 0, REPEATS, 1);
  // Two looks at the clock a pass.
  private static final long LOOKS = 2L * REPEATS;

  @TempDir private Path folder;
  private SupernetFamily supernets;
  private final AtomicLong looks = new AtomicLong();

  @BeforeEach
  void open() {
    Weights narrow = Weights.initial(network(0.25), SPACE.ofWidth(0.25), 1);
    Weights wide = Weights.initial(network(0.5), SPACE.ofWidth(0.5), 1);
    supernets =
        new SupernetFamily(
            new FamilyWeights(Map.of(0.25, narrow, 0.5, wide)),
            MachineLatenciesTest::network,
            SPACE,
            PyTorch.device("cpu"));
  }

  @AfterEach
  void close() {
    supernets.close();
  }

  @Test
  void eachArchitectureIsMeasuredOnceForAllRuns() throws Exception {
    List<Architecture> architectures = some(1, 11);
    Map<Architecture, Latency> first =
        known(this::clock).of(supernets, architectures, Progress.NONE).latencies();
    assertEquals(architectures, List.copyOf(first.keySet()));
    assertEquals(11 * LOOKS, looks.get());
    assertTrue(architectures.stream().map(Architecture::width).distinct().count() == 2);
    MachineLatencies again = known(this::clock);
    assertEquals(first, again.of(supernets, architectures, Progress.NONE).latencies());
    List<Architecture> more = new ArrayList<>(some(2, 3));
    more.addAll(architectures);
    assertTrue(
        again
            .of(supernets, more, Progress.NONE)
            .latencies()
            .entrySet()
            .containsAll(first.entrySet()));
    assertEquals(14 * LOOKS, looks.get());
    assertTrue(Files.readString(again.file(0.25)).contains("width=0.25"));
  }

  @Test
  void anotherWayOfMeasuringSharesNothing() {
    List<Architecture> architectures = some(1, 1);
    known(this::clock).of(supernets, architectures, Progress.NONE);
    MachineLatencies others =
        new MachineLatencies(
            folder,
            MachineLatenciesTest::network,
            new LatencySettings(2, 1, 0, REPEATS, 1),
            "cpu",
            this::clock);
    assertNotEquals(known(this::clock).conditions(), others.conditions());
    others.of(supernets, architectures, Progress.NONE);
    assertEquals(2 * LOOKS, looks.get());
  }

  @Test
  void whatWasMeasuredBeforeTheUserStoppedIsKept() {
    List<Architecture> architectures = some(1, 12);
    AtomicLong steps = new AtomicLong();
    Progress stopping =
        (name, count) -> {
          assertEquals("measuring latency", name);
          assertEquals(12 * REPEATS, count);
          return () -> {
            if (steps.incrementAndGet() > 9 * REPEATS) {
              throw new CancellationException("stop");
            }
          };
        };
    assertThrows(
        CancellationException.class,
        () -> known(this::clock).of(supernets, architectures, stopping));
    looks.set(0);
    known(this::clock).of(supernets, architectures, Progress.NONE);
    assertEquals(4 * LOOKS, looks.get(), "eight of twelve were done");
  }

  @Test
  void whatFailsIsTriedOnceMoreAndNamed() {
    List<Architecture> architectures = some(1, 3);
    // The first fails in the group, and alone.
    LongSupplier failing =
        () -> {
          long look = looks.getAndIncrement();
          if (look < 2) {
            throw new ArithmeticException("look " + look);
          }
          return look * look;
        };
    MachineLatencies.Outcome outcome = known(failing).of(supernets, architectures, Progress.NONE);
    assertEquals(Set.of(architectures.get(0)), outcome.failures().keySet());
    assertEquals("look 1", outcome.failures().get(architectures.get(0)).getMessage());
    assertEquals(architectures.subList(1, 3), List.copyOf(outcome.latencies().keySet()));
    assertEquals(
        3, known(this::clock).of(supernets, architectures, Progress.NONE).latencies().size());
  }

  @Test
  void twoThreadsMeasureOneArchitectureOnce() throws Exception {
    List<Architecture> architectures = some(1, 2);
    MachineLatencies shared = known(this::clock);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<MachineLatencies.Outcome>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        both.add(threads.submit(() -> shared.of(supernets, architectures, Progress.NONE)));
      }
      assertEquals(both.get(0).get(), both.get(1).get());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(2 * LOOKS, looks.get());
  }

  private static MobileNetV3 network(double width) {
    return new MobileNetV3(width, 1, 10);
  }

  // Every pass takes 1 ms longer than the one before.
  @Test
  void wideIntervalsAreToldOfOnce() {
    List<String> warnings = new ArrayList<>();
    Progress progress = Warnings.into(warnings);
    known(() -> 1_000_000 * looks.getAndIncrement()).of(supernets, some(1, 3), progress);
    assertEquals(List.of(), warnings);
    // Passes of 1 and 9 ms in turn.
    LongSupplier uneven =
        () -> {
          long look = looks.getAndIncrement();
          return 1_000_000 * (look + (look % 4 == 3 ? 8 : 0));
        };
    looks.set(0);
    known(uneven).of(supernets, some(2, 5), progress);
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("5 latencies have an interval wider"), warnings.get(0));
    known(uneven).of(supernets, some(2, 5), progress);
    assertEquals(1, warnings.size());
  }

  private long clock() {
    long look = looks.getAndIncrement();
    return look * (look + 1) / 2 * 1_000_000;
  }

  private MachineLatencies known(LongSupplier nanoTime) {
    return new MachineLatencies(folder, MachineLatenciesTest::network, SETTINGS, "cpu", nanoTime);
  }

  private static List<Architecture> some(long seed, int count) {
    ArchitectureSampler sampler = new ArchitectureSampler(SPACE);
    RandomGenerator random = new Seeds(seed).generator("architectures");
    Set<Architecture> architectures = new LinkedHashSet<>();
    while (architectures.size() < count) {
      architectures.add(sampler.sample(random));
    }
    return List.copyOf(architectures);
  }
}
