package io.github.moeanat.experiment.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class PretrainingRunTest {

  private static final long SEED = 3;

  private Path folder;
  private Path unbroken;
  private PretrainingSummary summary;
  private final List<CurvePoint> points = new ArrayList<>();

  @BeforeAll
  void pretrain(@TempDir Path shared) throws IOException {
    folder = shared;
    unbroken = folder.resolve("unbroken");
    try (RunFolder run = RunFolder.create(unbroken)) {
      summary = run(run, 2, Progress.NONE, points);
    }
  }

  @Test
  void everyEpochHasAPointAndEveryPhaseItsWeights() throws IOException {
    assertEquals(
        List.of("largest", "kernel", "expand", "all", "all"),
        points.stream().map(CurvePoint::phase).toList());
    assertEquals(List.of(0.3, 0.3, 0.3, 1.0, 1.2), points.stream().map(CurvePoint::epoch).toList());
    // 0.3, 1 and 1.2 times 1,097 images in batches of 64.
    assertEquals(List.of(5L, 10L, 15L, 32L, 36L), points.stream().map(CurvePoint::step).toList());
    assertEquals(36, summary.steps());
    assertEquals(6, Files.readAllLines(unbroken.resolve("curves.csv")).size());
    for (String phase : List.of("largest", "kernel", "expand", "all")) {
      assertTrue(Files.exists(unbroken.resolve("phase-%s.safetensors".formatted(phase))), phase);
    }
    for (String picture : List.of("curves.png", "subnets.png")) {
      assertTrue(Files.size(unbroken.resolve(picture)) > 1000, picture);
    }
  }

  @Test
  void subnetsOfTheSupernetAreMeasured() throws IOException {
    assertEquals(
        List.of("smallest", "middle", "largest", "random", "random", "random", "random"),
        summary.subnets().stream().map(MeasuredSubnet::kind).toList());
    assertEquals(8, Files.readAllLines(unbroken.resolve("subnets.csv")).size());
    assertTrue(Math.abs(summary.rankCorrelation()) <= 1);
    MeasuredSubnet largest = summary.subnets().get(2);
    // 36 steps are enough to be better than chance on 400 images.
    assertTrue(largest.test().getAsDouble() > 0.15, "" + largest.test());
  }

  @Test
  void weightsDoNotDependOnTheNumberOfWorkers() throws IOException {
    Path one = folder.resolve("one");
    try (RunFolder run = RunFolder.create(one)) {
      run(run, 1, Progress.NONE, new ArrayList<>());
    }
    assertSameResult(one);
  }

  @Test
  void aRunThatDiedInAnyPhaseEndsAsAnUnbrokenOne() throws IOException {
    // Steps of all sittings: within each phase, between two checkpoints and right behind one.
    Path path = folder.resolve("died");
    int[] sittings = {2, 3, 4, 4, 4, 7, 9, 1, 20};
    try (RunFolder run = RunFolder.create(path)) {
      assertThrows(IllegalStateException.class, () -> sitting(run, sittings[0], false));
    }
    for (int i = 1; i < sittings.length; i++) {
      int steps = sittings[i];
      try (RunFolder run = RunFolder.resume(path)) {
        if (i < sittings.length - 1) {
          assertThrows(IllegalStateException.class, () -> sitting(run, steps, false));
        } else {
          run(run, 2, Progress.NONE, new ArrayList<>());
        }
      }
    }
    assertSameResult(path);
  }

  @Test
  void anInterruptLosesNothing() throws IOException {
    Path path = folder.resolve("interrupted");
    try (RunFolder run = RunFolder.create(path)) {
      assertThrows(CancellationException.class, () -> sitting(run, 8, true));
    }
    PretrainingState state = PretrainingState.read(path.resolve("checkpoint"));
    assertEquals(1, state.phase());
    // Five steps are the first phase.
    assertEquals(3, state.step());
    try (RunFolder run = RunFolder.resume(path)) {
      assertThrows(CancellationException.class, () -> sitting(run, 1, true));
    }
    assertEquals(4, PretrainingState.read(path.resolve("checkpoint")).step());
    try (RunFolder run = RunFolder.resume(path)) {
      run(run, 2, Progress.NONE, new ArrayList<>());
    }
    assertSameResult(path);
  }

  @Test
  void aDamagedCheckpointIsAnError() throws IOException {
    Path path = folder.resolve("damaged");
    try (RunFolder run = RunFolder.create(path)) {
      assertThrows(CancellationException.class, () -> sitting(run, 3, true));
    }
    Path checkpoint = path.resolve("checkpoint");
    byte[] whole = Files.readAllBytes(checkpoint);
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    byte[] newer = whole.clone();
    newer[3] = 99;
    for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, 1000), new byte[2], newer)) {
      Files.write(checkpoint, damaged);
      try (RunFolder run = RunFolder.resume(path)) {
        IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> run(run, 2, Progress.NONE, points));
        assertTrue(error.getMessage().startsWith("can't resume from " + checkpoint), "" + error);
      }
    }
  }

  private void assertSameResult(Path path) throws IOException {
    for (String file : List.of("supernet.safetensors", "phase-kernel.safetensors", "subnets.csv")) {
      assertArrayEquals(
          Files.readAllBytes(unbroken.resolve(file)), Files.readAllBytes(path.resolve(file)), file);
    }
    assertEquals(withoutSeconds(unbroken), withoutSeconds(path));
  }

  private static List<String> withoutSeconds(Path path) throws IOException {
    return Files.readAllLines(path.resolve("curves.csv")).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  /** Trains some steps and then stops, as asked to or by a fault that saves nothing. */
  private static void sitting(RunFolder run, int steps, boolean asked) throws IOException {
    AtomicInteger left = new AtomicInteger(steps);
    Progress stopping =
        (name, count) ->
            () -> {
              if (name.startsWith("phase") && left.decrementAndGet() == 0) {
                throw asked ? new CancellationException() : new IllegalStateException("died");
              }
            };
    run(run, 2, stopping, new ArrayList<>());
  }

  private static PretrainingSummary run(
      RunFolder folder, int threads, Progress progress, List<CurvePoint> points)
      throws IOException {
    RunPlan plan =
        Files.exists(folder.properties())
            ? RunPlan.read(folder.properties(), Map.of())
            : new RunPlan(
                "tiny",
                ProblemDefinition.FILES.load("tiny", Map.of()),
                "tiny-phases",
                NatAlgorithms.FILES.load("tiny-phases", Map.of()),
                SEED);
    Execution execution =
        new Execution(threads, "cpu", Path.of(System.getProperty("moeanat.cache")));
    PretrainingListener listener =
        new PretrainingListener() {
          @Override
          public void epoch(
              CurvePoint point, double epochs, Duration elapsed, Optional<Duration> remaining) {
            points.add(point);
          }
        };
    PretrainingRun run =
        new PretrainingRun(plan, folder, execution, progress, listener, InstantSource.system());
    PretrainingSummary summary = run.run();
    assertFalse(summary.subnets().isEmpty());
    return summary;
  }
}
