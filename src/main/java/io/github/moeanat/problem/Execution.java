package io.github.moeanat.problem;

import io.github.moeanat.internal.Requires;
import java.nio.file.Path;

/**
 * How work is run. Threads and cache change no result; a kind of device computes the same up to the
 * last bits.
 *
 * @param threads workers that train and measure
 * @param device {@code cpu}, {@code gpu} or {@code gpu:N}
 * @param cache folder of warmed-up weights, decoded images and measured latencies
 */
public record Execution(int threads, String device, Path cache) {

  /** Checks the number of threads. */
  public Execution {
    Requires.inRange("threads", threads, 1, 1024);
  }

  /**
   * One worker for each core, on the CPU, unless the system properties {@code moeanat.threads},
   * {@code moeanat.device} and {@code moeanat.cache} say otherwise.
   */
  public static Execution fromSystem() {
    String cache = System.getProperty("moeanat.cache");
    return new Execution(
        Integer.getInteger("moeanat.threads", Runtime.getRuntime().availableProcessors()),
        System.getProperty("moeanat.device", "cpu"),
        cache != null ? Path.of(cache) : userCache());
  }

  /** The kind of device, without its number: {@code cpu} or {@code gpu}. */
  String deviceKind() {
    return device.replaceAll(":.*", "");
  }

  private static Path userCache() {
    String base = System.getenv("XDG_CACHE_HOME");
    Path folder =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(base);
    return folder.resolve("moea-nat");
  }
}
