package io.github.moeanat.training;

import static io.github.moeanat.testing.Golden.difference;
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

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistillationTest {

  private SearchData data;

  @BeforeEach
  void load() throws IOException {
    data = Digits.data().search();
  }

  @Test
  void targetsAreTheWeightedSumOfLabelsAndProbabilities() {
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      NDArray labels = manager.create(new float[] {1, 0, 0, 0.25f, 0.5f, 0.25f}, new Shape(2, 3));
      float third = (float) Math.log(3);
      NDArray logits = manager.create(new float[] {0, third, 0, 5, 5, 5}, new Shape(2, 3));
      float[] targets =
          new Distillation(2, 0.5, Optional.empty()).targets(labels, logits).toFloatArray();
      assertArrayEquals(new float[] {2.1f, 0.3f, 0.1f, 2 / 3f, 1 + 1 / 6f, 2 / 3f}, targets, 1e-6f);
    }
  }

  @Test
  void aTeacherThatKnowsTheLabelsTeachesThem() {
    Teacher knowing = (shard, images) -> certain(images);
    String byLabels = trained(Distillation.NONE, 1);
    assertEquals(byLabels, trained(new Distillation(0, 1, Optional.of(knowing)), 1));
    assertNotEquals(byLabels, trained(new Distillation(1, 1, Optional.of(knowing)), 1));
  }

  // Probabilities of logits so far apart are exactly 0 and 1.
  private static NDArray certain(NDArray images) {
    float[] labels = oneHot(images);
    NDArray logits = images.getManager().create(labels, new Shape(labels.length / 10, 10));
    return logits.mul(images.getManager().create(1e4f));
  }

  // The first pixel of each image says what it is.
  private static float[] oneHot(NDArray images) {
    int count = (int) images.getShape().get(0);
    float[] pixels = images.toFloatArray();
    int each = pixels.length / count;
    float[] labels = new float[10 * count];
    for (int i = 0; i < count; i++) {
      labels[10 * i + Math.round(pixels[i * each])] = 1;
    }
    return labels;
  }

  @Test
  void theFirstSubnetOfAStepTeachesTheOthersOnly() {
    Distillation inPlace = new Distillation(0, 1, Optional.empty());
    // Alone it learns from labels.
    assertEquals(trainedOnDigits(Distillation.NONE, 1, 1), trainedOnDigits(inPlace, 1, 1));
    String two = trainedOnDigits(inPlace, 2, 1);
    assertNotEquals(trainedOnDigits(Distillation.NONE, 2, 1), two);
    assertEquals(two, trainedOnDigits(inPlace, 2, 2));
    assertEquals(two, trainedOnDigits(inPlace, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25})
  void whatTheFirstSubnetTeachesAreItsProbabilities(double labels) {
    Architecture leader = new Architecture(8, 0.25, drawn(0, 0).stages());
    Architecture follower = new Architecture(12, 0.25, drawn(0, 1).stages());
    float[][] judged = new float[2][];
    try (Supernet same = SmallSupernet.open()) {
      // From this one the leader, which has the smaller images, learns the labels, and the follower
      // what the leader thinks of them, by the other engine.
      Teacher knowing =
          (shard, images) -> {
            if (images.getShape().get(2) == follower.resolution()) {
              Shape shape = new Shape(judged[shard].length / 10, 10);
              return images.getManager().create(judged[shard], shape);
            }
            judged[shard] = same.forward(leader, images, BatchNorm.TRAINING).toFloatArray();
            return certain(images);
          };
      List<Architecture> both = List.of(leader, follower);
      float[] expected = moved(new Distillation(labels, 1 - labels, Optional.of(knowing)), both);
      float[] inPlace = moved(new Distillation(labels, 1 - labels, Optional.empty()), both);
      assertTrue(difference(expected, inPlace) < 1e-3);
      assertTrue(difference(expected, moved(Distillation.NONE, both)) > 0.1);
    }
  }

  /** Returns what one step adds to the parameters. */
  private static float[] moved(Distillation distillation, List<Architecture> subnets) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] pixels = new byte[24 * 64];
    int[] labels = new int[24];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(10);
      labels[i / 64] = i % 64 == 0 ? pixels[i] : labels[i / 64];
    }
    ImageSet images = new ImageSet(1, 8, 8, pixels, labels);
    try (Supernet supernet = SmallSupernet.open();
        NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet,
                new SearchData(10, images, images),
                ImageTransform.of(ImageTransform.Resize.NEAREST, 0, 1),
                Augmentation.NONE,
                training(24, subnets.size()),
                distillation,
                1)) {
      NDArray before = supernet.parameters().duplicate();
      before.attach(manager);
      trainer.train(0, 1, (step, i) -> subnets.get(i), RATE, 1, Progress.NONE);
      return supernet.parameters().sub(before).toFloatArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFrozenTeacherAnswersAsTheMeasuredSubnet(Engine.Kind engine) {
    Architecture largest = new ArchitectureSampler(Digits.SPACE).largest();
    Architecture small = new Architecture(24, largest.width(), largest.stages());
    int[] recalibration = IntStream.range(0, 100).toArray();
    int correct = 0;
    try (FrozenTeacher teacher =
            new FrozenTeacher(
                Digits.weights(),
                Digits.NETWORK,
                Digits.SPACE,
                List.of(24, 32),
                PyTorch.device("cpu"),
                engine,
                largest,
                data.train().select(recalibration),
                Digits.TRANSFORM,
                50,
                2,
                Progress.NONE);
        SupernetFamily supernets = SupernetFamily.of(Digits.supernet());
        SubnetEvaluator evaluator =
            new SubnetEvaluator(
                supernets,
                data,
                Digits.TRANSFORM,
                new EvaluationSettings(100, 50, 100, engine),
                recalibration,
                1);
        NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      int[] all = IntStream.range(0, data.validation().size()).toArray();
      float[] pixels = Digits.TRANSFORM.apply(data.validation(), all, 24);
      NDArray images = manager.create(pixels, new Shape(all.length, 3, 24, 24));
      long[] answers = teacher.logits(1, images).argMax(1).toLongArray();
      for (int image : all) {
        correct += answers[image] == data.validation().label(image) ? 1 : 0;
      }
      assertEquals(evaluator.evaluate(List.of(small), Progress.NONE).get(0).correct(), correct);
      assertThrows(
          IllegalArgumentException.class,
          () -> teacher.logits(0, manager.zeros(new Shape(2, 3, 8, 8))));
    }
  }

  @Test
  void nativeMemoryIsFlat() {
    try (Supernet supernet = SmallSupernet.open();
        FrozenTeacher teacher =
            new FrozenTeacher(
                supernet.toWeights(),
                NETWORK,
                SPACE,
                SPACE.resolutions(),
                PyTorch.device("cpu"),
                Engine.Kind.FUSED,
                new ArchitectureSampler(SPACE).largest(),
                data.train().select(IntStream.range(0, 40).toArray()),
                Digits.TRANSFORM,
                20,
                2,
                Progress.NONE)) {
      for (Distillation distillation :
          List.of(
              new Distillation(1, 1, Optional.of(teacher)),
              new Distillation(0, 1, Optional.empty()))) {
        try (SupernetTrainer trainer =
            new SupernetTrainer(
                supernet,
                data,
                Digits.TRANSFORM,
                Augmentation.NONE,
                training(24, 2),
                distillation,
                2)) {
          trainer.train(0, 3, SmallSupernet::drawn, RATE, 1, Progress.NONE);
          int ofSupernet = supernet.parameters().getManager().getManagedArrays().size();
          int ofTrainer = trainer.managedArrays();
          int ofTeacher = teacher.managedArrays();
          trainer.train(3, 20, SmallSupernet::drawn, RATE, 1, Progress.NONE);
          assertEquals(ofSupernet, supernet.parameters().getManager().getManagedArrays().size());
          assertEquals(ofTrainer, trainer.managedArrays());
          assertEquals(ofTeacher, teacher.managedArrays());
        }
      }
    }
  }

  @Test
  void weightsOfNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Distillation(0, 0, Optional.empty()));
    assertThrows(IllegalArgumentException.class, () -> new Distillation(-1, 2, Optional.empty()));
  }

  /** Trains on images whose first pixel is their label. */
  private static String trained(Distillation distillation, int workers) {
    byte[] pixels = new byte[100 * 64];
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      labels[i] = i % 10;
      pixels[64 * i] = (byte) (i % 10);
    }
    ImageSet images = new ImageSet(1, 8, 8, pixels, labels);
    return trained(
        new SearchData(10, images, images),
        ImageTransform.of(ImageTransform.Resize.NEAREST, 0, 1),
        distillation,
        1,
        workers);
  }

  private String trainedOnDigits(Distillation distillation, int subnets, int workers) {
    return trained(data, Digits.TRANSFORM, distillation, subnets, workers);
  }

  private static String trained(
      SearchData data,
      ImageTransform transform,
      Distillation distillation,
      int subnets,
      int workers) {
    TrainingSettings settings = training(24, subnets);
    try (Supernet supernet = SmallSupernet.open();
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet, data, transform, Augmentation.NONE, settings, distillation, workers)) {
      trainer.train(0, 3, (step, i) -> drawn(step, i), RATE, 1, Progress.NONE);
      return supernet.toWeights().hash();
    }
  }
}
