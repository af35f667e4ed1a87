package io.github.moeanat.experiment;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.EvaluationSettings;
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
    // Whatever there is to warn of was said when the problem read its data.
    DataSet data =
        DataSets.load(
            definition.data(), execution.cache(), execution.threads(), progress.withoutWarnings());
    SupernetSettings settings = definition.training();
    ImageTransform transform = settings.transform();
    EvaluationSettings evaluation = settings.evaluation();
    long seed = settings.recalibrationSeed();
    int threads = execution.threads();
    try (SupernetFamily supernets =
            new SupernetFamily(
                weights,
                definition::network,
                definition.space(),
                PyTorch.device(execution.device()));
        SubnetEvaluator validation =
            new SubnetEvaluator(supernets, data.search(), transform, evaluation, seed, threads);
        TestEvaluator test =
            new TestEvaluator(
                supernets, data.search(), data.test(), transform, evaluation, seed, threads)) {
      List<Accuracy> onValidation =
          validation.evaluate(architectures, progress.named("measuring on validation images"));
      List<Accuracy> onTest =
          test.evaluate(architectures, progress.named("measuring on test images"));
      return IntStream.range(0, architectures.size())
          .mapToObj(i -> new Accuracies(onValidation.get(i), onTest.get(i)))
          .toList();
    }
  }
}
