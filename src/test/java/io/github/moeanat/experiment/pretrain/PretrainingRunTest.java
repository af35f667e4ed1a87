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
import io.github.moeanat.supernet.ChannelSorting;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Stopping;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
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
    List<CSVRecord> rows = table(unbroken);
    for (int i = 0; i < rows.size(); i++) {
      MeasuredSubnet subnet = summary.subnets().get(i);
      assertEquals(subnet.kind(), rows.get(i).get("subnet"));
      assertEquals("" + subnet.validation(), rows.get(i).get("validation_accuracy"));
      assertEquals("" + subnet.test().getAsDouble(), rows.get(i).get("test_accuracy"));
      assertEquals("" + subnet.cost().madds(), rows.get(i).get("madds"));
    }
    double expected =
        new SpearmansCorrelation()
            .correlation(column(rows, "madds"), column(rows, "test_accuracy"));
    assertEquals(expected, summary.rankCorrelation(), 1e-12);
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

  @Test
  void aRunGoesOnAsItBeganOrNotAtAll() throws IOException {
    Path path = folder.resolve("changed");
    // Five steps of the first phase, from whose subnet the second learns.
    try (RunFolder run = RunFolder.create(path)) {
      assertThrows(CancellationException.class, () -> sitting(run, 7, true));
    }
    Path properties = path.resolve("run.properties");
    String began = Files.readString(properties);
    assertTrue(began.contains("algorithm.momentum = 0.9\n"), began);
    Files.writeString(
        properties, began.replace("algorithm.momentum = 0.9", "algorithm.momentum = 0.5"));
    assertRefused(path, "algorithm.momentum is '0.5' now and was '0.9'");
    Files.writeString(
        properties, began.replace("algorithm.reportSubnets = 4", "algorithm.reportSubnets = 3"));
    Path teacher = path.resolve("phase-largest.safetensors");
    Path kept = path.resolve("kept");
    Files.move(teacher, kept);
    assertRefused(path, teacher + " is missing");
    Safetensors.write(Safetensors.read(unbroken.resolve("phase-all.safetensors")), teacher);
    assertRefused(path, teacher + " is not what phase largest left");
    Files.move(kept, teacher, StandardCopyOption.REPLACE_EXISTING);
    try (RunFolder run = RunFolder.resume(path)) {
      assertEquals(6, run(run, 2, Progress.NONE, new ArrayList<>()).subnets().size());
    }
  }

  private void assertRefused(Path path, String reason) throws IOException {
    try (RunFolder run = RunFolder.resume(path)) {
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> run(run, 2, Progress.NONE, points));
      assertTrue(error.getMessage().contains(reason), error.getMessage());
    }
  }

  private static List<CSVRecord> table(Path path) throws IOException {
    try (CSVParser parser =
        CSVParser.parse(
            path.resolve("subnets.csv"),
            StandardCharsets.UTF_8,
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).build())) {
      return parser.getRecords();
    }
  }

  private static double[] column(List<CSVRecord> rows, String name) {
    return rows.stream()
        .filter(row -> row.get("subnet").equals("random"))
        .mapToDouble(row -> Double.parseDouble(row.get(name)))
        .toArray();
  }

  @Test
  void testImagesCanBeLeftAlone() throws IOException {
    Path path = folder.resolve("validation");
    try (RunFolder run = RunFolder.create(path)) {
      PretrainingSummary one =
          run(
              run,
              plan(Map.of("reportTest", "false", "epochScale", "0.2")),
              InstantSource.system());
      assertTrue(one.subnets().stream().allMatch(subnet -> subnet.test().isEmpty()));
    }
    assertTrue(table(path).stream().allMatch(row -> row.get("test_accuracy").isEmpty()));
  }

  @Test
  void channelsAreSortedAmongThoseOfTheirRatio() throws IOException {
    // At such a rate nothing but the sorting changes a parameter.
    Path path = folder.resolve("sorted");
    Map<String, String> still =
        Map.of(
            "epochScale", "0.2",
            "phase.expand.learningRate", "1e-12",
            "phase.all.learningRate", "1e-12",
            "reportSubnets", "0");
    try (RunFolder run = RunFolder.create(path)) {
      run(run, plan(still), InstantSource.system());
    }
    Weights kernel = Safetensors.read(path.resolve("phase-kernel.safetensors"));
    Weights expand = Safetensors.read(path.resolve("phase-expand.safetensors"));
    Weights all = Safetensors.read(path.resolve("phase-all.safetensors"));
    ProblemDefinition tiny = definition();
    assertSameParameters(sorted(kernel, tiny, 0), expand, true);
    assertSameParameters(sorted(expand, tiny, 1), all, true);
    assertSameParameters(sorted(expand, tiny, 0), all, false);
  }

  private static Weights sorted(Weights weights, ProblemDefinition tiny, int stage) {
    return new ChannelSorting(tiny.network(0.25), tiny.space(), stage).sorted(weights);
  }

  private static void assertSameParameters(Weights expected, Weights actual, boolean same) {
    boolean equal =
        expected.names().stream()
            .filter(name -> name.endsWith("conv.weight"))
            .allMatch(name -> near(expected.values(name), actual.values(name)));
    assertEquals(same, equal);
  }

  private static boolean near(FloatBuffer expected, FloatBuffer actual) {
    boolean near = true;
    while (expected.hasRemaining()) {
      near &= Math.abs(expected.get() - actual.get()) < 1e-9;
    }
    return near;
  }

  @Test
  void aLastPartOfAnEpochWithoutAStepIsNoEpoch() throws IOException {
    // 1.01 times 17.1 steps are 17, as one epoch is.
    Path path = folder.resolve("part");
    try (RunFolder run = RunFolder.create(path)) {
      Map<String, String> longer = Map.of("phase.largest.epochs", "1.01", "reportSubnets", "0");
      run(run, plan(longer), InstantSource.system());
    }
    List<String> lines = Files.readAllLines(path.resolve("curves.csv"));
    assertEquals(1, lines.stream().filter(line -> line.startsWith("largest,")).count());
    assertFalse(lines.toString().contains("NaN"), lines.toString());
  }

  @Test
  void secondsAreThoseOfAllSittings() throws IOException {
    Path path = folder.resolve("clock");
    AtomicLong time = new AtomicLong();
    InstantSource clock = () -> Instant.ofEpochMilli(time.addAndGet(10_000));
    try (RunFolder run = RunFolder.create(path)) {
      Progress stopping = Stopping.after(12, PretrainingRunTest::isTraining);
      assertThrows(
          CancellationException.class,
          () ->
              new PretrainingRun(plan(Map.of()), run, execution(2), stopping, SILENT, clock).run());
    }
    double before = PretrainingState.read(path.resolve("checkpoint")).seconds();
    assertTrue(before >= 20, "" + before);
    time.addAndGet(1_000_000);
    List<Duration> left = new ArrayList<>();
    PretrainingListener listener = (point, epochs, elapsed, more) -> left.add(more.orElseThrow());
    try (RunFolder run = RunFolder.resume(path)) {
      new PretrainingRun(plan(Map.of()), run, execution(2), Progress.NONE, listener, clock).run();
    }
    for (int i = 1; i < left.size(); i++) {
      assertTrue(left.get(i).compareTo(left.get(i - 1)) < 0, "time left: " + left);
    }
    assertEquals(Duration.ZERO, left.get(left.size() - 1));
    double last = 0;
    for (CurvePoint point : PretrainingState.read(path.resolve("checkpoint")).curve()) {
      assertTrue(point.seconds() > last, last + " is followed by " + point.seconds());
      last = point.seconds();
    }
    assertTrue(last > before && last < 1000, "the pause between two sittings does not count");
  }

  @Test
  void imagesThatDoNotFitAreRefused() throws IOException {
    Path path = folder.resolve("images");
    try (RunFolder run = RunFolder.create(path)) {
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> run(run, plan(Map.of("batch", "2000")), InstantSource.system()));
      assertEquals(
          "-X: batch is 2000, the data set digits has 1097 training images", error.getMessage());
    }
    Path other = folder.resolve("other");
    try (RunFolder run = RunFolder.create(other)) {
      assertThrows(CancellationException.class, () -> sitting(run, 2, true));
      String text = Files.readString(run.properties());
      Files.writeString(
          run.properties(), text.replaceFirst("sha256.data = ....", "sha256.data = 0000"));
    }
    try (RunFolder run = RunFolder.resume(other)) {
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> run(run, 2, Progress.NONE, points));
      assertTrue(error.getMessage().contains("began with other images"), error.getMessage());
    }
  }

  @Test
  void aRunStoppedBeforeItsImagesWereReadIsResumed() throws IOException {
    Path path = folder.resolve("early");
    try (RunFolder run = RunFolder.create(path)) {
      new PretrainingProperties(run.properties(), plan(Map.of()), definition(), execution(2))
          .begin();
    }
    try (RunFolder run = RunFolder.resume(path)) {
      run(run, 2, Progress.NONE, new ArrayList<>());
    }
    assertSameResult(path);
  }

  private static ProblemDefinition definition() {
    return ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", Map.of()));
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
    Progress stopping =
        asked
            ? Stopping.after(steps, PretrainingRunTest::isTraining)
            : Stopping.dyingAfter(steps, PretrainingRunTest::isTraining);
    run(run, 2, stopping, new ArrayList<>());
  }

  private static final PretrainingListener SILENT = (point, epochs, elapsed, remaining) -> {};

  private static Execution execution(int threads) {
    return new Execution(threads, "cpu", Path.of(System.getProperty("moeanat.cache")));
  }

  private static boolean isTraining(String name) {
    return name.startsWith("phase");
  }

  private static RunPlan plan(Map<String, String> overrides) {
    return new RunPlan(
        "tiny",
        ProblemDefinition.FILES.load("tiny", Map.of()),
        "tiny-phases",
        NatAlgorithms.FILES.load("tiny-phases", overrides),
        SEED);
  }

  private static PretrainingSummary run(RunFolder folder, RunPlan plan, InstantSource clock)
      throws IOException {
    return new PretrainingRun(plan, folder, execution(2), Progress.NONE, SILENT, clock).run();
  }

  private static PretrainingSummary run(
      RunFolder folder, int threads, Progress progress, List<CurvePoint> points)
      throws IOException {
    RunPlan plan =
        Files.exists(folder.properties())
            ? RunPlan.read(folder.properties(), Map.of())
            : plan(Map.of());
    PretrainingListener listener = (point, epochs, elapsed, remaining) -> points.add(point);
    return new PretrainingRun(
            plan, folder, execution(threads), progress, listener, InstantSource.system())
        .run();
  }
}
