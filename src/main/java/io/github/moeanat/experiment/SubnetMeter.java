package io.github.moeanat.experiment;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.evaluation.TestEvaluator;
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
    SupernetSettings settings = definition.training();
    List<Accuracy> onValidation = onValidation(data, weights, architectures, progress);
    try (SupernetFamily supernets = open(weights);
        TestEvaluator test =
            new TestEvaluator(
                supernets,
                data.search(),
                data.test(),
                settings.transform(),
                settings.evaluation(),
                settings.recalibrationSeed(),
                execution.threads())) {
      List<Accuracy> onTest =
          test.evaluate(architectures, progress.named("measuring on test images"));
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
    SupernetSettings settings = definition.training();
    try (SupernetFamily supernets = open(weights);
        SubnetEvaluator validation =
            new SubnetEvaluator(
                supernets,
                data.search(),
                settings.transform(),
                settings.evaluation(),
                settings.recalibrationSeed(),
                execution.threads())) {
      return validation.evaluate(architectures, progress.named("measuring on validation images"));
    }
  }

  private SupernetFamily open(FamilyWeights weights) {
    return new SupernetFamily(
        weights, definition::network, definition.space(), PyTorch.device(execution.device()));
  }
}
