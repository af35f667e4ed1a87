package io.github.moeanat.supernet;

import static io.github.moeanat.testing.Golden.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engines against each other, on a trained supernet. */
class EngineTest {

  private static final double LOGITS = 1e-4;
  private static final double STATISTICS = 1e-5;
  private static final double STEP = 1e-4;
  private static final float RATE = 0.05f;

  private NDManager manager;

  @BeforeEach
  void open() {
    PyTorch.enterThread(true);
    manager = PyTorch.newManager(PyTorch.device("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
    PyTorch.enterThread(false);
  }

  @ParameterizedTest
  @EnumSource
  void statisticsAndLogitsAgree(MobileNetV3.Activations activations) {
    MobileNetV3 network = new MobileNetV3(0.25, 2, 10, activations);
    NDArray images = noise(9, 32);
    List<NDArray> batches = List.of(noise(37, 32), noise(20, 32));
    try (Supernet supernet = supernet(network);
        Engine eager = Engine.Kind.EAGER.open(manager);
        Engine fused = Engine.Kind.FUSED.open(manager)) {
      for (Architecture architecture : architectures(6)) {
        try (Subnet expected = supernet.extract(architecture);
            Subnet actual = supernet.extract(architecture)) {
          assertNear(logits(eager, expected, images), logits(fused, actual, images), LOGITS);
          eager.recalibrate(expected, batches);
          fused.recalibrate(actual, batches);
          assertStatisticsNear(expected.toWeights(), actual.toWeights());
          assertNear(logits(eager, expected, images), logits(fused, actual, images), LOGITS);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {12212, 11121, 22222})
  void theStridesOfTheStagesAreKeptByBoth(int digits) {
    List<Integer> strides =
        String.valueOf(digits).chars().map(digit -> digit - '0').boxed().toList();
    MobileNetV3 network = new MobileNetV3(0.25, 1, strides, 10, MobileNetV3.Activations.DEFAULT);
    NDArray images = noise(24, 16);
    try (Supernet supernet = supernet(network);
        Supernet smooth =
            supernet(new MobileNetV3(0.25, 1, strides, 10, MobileNetV3.Activations.MISH));
        Supernet ofas = supernet(new MobileNetV3(0.25, 1, 10));
        Engine eager = Engine.Kind.EAGER.open(manager);
        Engine fused = Engine.Kind.FUSED.open(manager)) {
      for (Architecture architecture : architectures(3)) {
        try (Subnet expected = supernet.extract(architecture);
            Subnet actual = supernet.extract(architecture);
            Subnet other = ofas.extract(architecture)) {
          eager.recalibrate(expected, List.of(images));
          fused.recalibrate(actual, List.of(images));
          assertStatisticsNear(expected.toWeights(), actual.toWeights());
          NDArray logits = logits(eager, expected, images);
          assertNear(logits, logits(fused, actual, images), LOGITS);
          eager.recalibrate(other, List.of(images));
          assertTrue(
              difference(logits.toFloatArray(), logits(eager, other, images).toFloatArray())
                  > 100 * LOGITS);
        }
        // Smooth but for its gates: an element at the bend of a ReLU, that rounding puts on one
        // side or the other, moves a gradient by up to 1.4e-4 here. With Mish all agree within
        // 4e-6.
        requireEqualSteps(
            smooth,
            step(eager, smooth, architecture, images),
            step(fused, smooth, architecture, images));
      }
    }
  }

  @Test
  void subnetsAreTakenOutTheSame() {
    for (double width : new double[] {0.25, 1.0}) {
      MobileNetV3 network = new MobileNetV3(width, 2, 10);
      SearchSpace space = SearchSpace.nat(List.of(32), List.of(width));
      try (Supernet supernet =
              new Supernet(
                  Weights.initial(network, space, 3), network, space, PyTorch.device("cpu"));
          Engine fused = Engine.Kind.FUSED.open(manager)) {
        for (Architecture architecture : architectures(space, 3)) {
          try (Subnet expected = supernet.extract(architecture);
              Subnet actual = fused.extract(supernet, architecture)) {
            Weights weights = actual.toWeights();
            Weights reference = expected.toWeights();
            for (String name : reference.names()) {
              if (!reference.isCounter(name)) {
                double difference =
                    difference(Golden.values(reference, name), Golden.values(weights, name));
                // Transformed filters are matrix products.
                double bound = name.endsWith("depth_conv.conv.weight") ? 1e-6 : 0;
                assertTrue(difference <= bound, () -> name + " differs by " + difference);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void howManyImagesRunTogetherIsOfNoAccount() {
    // 32 px are one part, 224 px are many.
    Architecture largest = new ArchitectureSampler(Digits.SPACE).largest();
    Architecture wide = new Architecture(224, 0.25, largest.stages());
    MobileNetV3 network = new MobileNetV3(0.25, 1, 10);
    try (Supernet supernet = supernet(network);
        Engine eager = Engine.Kind.EAGER.open(manager);
        Engine fused = Engine.Kind.FUSED.open(manager);
        Subnet expected = supernet.extract(wide);
        Subnet actual = supernet.extract(wide)) {
      assertEquals(1, MicroBatch.of(network, supernet.blocks(wide), 224));
      List<NDArray> batch = List.of(noise(3, 224));
      eager.recalibrate(expected, batch);
      fused.recalibrate(actual, batch);
      assertNear(
          logits(eager, expected, batch.get(0)), logits(fused, actual, batch.get(0)), LOGITS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTrainingStepAgrees(MobileNetV3.Activations activations) {
    assertStepsAgree(new MobileNetV3(0.25, 1, 10, activations), noise(24, 16), 4);
  }

  @ParameterizedTest
  @CsvSource({"50, 20", "9, 36", "6, 8"})
  void aTrainingStepAgreesAtAnySize(int count, int side) {
    // Filters are differentiated a few images at a time; maps have odd sides and one pixel, too.
    assertStepsAgree(new MobileNetV3(0.25, 1, 10), noise(count, side), 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 0.5})
  void aTrainingStepAgreesOnSoftTargetsOfWhateverSum(double sum) {
    // As with a teacher beside the labels, or one with half the weight of the labels.
    MobileNetV3 network = new MobileNetV3(0.25, 1, 10, MobileNetV3.Activations.MISH);
    assertStepsAgree(network, noise(24, 16), soft(24, sum), 2);
  }

  /** Returns targets {@code [N, 10]}, all different and none zero. */
  private static float[] soft(int count, double sum) {
    SplittableRandom random = new SplittableRandom(7);
    float[] targets = new float[10 * count];
    for (int row = 0; row < count; row++) {
      double[] shares = random.doubles(10, 0.01, 1).toArray();
      shares[row % 10] += 3;
      double all = Arrays.stream(shares).sum();
      for (int c = 0; c < 10; c++) {
        targets[10 * row + c] = (float) (sum * shares[c] / all);
      }
    }
    return targets;
  }

  private void assertStepsAgree(MobileNetV3 network, NDArray images, int random) {
    assertStepsAgree(network, images, oneHot((int) images.getShape().get(0)), random);
  }

  private void assertStepsAgree(MobileNetV3 network, NDArray images, float[] targets, int random) {
    try (Supernet supernet = supernet(network);
        Engine eager = Engine.Kind.EAGER.open(manager);
        Engine fused = Engine.Kind.FUSED.open(manager)) {
      for (Architecture architecture : architectures(random)) {
        requireEqualSteps(
            supernet,
            step(eager, supernet, architecture, images, targets),
            step(fused, supernet, architecture, images, targets));
      }
    }
  }

  private static void requireEqualSteps(Supernet supernet, Step expected, Step actual) {
    assertEquals(expected.loss(), actual.loss(), 1e-5 * Math.abs(expected.loss()));
    // Some gradients are nothing but rounding: a bias before a normalisation is taken out by it.
    double furthest = furthest(supernet.toWeights(), expected.parameters());
    for (String name : expected.parameters().names()) {
      double difference =
          difference(
              Golden.values(expected.parameters(), name),
              Golden.values(actual.parameters(), name),
              furthest);
      assertTrue(difference <= STEP, () -> name + " differs by " + difference);
    }
    assertNear(expected.statistics(), actual.statistics(), STATISTICS);
  }

  @Test
  void aRepeatedStepIsTheSameToTheBit() {
    NDArray images = noise(24, 16);
    Architecture largest = new ArchitectureSampler(Digits.SPACE).largest();
    try (Supernet supernet = supernet(new MobileNetV3(0.25, 1, 10));
        Engine fused = Engine.Kind.FUSED.open(manager)) {
      Step first = step(fused, supernet, largest, images);
      for (int i = 0; i < 5; i++) {
        Step again = step(fused, supernet, largest, images);
        assertEquals(first.parameters().hash(), again.parameters().hash());
        assertEquals(first.statistics(), again.statistics());
      }
    }
  }

  private record Step(double loss, Weights parameters, NDArray statistics) {}

  private static float[] oneHot(int count) {
    float[] targets = new float[10 * count];
    for (int i = 0; i < count; i++) {
      targets[10 * i + i % 10] = 1;
    }
    return targets;
  }

  private Step step(Engine engine, Supernet supernet, Architecture architecture, NDArray images) {
    return step(engine, supernet, architecture, images, oneHot((int) images.getShape().get(0)));
  }

  private Step step(
      Engine engine,
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      float[] targets) {
    int count = (int) images.getShape().get(0);
    try (NDManager scope = manager.newSubManager()) {
      NDArray gradient = scope.zeros(supernet.parameters().getShape());
      NDArray statistics = supernet.statistics().duplicate();
      statistics.attach(manager);
      Engine.Pass pass =
          engine.differentiate(
              supernet,
              architecture,
              PyTorch.alias(images, scope),
              scope.create(targets, new Shape(count, 10)),
              1f / count,
              statistics,
              gradient);
      NDArray moved = PyTorch.alias(supernet.parameters(), scope).sub(gradient.mul(RATE));
      return new Step(pass.loss(), supernet.named(moved), statistics);
    }
  }

  /** Means are compared with the spread of what they are the mean of: many are all but zero. */
  private static void assertStatisticsNear(Weights expected, Weights actual) {
    for (String mean : expected.names()) {
      if (mean.endsWith(".running_mean")) {
        String variance = mean.replace(".running_mean", ".running_var");
        float[] variances = Golden.values(expected, variance);
        double spread = 0;
        for (float value : variances) {
          spread = Math.max(spread, Math.sqrt(value));
        }
        double ofVariance = difference(variances, Golden.values(actual, variance));
        double ofMean =
            difference(Golden.values(expected, mean), Golden.values(actual, mean), spread);
        assertTrue(ofVariance <= STATISTICS, () -> variance + " differs by " + ofVariance);
        assertTrue(ofMean <= STATISTICS, () -> mean + " differs by " + ofMean);
      }
    }
  }

  private static double furthest(Weights before, Weights after) {
    double furthest = 0;
    for (String name : after.names()) {
      float[] from = Golden.values(before, name);
      float[] to = Golden.values(after, name);
      for (int i = 0; i < from.length; i++) {
        furthest = Math.max(furthest, Math.abs(to[i] - from[i]));
      }
    }
    return furthest;
  }

  private static NDArray logits(Engine engine, Subnet subnet, NDArray images) {
    try (Engine.Inference inference = engine.prepare(subnet)) {
      return inference.logits(images);
    }
  }

  private static void assertNear(NDArray expected, NDArray actual, double tolerance) {
    double difference = difference(expected.toFloatArray(), actual.toFloatArray());
    assertTrue(difference <= tolerance, () -> "differs by " + difference);
  }

  private static Supernet supernet(MobileNetV3 network) {
    return new Supernet(Digits.weights(), network, Digits.SPACE, PyTorch.device("cpu"));
  }

  private static List<Architecture> architectures(int random) {
    return architectures(Digits.SPACE, random);
  }

  private static List<Architecture> architectures(SearchSpace space, int random) {
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    List<Architecture> architectures = new ArrayList<>();
    architectures.add(sampler.smallest());
    architectures.add(sampler.largest());
    SplittableRandom generator = new SplittableRandom(5);
    for (int i = 0; i < random; i++) {
      architectures.add(sampler.sample(generator));
    }
    return architectures;
  }

  private NDArray noise(int images, int side) {
    return manager.create(Golden.noise(images * 3 * side * side), new Shape(images, 3, side, side));
  }
}
