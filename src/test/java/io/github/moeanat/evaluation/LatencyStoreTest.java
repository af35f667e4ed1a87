package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Jvm;
import io.github.moeanat.testing.Warnings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyStoreTest {

  private static final double WIDTH = 0.25;
  private static final ArchitectureSampler SAMPLER =
      new ArchitectureSampler(SearchSpace.nat(List.of(8, 48), List.of(WIDTH)));

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final Progress progress = Warnings.into(warnings);

  @Test
  void whatIsStoredIsReadToTheLastBit() {
    Map<Architecture, Latency> latencies = some(1, 20);
    assertEquals(Map.of(), store(folder).read(progress));
    assertEquals(latencies, store(folder).merge(latencies, progress));
    assertEquals(latencies, store(folder).read(progress));
    assertEquals(List.of(), warnings);
  }

  @Test
  void whoComesSecondTakesTheFirstOnesValues() {
    LatencyStore first = store(folder);
    LatencyStore second = store(folder);
    Architecture architecture = SAMPLER.largest();
    first.merge(Map.of(architecture, new Latency(1, 0.5, 2)), progress);
    Map<Architecture, Latency> told =
        second.merge(
            Map.of(
                architecture, new Latency(3, 2, 4), SAMPLER.smallest(), new Latency(0.1, 0.1, 0.2)),
            progress);
    assertEquals(new Latency(1, 0.5, 2), told.get(architecture));
    assertEquals(told, first.read(progress));
    assertEquals(2, told.size());
  }

  @Test
  void otherConditionsAreAnotherFile() {
    assertNotEquals(
        store(folder).file(),
        new LatencyStore(folder, List.of("latencies", "another machine"), WIDTH).file());
  }

  @Test
  void writersInThreadsLoseNothing() throws Exception {
    int writers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Map<Architecture, Latency> own = some(writer, 15);
        running.add(threads.submit(() -> storeOneByOne(folder, own)));
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Map<Architecture, Latency> all = store(folder).read(progress);
    for (int writer = 0; writer < writers; writer++) {
      assertTrue(all.keySet().containsAll(some(writer, 15).keySet()));
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void writersInProcessesLoseNothing() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int writer = 0; writer < 2; writer++) {
      processes.add(
          Jvm.start(
              Jvm.classPathWithout(),
              folder.resolve("printed" + writer),
              List.of(),
              Writer.class.getName(),
              folder.toString(),
              String.valueOf(writer)));
    }
    for (int writer = 0; writer < 2; writer++) {
      int code = Jvm.await(processes.get(writer));
      assertEquals(0, code, Files.readString(folder.resolve("printed" + writer)));
    }
    Map<Architecture, Latency> all = store(folder).read(progress);
    for (int writer = 0; writer < 2; writer++) {
      assertTrue(all.keySet().containsAll(some(writer, Writer.ROWS).keySet()));
    }
    assertEquals(List.of(), warnings);
  }

  /** A process that stores latencies one by one. */
  static final class Writer {
    static final int ROWS = 60;

    private Writer() {}

    public static void main(String[] arguments) {
      storeOneByOne(Path.of(arguments[0]), some(Integer.parseInt(arguments[1]), ROWS));
    }
  }

  @Test
  void anyDamageIsWarnedOfAndWholeRowsAreKept() throws IOException {
    Map<Architecture, Latency> latencies = some(2, 3);
    Path file = store(folder).file();
    store(folder).merge(latencies, progress);
    byte[] whole = Files.readAllBytes(file);
    for (int position = 0; position < whole.length; position++) {
      byte[] damaged = whole.clone();
      damaged[position] ^= (byte) (position % 2 == 0 ? 1 : 0x80);
      assertMended(file, damaged, latencies, 1);
    }
    for (int length = 0; length < whole.length; length += 7) {
      assertMended(file, Arrays.copyOf(whole, length), latencies, latencies.size());
    }
  }

  private void assertMended(
      Path file, byte[] damaged, Map<Architecture, Latency> written, int mostLost)
      throws IOException {
    Files.write(file, damaged);
    warnings.clear();
    Map<Architecture, Latency> kept = store(folder).read(progress);
    // A lost end of line may take the row behind it along.
    assertTrue(kept.size() >= written.size() - mostLost - 1, kept.toString());
    kept.forEach((architecture, latency) -> assertEquals(written.get(architecture), latency));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).startsWith("the latencies in " + file + " are damaged from line "));
    assertEquals(kept, store(folder).read(progress), "it is mended");
    assertEquals(1, warnings.size(), warnings.toString());
  }

  @Test
  void theFirstDamagedLineIsNamed() throws IOException {
    Path file = store(folder).file();
    store(folder).merge(some(2, 3), progress);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(4, lines.get(4).replaceFirst(",\\d", ",9"));
    Files.write(file, lines);
    assertEquals(2, store(folder).read(progress).size());
    assertEquals(
        List.of(
            "the latencies in "
                + file
                + " are damaged from line 5 on; whole rows are kept, the others are measured anew"),
        warnings);
  }

  @Test
  void aFolderThatCanNotBeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    LatencyStore store = store(file.resolve("cache"));
    var error = assertThrows(UncheckedIOException.class, () -> store.merge(some(1, 1), progress));
    assertTrue(error.getMessage().startsWith("can't write " + store.file()), error.getMessage());
  }

  @Test
  void nothingButTheFileAndItsLockIsLeft() throws IOException {
    store(folder).merge(some(1, 2), progress);
    try (Stream<Path> files = Files.list(folder)) {
      Path file = store(folder).file();
      assertEquals(
          List.of(file, folder.resolve(file.getFileName() + ".lock")), files.sorted().toList());
    }
  }

  private static LatencyStore store(Path folder) {
    return new LatencyStore(folder, List.of("latencies", "this machine"), WIDTH);
  }

  private static void storeOneByOne(Path folder, Map<Architecture, Latency> latencies) {
    LatencyStore store = store(folder);
    latencies.forEach(
        (architecture, latency) -> store.merge(Map.of(architecture, latency), Progress.NONE));
  }

  private static Map<Architecture, Latency> some(long seed, int count) {
    RandomGenerator random = new Seeds(seed).generator("latencies");
    Map<Architecture, Latency> latencies = new LinkedHashMap<>();
    while (latencies.size() < count) {
      double median = random.nextDouble();
      latencies.put(SAMPLER.sample(random), new Latency(median, median / 3, median * 1e3));
    }
    return latencies;
  }
}
