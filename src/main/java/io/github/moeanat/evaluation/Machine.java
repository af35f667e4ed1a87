package io.github.moeanat.evaluation;

import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a measured time depends on beside the network.
 *
 * @param processor its name, or the architecture where the system does not tell
 * @param processors number of logical processors that this process sees
 * @param system name and version of the operating system
 * @param java version of the Java virtual machine
 * @param engine name and version of the deep-learning engine
 */
public record Machine(String processor, int processors, String system, String java, String engine) {

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** Returns this machine; starts the engine. */
  public static Machine here() {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.version"),
        "PyTorch " + PyTorch.version());
  }

  /** Returns hardware and operating system in one line. */
  public String hardware() {
    return processor + ", " + processors + " processors, " + system;
  }

  /** Returns what runs on it in one line. */
  public String software() {
    return engine + ", Java " + java;
  }

  /**
   * Returns how many processes want a processor now, on average over a minute; empty where the
   * system does not tell. Above the number of free processors, times are not to be trusted.
   */
  public OptionalDouble load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? OptionalDouble.empty() : OptionalDouble.of(load);
  }

  private static String processorName() {
    return linuxProcessor()
        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
        .orElse(System.getProperty("os.arch"));
  }

  private static Optional<String> linuxProcessor() {
    if (!Files.isReadable(LINUX)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(LINUX)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
