package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.LockedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The output folder of one run, a search or a pretraining, held by this process until it is closed.
 * A folder is a run's folder as soon as it holds {@code run.properties}; a run should write that
 * file first.
 */
public final class RunFolder implements AutoCloseable {

  private static final String PROPERTIES = "run.properties";
  private static final String CHECKPOINT = "checkpoint";
  private static final String FRONT = "front.csv";
  private static final String CURVES = "curves.csv";
  private static final String SUPERNET = "supernet.safetensors";
  private static final String LOCK = ".lock";
  private static final String SUBNETS = "subnets";
  private static final String SUBNET_SUFFIX = ".json";

  // In this order they are deleted: a folder that has lost other files first is still a run's.
  private static final List<String> FILES =
      List.of(
          CHECKPOINT,
          "result.dat",
          "archive.csv",
          "initial-archive.csv",
          FRONT,
          "latency.csv",
          "latency.json",
          "front.png",
          "progress.png",
          "history.csv",
          "subnets.csv",
          "subnets.png",
          CURVES,
          "curves.png",
          SUPERNET,
          PROPERTIES);

  private static final Pattern NAMED_SUPERNET =
      Pattern.compile("(supernet-w[\\d.]+|phase-[A-Za-z0-9-]+)\\.safetensors");
  private static final Pattern SUPERNET_LEFTOVER =
      Pattern.compile("\\.(" + NAMED_SUPERNET + ")\\..*\\.tmp");
  private static final Pattern SUBNET_LEFTOVER = Pattern.compile("\\.\\d+\\.json\\..*\\.tmp");

  private final Path path;
  // Null in a folder that is only read.
  private final LockedFile lock;

  private RunFolder(Path path, LockedFile lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Opens a folder for a new run, created if it is not there.
   *
   * <p>A run that ended before its first iteration has nothing to lose and is replaced.
   *
   * @throws IllegalArgumentException if the folder holds a run or anything else, is in use or can't
   *     be written
   */
  public static RunFolder create(Path path) {
    return open(
        path,
        () -> {
          if (holdsRun(path)) {
            refuseResults(path);
          } else {
            refuseForeign(path);
          }
        },
        () -> removeRun(path));
  }

  /**
   * Opens a folder for a new run in place of the one it holds. Only files that a run writes are
   * removed; a folder without a run is treated as by {@link #create}.
   *
   * @throws IllegalArgumentException if the folder holds files but no run, is in use or can't be
   *     written
   */
  public static RunFolder overwrite(Path path) {
    return open(
        path,
        () -> {
          if (!holdsRun(path)) {
            refuseForeign(path);
          }
        },
        () -> removeRun(path));
  }

  /**
   * Opens a folder to go on with the run it holds.
   *
   * @throws IllegalArgumentException if the folder holds no run or one whose checkpoint is gone, is
   *     in use or can't be written
   */
  public static RunFolder resume(Path path) {
    return open(
        path,
        () -> {
          if (!holdsRun(path)) {
            throw new IllegalArgumentException(
                "folder " + path + " holds no run to resume: " + PROPERTIES + " is missing");
          }
          if (!Files.exists(path.resolve(CHECKPOINT)) && holdsResults(path)) {
            throw new IllegalArgumentException(
                "folder %s holds a run that can't be resumed: %s is missing; --overwrite starts anew"
                    .formatted(path, CHECKPOINT));
          }
        },
        () -> {});
  }

  /**
   * Opens a folder to read the finished run it holds. Others may use it at the same time.
   *
   * @throws IllegalArgumentException if the folder holds no run, or one that has not finished
   */
  public static RunFolder read(Path path) {
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException("no folder " + path);
    }
    requireFinished(path);
    return new RunFolder(path, null);
  }

  /**
   * Opens a folder to measure the front of the run it holds once more.
   *
   * @throws IllegalArgumentException if the folder holds no run or one without a front, is in use
   *     or can't be written
   */
  public static RunFolder finished(Path path) {
    return open(path, () -> requireFinished(path), () -> {});
  }

  private static void requireFinished(Path path) {
    if (!holdsRun(path)) {
      throw new IllegalArgumentException(
          "folder " + path + " holds no run: " + PROPERTIES + " is missing");
    }
    if (holdsPretraining(path)) {
      throw new IllegalArgumentException("folder " + path + " holds a pretraining, not a search");
    }
    if (!Files.exists(path.resolve(FRONT))) {
      throw new IllegalArgumentException(
          "folder %s holds a run that has not finished: %s is missing; nat search --resume goes on"
              .formatted(path, FRONT));
    }
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** The settings and seeds of the run; what makes the folder a run's. */
  public Path properties() {
    return path.resolve(PROPERTIES);
  }

  /** The state to resume from. */
  public Path checkpoint() {
    return path.resolve(CHECKPOINT);
  }

  /** The framework's own result file. */
  public Path result() {
    return path.resolve("result.dat");
  }

  /** All members of the archive. */
  public Path archive() {
    return path.resolve("archive.csv");
  }

  /** The members of the archive after the first sample. */
  public Path initialArchive() {
    return path.resolve("initial-archive.csv");
  }

  /** The non-dominated members. */
  public Path front() {
    return path.resolve(FRONT);
  }

  /** One row for each iteration. */
  public Path history() {
    return path.resolve("history.csv");
  }

  /** The picture of archive and front. */
  public Path frontChart() {
    return path.resolve("front.png");
  }

  /** The picture of the search over its iterations. */
  public Path progressChart() {
    return path.resolve("progress.png");
  }

  /**
   * The adapted weights: one file for each width, which bears the width if there are several.
   *
   * @param widths of the supernets
   * @return the files in the order of the widths
   */
  public List<Path> supernets(List<Double> widths) {
    return widths.size() == 1
        ? List.of(path.resolve(SUPERNET))
        : widths.stream()
            .map(width -> path.resolve("supernet-w%s.safetensors".formatted(width)))
            .toList();
  }

  /**
   * The description of one subnet of the front.
   *
   * @param number as in {@code front.csv}, counted from 1
   */
  public Path subnet(int number) {
    return path.resolve(SUBNETS)
        .resolve(String.format(Locale.ROOT, "%02d%s", number, SUBNET_SUFFIX));
  }

  /** Returns the descriptions of the front's subnets that are there, in the order of the front. */
  public List<Path> subnets() {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(this::subnet)
        .takeWhile(Files::exists)
        .toList();
  }

  /** The weights after a phase of a pretraining, in full precision. */
  public Path phase(String name) {
    return path.resolve("phase-%s.safetensors".formatted(name));
  }

  /** One row for each epoch of a pretraining. */
  public Path curves() {
    return path.resolve(CURVES);
  }

  /** The picture of a pretraining over its epochs. */
  public Path curvesChart() {
    return path.resolve("curves.png");
  }

  /** Accuracies and costs of subnets of a pretrained supernet. */
  public Path subnetTable() {
    return path.resolve("subnets.csv");
  }

  /** The picture of these. */
  public Path subnetChart() {
    return path.resolve("subnets.png");
  }

  /** Latencies of the front, if they were measured. */
  public Path latencyCsv() {
    return path.resolve("latency.csv");
  }

  /** The same with all that they depend on. */
  public Path latencyReport() {
    return path.resolve("latency.json");
  }

  /** Lets other processes use the folder. */
  @Override
  public void close() throws IOException {
    // The lock's file stays: if it went, a third process could lock a new one beside a second's.
    if (lock != null) {
      lock.close();
    }
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  // Checked before, so that a refused folder stays as it is, and again once it is locked.
  private static RunFolder open(Path path, Action check, Action prepare) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IllegalArgumentException(path + " is a file, expected a folder");
    }
    try {
      check.run();
      createFolder(path);
      RunFolder folder = lock(path);
      boolean done = false;
      try {
        check.run();
        prepare.run();
        removeLeftovers(path);
        done = true;
      } finally {
        if (!done) {
          folder.close();
        }
      }
      return folder;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "can't use folder " + path + ": " + IoReason.of(path.resolve(LOCK), e), e);
    }
  }

  private static void createFolder(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "can't create folder " + path + ": " + reasonNotCreated(path, e), e);
    }
  }

  private static RunFolder lock(Path path) throws IOException {
    return LockedFile.open(path.resolve(LOCK))
        .map(lock -> new RunFolder(path, lock))
        .orElseThrow(
            () -> new IllegalArgumentException("folder " + path + " is in use by another run"));
  }

  private static boolean holdsRun(Path path) {
    return Files.isRegularFile(path.resolve(PROPERTIES));
  }

  private static boolean holdsPretraining(Path path) {
    try {
      Properties properties = PropertiesFile.read(path.resolve(PROPERTIES));
      return NatAlgorithms.RECIPE.equals(properties.getProperty("algorithm.algorithm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static boolean holdsResults(Path path) throws IOException {
    // The tables of the first iteration are there a moment before its checkpoint is.
    for (String name : List.of(CHECKPOINT, FRONT, CURVES, SUPERNET)) {
      if (Files.exists(path.resolve(name))) {
        return true;
      }
    }
    return list(path).stream()
        .anyMatch(file -> NAMED_SUPERNET.matcher(file.getFileName().toString()).matches());
  }

  private static void refuseResults(Path path) throws IOException {
    if (holdsResults(path)) {
      throw new IllegalArgumentException(
          "folder " + path + " holds a run: use --resume to go on or --overwrite to start anew");
    }
  }

  private static void refuseForeign(Path path) throws IOException {
    for (Path file : list(path)) {
      if (!file.getFileName().toString().equals(LOCK)
          && !isLeftover(file)
          && !isEmptyFolder(file)) {
        throw new IllegalArgumentException(
            "folder %s is not empty and not a run's folder: it holds %s"
                .formatted(path, file.getFileName()));
      }
    }
  }

  // What is left of a run that was removed for another, which was killed before its first file.
  private static boolean isEmptyFolder(Path file) throws IOException {
    return file.getFileName().toString().equals(SUBNETS)
        && Files.isDirectory(file)
        && list(file).isEmpty();
  }

  private static void removeRun(Path path) throws IOException {
    // First of all: a checkpoint may not be left without what it builds on.
    Files.deleteIfExists(path.resolve(CHECKPOINT));
    for (Path file : list(path.resolve(SUBNETS))) {
      if (file.getFileName().toString().endsWith(SUBNET_SUFFIX) && Files.isRegularFile(file)) {
        Files.delete(file);
      }
    }
    for (Path file : list(path)) {
      if (NAMED_SUPERNET.matcher(file.getFileName().toString()).matches()
          && Files.isRegularFile(file)) {
        Files.delete(file);
      }
    }
    for (String name : FILES) {
      Path file = path.resolve(name);
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void removeLeftovers(Path path) throws IOException {
    for (Path file : list(path)) {
      if (isLeftover(file)) {
        Files.delete(file);
      }
    }
    for (Path file : list(path.resolve(SUBNETS))) {
      if (SUBNET_LEFTOVER.matcher(file.getFileName().toString()).matches()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isLeftover(Path file) {
    return SUPERNET_LEFTOVER.matcher(file.getFileName().toString()).matches()
        || FILES.stream().anyMatch(name -> AtomicFile.isLeftover(file, name));
  }

  // Empty for a folder that is not there.
  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(files::add);
      }
    }
    files.sort(null);
    return files;
  }

  private static String reasonNotCreated(Path path, IOException cause) {
    for (Path up = path.toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.exists(up)) {
        return Files.isDirectory(up)
            ? IoReason.of(up.resolve("new"), cause)
            : IoReason.of(up.resolve("new"), new NotDirectoryException(up.toString()));
      }
    }
    return IoReason.of(path, cause);
  }
}
