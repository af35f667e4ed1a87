package io.github.moeanat.experiment;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.evaluation.TestEvaluator;
import io.github.moeanat.internal.ClosingStack;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.SupernetSettings;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Measures chosen subnets for a report, on validation and on test images. */
public final class SubnetMeter {

  private static final String ON_VALIDATION = "measuring on validation images";
  private static final String ON_TEST = "measuring on test images";

  private final ProblemDefinition definition;
  private final Execution execution;

  /** Creates the meter of a problem. */
  public SubnetMeter(ProblemDefinition definition, Execution execution) {
    this.definition = definition;
    this.execution = execution;
  }

  /**
   * The two accuracies of a subnet.
   *
   * @param validation on the images that networks are chosen by
   * @param test on images that no search has seen
   */
  public record Accuracies(Accuracy validation, Accuracy test) {}

  /**
   * Measures subnets of supernets after BN recalibration.
   *
   * @throws IOException if the data set can't be read
   */
  public List<Accuracies> measure(
      FamilyWeights weights, List<Architecture> architectures, Progress progress)
      throws IOException {
    DataSet data = data(progress);
    List<Accuracy> onValidation = onValidation(data, weights, architectures, progress);
    try (SupernetFamily supernets = open(weights);
        TestEvaluator test = test(data, supernets)) {
      List<Accuracy> onTest = test.evaluate(architectures, progress.named(ON_TEST));
      return IntStream.range(0, architectures.size())
          .mapToObj(i -> new Accuracies(onValidation.get(i), onTest.get(i)))
          .toList();
    }
  }

  /**
   * Measures subnets as {@link #measure} does, but reads no test image.
   *
   * @throws IOException if the data set can't be read
   */
  public List<Accuracy> measureOnValidation(
      FamilyWeights weights, List<Architecture> architectures, Progress progress)
      throws IOException {
    return onValidation(data(progress), weights, architectures, progress);
  }

  // Whatever there is to warn of was said when the problem read its data.
  private DataSet data(Progress progress) throws IOException {
    return DataSets.load(
        definition.data(), execution.cache(), execution.threads(), progress.withoutWarnings());
  }

  private List<Accuracy> onValidation(
      DataSet data, FamilyWeights weights, List<Architecture> architectures, Progress progress) {
    long seed = definition.training().recalibrationSeed();
    try (SupernetFamily supernets = open(weights);
        SubnetEvaluator validation = validation(data, supernets, seed)) {
      return validation.evaluate(architectures, progress.named(ON_VALIDATION));
    }
  }

  /**
   * Opens supernets and images for measurements that come one after the other.
   *
   * @param recalibrationSeed decides which training images recalibrate
   * @param withTest whether test images are read
   * @throws IOException if the data set can't be read
   */
  public Session open(
      FamilyWeights weights, long recalibrationSeed, boolean withTest, Progress progress)
      throws IOException {
    DataSet data = data(progress);
    ClosingStack closing = new ClosingStack();
    boolean done = false;
    try {
      SupernetFamily supernets = open(weights);
      closing.push(supernets::close);
      SubnetEvaluator validation = validation(data, supernets, recalibrationSeed);
      closing.push(validation::close);
      TestEvaluator test = null;
      if (withTest) {
        test = test(data, supernets);
        closing.push(test::close);
      }
      done = true;
      return new Session(validation, test, closing);
    } finally {
      if (!done) {
        closing.close();
      }
    }
  }

  /** Opened supernets and images. */
  public static final class Session implements AutoCloseable {

    private final SubnetEvaluator validation;
    private final TestEvaluator test;
    private final ClosingStack closing;

    private Session(SubnetEvaluator validation, TestEvaluator test, ClosingStack closing) {
      this.validation = validation;
      this.test = test;
      this.closing = closing;
    }

    /** Measures subnets on validation images as {@link SubnetEvaluator#evaluate} does. */
    public List<Accuracy> onValidation(List<Architecture> architectures, Progress progress) {
      return validation.evaluate(architectures, progress.named(ON_VALIDATION));
    }

    /**
     * Measures subnets on test images as {@link TestEvaluator#evaluate} does.
     *
     * @throws IllegalStateException if the session was opened without them
     */
    public List<Accuracy> onTest(List<Architecture> architectures, Progress progress) {
      if (test == null) {
        throw new IllegalStateException("opened without test images");
      }
      return test.evaluate(architectures, progress.named(ON_TEST));
    }

    @Override
    public void close() {
      closing.close();
    }
  }

  private SubnetEvaluator validation(DataSet data, SupernetFamily supernets, long seed) {
    SupernetSettings settings = definition.training();
    return new SubnetEvaluator(
        supernets,
        data.search(),
        settings.transform(),
        settings.evaluation(),
        seed,
        execution.threads());
  }

  private TestEvaluator test(DataSet data, SupernetFamily supernets) {
    SupernetSettings settings = definition.training();
    return new TestEvaluator(
        supernets,
        data.search(),
        data.test(),
        settings.transform(),
        settings.evaluation(),
        settings.recalibrationSeed(),
        execution.threads());
  }

  private SupernetFamily open(FamilyWeights weights) {
    return new SupernetFamily(
        weights, definition::network, definition.space(), PyTorch.device(execution.device()));
  }
}
