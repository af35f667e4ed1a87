package io.github.moeanat.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.experiment.bench.Figure.Bar;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sections make of times that are given to them. */
class FiguresTest {

  @Test
  void measuringIsAddedUpForThePromisedImages() {
    // Seconds by image, of two subnets.
    List<SubnetTimer.Times> fused =
        List.of(times(0.1, 0.001, Map.of(100, 0.002)), times(0.2, 0.002, Map.of(100, 0.004)));
    List<SubnetTimer.Times> eager =
        List.of(
            times(0.1, 0.004, Map.of(8, 0.010, 32, 0.009, 100, 0.008)),
            times(0.1, 0.006, Map.of(8, 0.010, 32, 0.010, 100, 0.013)));
    MeasuringSection.Round round = MeasuringSection.Round.of(fused, eager);
    assertEquals(0.3 + 500 * 0.003 + 1000 * 0.006, round.fused(), 1e-9);
    assertEquals(32, round.bestBatch());
    assertEquals(0.2 + 500 * 0.010 + 1000 * 0.019, round.eager(32), 1e-9);
    assertEquals(0.2 + 500 * 0.010 + 1000 * 0.021, round.eager(100), 1e-9);
  }

  @Test
  void theEagerPathKeepsTheBatchThatWasBestInTheFirstRound() {
    BenchCase digits = BenchCase.of("digits");
    List<MeasuringSection.Round> rounds =
        List.of(
            new MeasuringSection.Round(1, 1, Map.of(8, 3.0, 32, 1.0, 100, 2.0)),
            new MeasuringSection.Round(1, 1, Map.of(32, 4.0)),
            new MeasuringSection.Round(2, 1, Map.of(32, 4.0)));
    Figure figure = MeasuringSection.figure(digits, rounds, 100, 60);
    assertEquals(2.5, figure.value(), "the median of 2, 5 and 2.5");
    assertEquals(">= 2.00: met", figure.judged());
    assertEquals("2.00 to 5.00", figure.details().get("range"));
    assertEquals(32, figure.details().get("eager_batch"));
    assertEquals(4.0, figure.details().get("eager_s_batch_8"));
    assertEquals(60, figure.details().get("validation_images"));
  }

  @Test
  void recalibrationIsDoneInWholeBatches() {
    assertEquals(500, MeasuringSection.recalibrationImages(1000));
    assertEquals(100, MeasuringSection.recalibrationImages(399));
    assertEquals(100, MeasuringSection.recalibrationImages(4));
  }

  @Test
  void trainingIsComparedRoundByRound() {
    List<TrainingSection.Round> rounds =
        List.of(
            new TrainingSection.Round(300, 500, 200),
            new TrainingSection.Round(100, 180, 100),
            new TrainingSection.Round(400, 700, 200));
    Figure ratio = TrainingSection.ratio("digits", rounds);
    assertEquals(1.5, ratio.value());
    assertTrue(ratio.bar().orElseThrow().isMetBy(ratio.value()));
    Figure speed = TrainingSection.speed("digits", "largest subnet", rounds);
    assertEquals("300 images/s", speed.measured());
    assertEquals("", speed.judged());
    assertEquals(500.0, speed.details().get("fused_2_workers_images_per_s"));
  }

  @Test
  void workersAreComparedWithProcessesOfTheSameRound() {
    List<WorkersSection.Round> rounds =
        List.of(new WorkersSection.Round(1, 1.8, 2), new WorkersSection.Round(0.5, 0.92, 1));
    Figure measuring = WorkersSection.figure("digits", WorkersSection.MEASURING, rounds);
    assertEquals(0.91, measuring.value(), 1e-12);
    assertEquals(">= 0.950: missed", measuring.judged());
    assertEquals(1.82, (Double) measuring.details().get("two_workers_over_one"), 1e-12);
    Figure training = WorkersSection.figure("digits", WorkersSection.TRAINING, rounds);
    assertEquals(">= 0.900: met", training.judged());
  }

  @Test
  void memoryIsJudgedInTheSecondHalf() {
    Figure flat = MemorySection.figure(500, List.of(300.0, 450.0, 500.0, 510.0, 505.0));
    assertEquals(510.0 / 500, flat.value());
    assertEquals("<= 1.05: met", flat.judged());
    assertEquals(300.0, flat.details().get("start_mb"));
    Figure growing = MemorySection.figure(500, List.of(300.0, 450.0, 500.0, 550.0));
    assertEquals("<= 1.05: missed", growing.judged());
    assertTrue(MemorySection.figure(100, List.of(300.0, 450.0, 500.0, 550.0)).bar().isEmpty());
  }

  @Test
  void peakIsAShareOfMatrixProducts() {
    Figure figure = PeakSection.figure(Engine.Kind.EAGER, 8, 10, 600_000_000, 0.1, 40e9);
    assertEquals(15, figure.value(), 1e-9);
    assertEquals("15.0 %", figure.measured());
    assertEquals(6.0, (Double) figure.details().get("g_madds_per_s"), 1e-9);
  }

  @Test
  void whatIsNoNumberKeepsToNoBar() {
    assertFalse(Bar.atLeast(1).isMetBy(Double.NaN));
    assertFalse(Bar.atMost(1).isMetBy(Double.NaN));
  }

  @Test
  void aReportIsReadByPrograms() {
    Figure ready = ReadySection.figure("candidates", List.of(20.0, 60.0, 70.0));
    Figure plain =
        new Figure(BenchSection.PEAK, "share", 12, "%", Optional.empty(), Map.of("batch", 8));
    BenchSettings settings =
        new BenchSettings(
            List.of(BenchSection.READY), List.of("digits"), 3, OptionalInt.empty(), 1, 40);
    Machine machine = new Machine("chip", 2, "system", "17", "engine");
    JsonObject json =
        JsonParser.parseString(
                new BenchReport(machine, OptionalDouble.empty(), settings, List.of(ready, plain))
                    .toJson())
            .getAsJsonObject();
    assertEquals("chip", json.getAsJsonObject("machine").get("processor").getAsString());
    assertTrue(json.get("load_average").isJsonNull());
    JsonObject first = json.getAsJsonArray("figures").get(0).getAsJsonObject();
    assertEquals("ready", first.get("section").getAsString());
    assertEquals(60, first.get("value").getAsDouble());
    assertEquals(50, first.get("bar").getAsDouble());
    assertFalse(first.get("met").getAsBoolean());
    JsonObject second = json.getAsJsonArray("figures").get(1).getAsJsonObject();
    assertTrue(second.get("bar").isJsonNull());
    assertEquals(8, second.getAsJsonObject("details").get("batch").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits", "cifar10"})
  void recordedIterationsAreThoseOfRealSearches(String problem) throws IOException {
    RecordedIteration iteration = RecordedIteration.of(problem);
    assertEquals(40, iteration.members().size());
    assertEquals(8, iteration.fresh().size());
    // Values as the file has them, whatever choices the problem has.
    List<Architecture> fresh = new ArrayList<>();
    List<String> rows = rows(problem);
    for (int i = 0; i < rows.size(); i++) {
      String[] cells = rows.get(i).split(",");
      Architecture member = iteration.members().get(i);
      assertEquals(Integer.parseInt(cells[1]), member.resolution());
      assertEquals(Double.parseDouble(cells[2]), member.width());
      for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
        assertEquals(cells[3 + stage], text(member.stages().get(stage)));
      }
      if (cells[0].equals("1")) {
        fresh.add(member);
      }
    }
    assertEquals(fresh, iteration.fresh());
  }

  private static List<String> rows(String problem) throws IOException {
    try (InputStream stream =
        RecordedIteration.class.getResourceAsStream(problem + "-iteration.csv")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.matches("[01],.*"))
          .toList();
    }
  }

  private static String text(List<Layer> layers) {
    return layers.stream()
        .map(layer -> layer.kernelSize() + "x" + layer.expandRatio())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,9,0.5,3x3 3x3 | resolution is 9, expected one of [8, 12]",
        "1,8,0.25,3x3 3x3 | width is 0.25, expected one of [0.5]",
        "1,8,0.5,9x3 3x3 | kernel size is 9, expected one of [3, 5, 7]",
        "1,8,0.5,3x5 3x3 | expand ratio is 5, expected one of [3, 4, 6]",
        "1,8,0.5,3x3 | the depth of stage 1 is 1, expected 2 to 4",
        "1,8,0.5,3 3 | a layer is '3', expected a kernel size, x and an expand ratio, as in 3x6",
        "2,8,0.5,3x3 3x3 | new is '2', expected 0 or 1"
      })
  void whatIsNotInTheSpaceIsNoMember(String beginning, String message) {
    String rest = ",3x3 3x3".repeat(4);
    String text =
        "# a comment\nnew,resolution,width,stage1,stage2,stage3,stage4,stage5\n"
            + ("0,12,0.5,3x3 3x3" + rest + "\n")
            + (beginning + rest + "\n");
    SearchSpace space = SearchSpace.nat(List.of(8, 12), List.of(0.5));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> RecordedIteration.read(new StringReader(text), "some.csv", space));
    assertTrue(refusal.getMessage().startsWith("some.csv: row 2, ["), refusal.getMessage());
    assertTrue(refusal.getMessage().endsWith("]: " + message), refusal.getMessage());
  }

  @Test
  void publishedSupernetsHaveTheLayersThatWereRecorded() {
    BenchCase published = BenchCase.of("w1.0-224");
    assertEquals(8, published.candidates().size());
    assertEquals(224, published.candidates().get(0).resolution());
    assertEquals(
        RecordedIteration.of("cifar10").fresh().get(0).stages(),
        published.candidates().get(0).stages());
    assertEquals(SearchSpace.nat(List.of(224), List.of(1.0)), published.space());
  }

  @ParameterizedTest
  @CsvSource({"digits, 1, 8, 10", "cifar10, 3, 32, 10", "cifar100-small, 3, 32, 100"})
  void casesHaveImagesLikeThoseOfTheirProblems(String name, int channels, int side, int classes) {
    SearchData data = BenchCase.of(name).data(4, 2);
    assertEquals(classes, data.classes());
    assertEquals(4, data.train().size());
    assertEquals(channels, data.validation().channels());
    assertEquals(side, data.validation().height(1));
    assertEquals(side, data.validation().width(1));
  }

  @Test
  void aCaseOfPretrainingHasNothingToMeasure() {
    BenchCase pretrained = BenchCase.of("cifar100-small");
    assertTrue(pretrained.trains());
    assertFalse(pretrained.measures());
    for (BenchSection section : List.of(BenchSection.MEASURING, BenchSection.WORKERS)) {
      BenchSettings settings =
          new BenchSettings(
              List.of(section), List.of("cifar100-small"), 1, OptionalInt.empty(), 1, 40);
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> new Bench(settings));
      assertTrue(
          refusal.getMessage().endsWith(" has no case cifar100-small; it has " + having(section)),
          refusal.getMessage());
    }
  }

  private static String having(BenchSection section) {
    return section == BenchSection.WORKERS
        ? "digits, cifar10"
        : "w1.0-224, w1.0-128, w1.0-32, digits, cifar10";
  }

  @Test
  void pretrainingIsToldWithOneWorkerAndWithTwo() {
    BenchCase.PretrainingPhase phase =
        new BenchCase.PretrainingPhase("one subnet", "some-recipe", "kernel");
    Figure figure =
        TrainingSection.pretraining(
            "digits",
            phase,
            List.of(
                new TrainingSection.PretrainingRound(90, 150),
                new TrainingSection.PretrainingRound(100, 190),
                new TrainingSection.PretrainingRound(110, 180)));
    assertEquals("pretraining step of some-recipe (one subnet), digits, 1 worker", figure.what());
    assertEquals("100 images/s", figure.measured());
    assertEquals("", figure.judged());
    assertEquals(180.0, figure.details().get("2_workers_images_per_s"));
  }

  private static SubnetTimer.Times times(
      double ready, double recalibration, Map<Integer, Double> validation) {
    return new SubnetTimer.Times(ready, recalibration, validation);
  }
}
