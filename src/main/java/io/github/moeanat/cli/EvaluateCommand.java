package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.data.DataSets;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.experiment.SubnetFile;
import io.github.moeanat.experiment.SubnetMeter;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Measures one subnet: {@code nat evaluate digits --subnet FILE}. */
final class EvaluateCommand implements Command {

  private static final String SUBNET = "subnet";
  private static final String WEIGHTS = "weights";
  private static final String WEIGHTS_KEY = "supernet.weights";

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String usage() {
    return "PROBLEM --subnet FILE [options]";
  }

  @Override
  public String summary() {
    return "measure one subnet: validation and test accuracy, MAdds, parameters";
  }

  @Override
  public Options options() {
    return CommonOptions.running()
        .addOption(
            CommonOptions.valued(
                SUBNET, "FILE", "the subnet: ks, e, d, r, w as JSON, or a net.config"))
        .addOption(
            CommonOptions.valued(
                WEIGHTS,
                "FILE[,FILE]",
                "a supernet's .safetensors or .pth for each width; the problem's own if absent"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    String name = invocation.problem();
    ProblemChoice choice = new ProblemChoice(name, overrides(invocation));
    choice.refuseOthers();
    ProblemDefinition definition = choice.definition();
    Path subnet =
        Path.of(
            invocation
                .value(SUBNET)
                .orElseThrow(() -> new IllegalArgumentException("missing --subnet FILE")));
    Architecture architecture = new SubnetFile(definition).read(subnet);
    DataSets.require(definition.data());
    Execution execution = invocation.execution();
    Progress progress = invocation.console().progress(invocation.cancellation());
    choice.fitToImages(execution, progress).forEach(invocation.console()::warning);
    definition = choice.definition();
    try (NatProblem problem = new NatProblem(definition, execution)) {
      problem.reportTo(progress);
      SubnetMeter.Accuracies accuracies =
          new SubnetMeter(definition, execution)
              .measure(problem.startWeights(), List.of(architecture), progress)
              .get(0);
      print(
          invocation,
          accuracies,
          definition.cost(architecture),
          problem.measuredLatency(architecture));
    }
  }

  private static Map<String, String> overrides(Invocation invocation) {
    Map<String, String> overrides = invocation.overrides();
    invocation.value(WEIGHTS).ifPresent(weights -> overrides.put(WEIGHTS_KEY, weights));
    return overrides;
  }

  private static void print(
      Invocation invocation,
      SubnetMeter.Accuracies accuracies,
      SubnetCost cost,
      Optional<Latency> measured) {
    double validation = accuracies.validation().share();
    double test = accuracies.test().share();
    if (invocation.has("json")) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("validation_accuracy", validation);
      json.put("test_accuracy", test);
      Metric.of(cost).forEach(metric -> json.put(metric.column(), metric.raw(cost)));
      measured.ifPresent(latency -> json.put(Metric.MEASURED_LATENCY.column(), latency.median()));
      invocation.console().result(new GsonBuilder().setPrettyPrinting().create().toJson(json));
    } else {
      invocation
          .console()
          .result(
              String.format(
                  Locale.ROOT,
                  "validation accuracy  %.2f %%  (%d of %d)%n"
                      + "test accuracy        %.2f %%  (%d of %d)%n"
                      + "multiply-adds        %.3f M  (as published %.3f M, NAT's counter %.3f M)%n"
                      + "parameters           %.3f M%n"
                      + "activation memory    %.3f MB%s%s",
                  100 * validation,
                  accuracies.validation().correct(),
                  accuracies.validation().images(),
                  100 * test,
                  accuracies.test().correct(),
                  accuracies.test().images(),
                  cost.madds() / 1e6,
                  cost.publishedMadds() / 1e6,
                  cost.natMadds() / 1e6,
                  cost.params() / 1e6,
                  cost.activationBytes() / 1e6,
                  cost.latency().isPresent()
                      ? String.format(
                          Locale.ROOT,
                          "%nlatency by table     %.3f ms",
                          cost.latency().getAsDouble())
                      : "",
                  measured
                      .map(
                          latency ->
                              String.format(
                                  Locale.ROOT,
                                  "%nmeasured latency     %.3f ms  (%.3f to %.3f)",
                                  latency.median(),
                                  latency.low(),
                                  latency.high()))
                      .orElse("")));
    }
  }
}
