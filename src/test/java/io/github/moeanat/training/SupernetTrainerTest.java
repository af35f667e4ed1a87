package io.github.moeanat.training;

import static io.github.moeanat.training.SmallSupernet.NETWORK;
import static io.github.moeanat.training.SmallSupernet.RATE;
import static io.github.moeanat.training.SmallSupernet.SPACE;
import static io.github.moeanat.training.SmallSupernet.drawn;
import static io.github.moeanat.training.SmallSupernet.training;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SupernetTrainerTest {

  private SearchData data;

  @BeforeEach
  void load() throws IOException {
    data = Digits.data().search();
  }

  @Test
  void weightsDoNotDependOnTheNumberOfWorkers() {
    TrainingSettings settings = training(32, 2, 3, 1, 0.1);
    String one = trained(settings, 1, 6);
    assertEquals(one, trained(settings, 2, 6));
    assertEquals(one, trained(settings, 3, 6));
    assertNotEquals(one, trained(training(32, 2, 2, 1, 0.1), 2, 6));
  }

  @Test
  void garbageCollectionDoesNotReachTheGraph() throws InterruptedException {
    TrainingSettings settings = TrainingSettings.nat(32);
    String quiet = trained(settings, 2, 8);
    AtomicBoolean done = new AtomicBoolean();
    Thread collector =
        new Thread(
            () -> {
              while (!done.get()) {
                System.gc();
                // Memory given back is soon someone else's.
                for (int i = 0; i < 200; i++) {
                  ByteBuffer.allocateDirect(4).putFloat(Float.NaN);
                }
              }
            });
    collector.start();
    try {
      assertEquals(quiet, trained(settings, 2, 8));
    } finally {
      done.set(true);
      collector.join();
    }
  }

  @Test
  void momentumGoesThroughTheHeap() {
    TrainingSettings settings = TrainingSettings.nat(16);
    try (Supernet whole = SmallSupernet.open();
        Supernet halves = SmallSupernet.open()) {
      Weights momentum;
      try (SupernetTrainer trainer = trainer(halves, settings, 1)) {
        trainer.train(0, 2, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
        momentum = trainer.momentum();
      }
      try (SupernetTrainer trainer = trainer(halves, settings, 1)) {
        trainer.restore(momentum);
        trainer.train(0, 2, (step, i) -> drawn(step, i), RATE, 2, Progress.NONE);
      }
      try (SupernetTrainer trainer = trainer(whole, settings, 1)) {
        trainer.train(0, 2, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
        trainer.train(0, 2, (step, i) -> drawn(step, i), RATE, 2, Progress.NONE);
      }
      assertEquals(whole.toWeights().hash(), halves.toWeights().hash());
    }
  }

  @Test
  void lossFalls() {
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, TrainingSettings.nat(64), 2)) {
      Architecture smallest = new ArchitectureSampler(SPACE).smallest();
      LearningRate rate = LearningRate.constant(0.05);
      double first = trainer.train(0, 10, (step, i) -> smallest, rate, 1, Progress.NONE);
      trainer.train(0, 60, (step, i) -> smallest, rate, 2, Progress.NONE);
      double last = trainer.train(0, 10, (step, i) -> smallest, rate, 3, Progress.NONE);
      assertTrue(last < 0.7 * first, first + " became " + last);
    }
  }

  @Test
  void clippingBoundsTheStep() {
    TrainingSettings settings =
        new TrainingSettings(16, 0, 0, true, 0, 1e-3, 1, 1, 0, Engine.Kind.FUSED);
    try (Supernet supernet = SmallSupernet.open();
        NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        SupernetTrainer trainer = trainer(supernet, settings, 1)) {
      var before = supernet.parameters().duplicate();
      before.attach(manager);
      trainer.train(
          0, 1, (step, i) -> drawn(step, i), LearningRate.constant(100), 1, Progress.NONE);
      assertEquals(0.1, supernet.parameters().sub(before).norm().getFloat(), 1e-4);
    }
  }

  @Test
  void cancellingLeavesWholeSteps() {
    TrainingSettings settings = TrainingSettings.nat(16);
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, settings, 2)) {
      int[] steps = {0};
      Progress stopping =
          (name, total) ->
              () -> {
                if (++steps[0] == 3) {
                  throw new CancellationException("enough");
                }
              };
      assertThrows(
          CancellationException.class,
          () -> trainer.train(0, 9, (step, i) -> drawn(step, i), RATE, 1, stopping));
      assertEquals(trained(settings, 1, 3), supernet.toWeights().hash());
    }
  }

  @Test
  void lossThatIsNotFiniteChangesNothing() {
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, training(16, 2), 1)) {
      supernet.parameters().muli(Float.NaN);
      String before = supernet.toWeights().hash();
      Architecture largest = new ArchitectureSampler(SPACE).largest();
      Architecture smallest = new ArchitectureSampler(SPACE).smallest();
      ArithmeticException diverged =
          assertThrows(
              ArithmeticException.class,
              () ->
                  trainer.train(
                      41, 1, (step, i) -> i == 0 ? largest : smallest, RATE, 1, Progress.NONE));
      assertEquals(
          "the loss is NaN in step 42 at learning rate 0.01, on subnets [12 px 4-4-4-4-4 deep,"
              + " 8 px 2-2-2-2-2 deep]; begin anew with a lower learning rate or with"
              + " gradientClip, for a resumed run ends here again",
          diverged.getMessage());
      assertEquals(before, supernet.toWeights().hash());
    }
  }

  private static final Augmentation EVERYTHING =
      new Augmentation(0.3, 0.5, 2, 9, 0.5, 0.25, 0.5, 1);

  @Test
  void normsAndBiasesAreSparedFromDecayIfAskedTo() {
    // Without momentum a step differs by rate times decay times parameter, where there is decay.
    double decay = 0.5;
    Weights all = afterAStep(decay, true);
    Weights spared = afterAStep(decay, false);
    int decayed = 0;
    Weights before = Weights.initial(NETWORK, SPACE, 1);
    for (String name : spared.names()) {
      if (spared.isCounter(name) || name.contains("running")) {
        continue;
      }
      boolean filters = spared.shape(name).size() > 1;
      FloatBuffer start = before.values(name);
      for (int i = 0; i < start.remaining(); i++) {
        double expected = filters ? 0 : -0.01 * decay * start.get(i);
        double difference = all.values(name).get(i) - spared.values(name).get(i);
        assertEquals(expected, difference, 1e-6, name);
        decayed += expected != 0 ? 1 : 0;
      }
    }
    assertTrue(decayed > 100, decayed + " scales decay");
    assertNotEquals(afterAStep(0, false).hash(), spared.hash());
  }

  private Weights afterAStep(double decay, boolean norms) {
    TrainingSettings settings =
        new TrainingSettings(16, 0, decay, norms, 0, 0, 1, 1, 0, Engine.Kind.FUSED);
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, settings, 1)) {
      Architecture largest = new ArchitectureSampler(SPACE).largest();
      trainer.train(0, 1, (step, i) -> largest, RATE, 1, Progress.NONE);
      return supernet.toWeights();
    }
  }

  @Test
  void theRateRisesInEqualPartsBeforeTheScheduleBegins() {
    LearningRate cosine = LearningRate.cosine(0.8, 0, 1, 10);
    LearningRate rate = LearningRate.warmUp(4, cosine);
    assertEquals(0.2, rate.at(0), 1e-12);
    assertEquals(0.6, rate.at(2), 1e-12);
    assertEquals(0.8, rate.at(3), 1e-12);
    assertEquals(cosine.at(0), rate.at(4));
    assertEquals(cosine.at(7), rate.at(11));
    assertEquals(cosine.at(3), LearningRate.warmUp(0, cosine).at(3));
  }

  @Test
  void nativeMemoryIsFlat() {
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, TrainingSettings.nat(16), 2)) {
      trainer.train(0, 3, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
      int before = supernet.parameters().getManager().getManagedArrays().size();
      trainer.train(0, 20, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
      assertEquals(before, supernet.parameters().getManager().getManagedArrays().size());
      // The momentum, and how much of each parameter decays.
      assertEquals(2, trainer.managedArrays());
    }
  }

  @Test
  void everyImageIsSeenOnceAnEpoch() {
    int size = data.train().size();
    BatchOrder order =
        new BatchOrder(data.train(), Digits.TRANSFORM, Augmentation.NONE, size, 0, 7);
    double sum = sum(batch(Augmentation.NONE, range(size)));
    assertEquals(sum, sum(order.at(0)), 1e-6 * Math.abs(sum));
    assertEquals(sum, sum(order.at(5)), 1e-6 * Math.abs(sum));
  }

  @Test
  void augmentedTrainingDoesNotDependOnTheNumberOfWorkers() {
    List<String> hashes = new ArrayList<>();
    for (int workers : new int[] {1, 2, 3}) {
      try (Supernet supernet = SmallSupernet.open();
          SupernetTrainer trainer =
              new SupernetTrainer(
                  supernet,
                  data,
                  Digits.TRANSFORM,
                  EVERYTHING,
                  training(16, 1, 3, 1, 0),
                  workers)) {
        trainer.train(0, 4, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
        hashes.add(supernet.toWeights().hash());
      }
    }
    assertEquals(hashes.get(0), hashes.get(1));
    assertEquals(hashes.get(0), hashes.get(2));
    assertNotEquals(hashes.get(0), trained(training(16, 1, 3, 0, 0), 1, 4));
  }

  @Test
  void shardsOfAnAugmentedBatchAreThoseOfTheWhole() {
    Batch whole = batch(EVERYTHING, range(10));
    float[] pixels = whole.pixels(12);
    float[] targets = whole.targets(12, 10, 0.1);
    int image = 0;
    for (int i = 0; i < 3; i++) {
      Batch shard = whole.shard(i, 3);
      int size = 3 * 12 * 12;
      assertArrayEquals(
          Arrays.copyOfRange(pixels, image * size, (image + shard.size()) * size),
          shard.pixels(12));
      assertArrayEquals(
          Arrays.copyOfRange(targets, image * 10, (image + shard.size()) * 10),
          shard.targets(12, 10, 0.1));
      image += shard.size();
    }
    assertEquals(10, image);
  }

  @Test
  void cutMixMovesPixelsAndTargetsAlike() {
    Augmentation always = new Augmentation(1, 0, 0, 9, 0.5, 0, 1, 1);
    int[] images = range(200);
    Batch plain = batch(Augmentation.NONE, images);
    Batch mixed = batch(always, images);
    int side = 40;
    float[] before = plain.pixels(side);
    float[] after = mixed.pixels(side);
    float[] targets = mixed.targets(side, 10, 0);
    double kept = 0;
    for (int i = 0; i < images.length; i++) {
      double sum = 0;
      for (int c = 0; c < 10; c++) {
        sum += targets[i * 10 + c];
      }
      assertEquals(1, sum, 1e-5);
      int same = 0;
      for (int p = 0; p < side * side; p++) {
        int place = i * 3 * side * side + p;
        same += before[place] == after[place] ? 1 : 0;
      }
      double own = targets[i * 10 + data.train().label(images[i])];
      // What is alike by chance, and a partner of the same class, only add.
      assertTrue(same >= Math.round(own * side * side) || own == 1, own + " " + same);
      kept += own;
    }
    // With a box of area u, uniform in [0, 1], before it is clipped, each of its sides is
    // sqrt(u) - u/4 in the mean; that leaves 0.679, and a tenth of the partners have the same
    // class.
    assertEquals(0.679 + 0.032, kept / images.length, 0.05);
  }

  private ImageBatch batch(Augmentation augmentation, int[] images) {
    return new ImageBatch(
        new ImageBatch.Source(data.train(), Digits.TRANSFORM, augmentation, new Seeds(7)),
        5,
        images,
        new int[2 * images.length]);
  }

  private static double sum(Batch batch) {
    double sum = 0;
    for (float value : batch.pixels(8)) {
      sum += value;
    }
    return sum;
  }

  private static int[] range(int size) {
    return IntStream.range(0, size).toArray();
  }

  private String trained(TrainingSettings settings, int workers, long steps) {
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer = trainer(supernet, settings, workers)) {
      trainer.train(0, steps, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
      return supernet.toWeights().hash();
    }
  }

  private SupernetTrainer trainer(Supernet supernet, TrainingSettings settings, int workers) {
    return new SupernetTrainer(
        supernet, data, Digits.TRANSFORM, Augmentation.NONE, settings, workers);
  }
}
