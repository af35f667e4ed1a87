package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.testing.Photos;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints how fast photographs come into a cache: {@code ./mvnw test -P slow -Dtest=...}. */
@Tag("slow")
class DecodingSpeedTest {

  private static final int IMAGES = 600;
  private static final int BAR = 150;

  @Test
  void photosOf500x375ComeIntoACacheOf256px(@TempDir Path folder) throws IOException {
    long bytes = 0;
    for (int i = 0; i < IMAGES; i++) {
      Path file = folder.resolve("photos/%s/%d.jpg".formatted(i % 2 == 0 ? "a" : "b", i));
      if (i < 20) {
        Photos.write(Photos.image(500, 375, 0x808080, i), file);
      } else {
        Files.createDirectories(file.getParent());
        Files.copy(
            folder.resolve("photos/%s/%d.jpg".formatted(i % 2 == 0 ? "a" : "b", i % 20)), file);
      }
      bytes += Files.size(file);
    }
    DataSettings settings = DataSettings.of("folder", folder.resolve("photos").toString());
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    double best = 0;
    double bestOfCore = 0;
    for (int round = 0; round < 4; round++) {
      long start = System.nanoTime();
      long cpu = system.getProcessCpuTime();
      DataSets.load(settings, folder.resolve("cache" + round), 1, Progress.NONE);
      best = Math.max(best, IMAGES / ((System.nanoTime() - start) / 1e9));
      // All threads' time: what a core does also on a machine that has other work.
      bestOfCore = Math.max(bestOfCore, IMAGES / ((system.getProcessCpuTime() - cpu) / 1e9));
    }
    System.out.printf(
        Locale.ROOT,
        "JPEG 500x375, %d kB each, into a cache of 256 px: %.0f images/s with one thread,"
            + " %.0f a second of processor time%n",
        bytes / IMAGES / 1000,
        best,
        bestOfCore);
    assertTrue(bestOfCore >= BAR, bestOfCore + " images/s");
  }
}
