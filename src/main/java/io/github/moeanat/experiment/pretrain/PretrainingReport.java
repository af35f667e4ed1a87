package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.experiment.Charts;
import io.github.moeanat.experiment.Charts.Point;
import io.github.moeanat.experiment.Csv;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.experiment.SubnetMeter;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** What a pretraining leaves: the supernet, and how good its subnets are. */
final class PretrainingReport {

  private static final String RANDOM = "random";
  private static final int MOST_TRIES = 100;

  private final RunPlan plan;
  private final ProblemDefinition definition;
  private final Recipe recipe;
  private final RunFolder folder;
  private final Execution execution;
  private final String title;

  /**
   * Creates a report.
   *
   * @param title of its chart
   */
  PretrainingReport(
      RunPlan plan,
      ProblemDefinition definition,
      Recipe recipe,
      RunFolder folder,
      Execution execution,
      String title) {
    this.plan = plan;
    this.definition = definition;
    this.recipe = recipe;
    this.folder = folder;
    this.execution = execution;
    this.title = title;
  }

  /**
   * Measures subnets of the trained supernet and writes all files.
   *
   * @param steps training steps of all phases
   * @param metadata what the file of the supernet says of itself
   */
  PretrainingSummary write(
      PretrainingState state, long steps, Map<String, String> metadata, Progress progress)
      throws IOException {
    double width = definition.space().widths().get(0);
    Path file = folder.supernets(List.of(width)).get(0);
    store(state.weights(), metadata, file);
    // What is stored is measured, rounded as it is.
    Weights stored = Safetensors.read(file);
    List<MeasuredSubnet> subnets = measure(FamilyWeights.of(width, stored), progress);
    writeTable(subnets);
    writeSubnetsChart(subnets);
    return new PretrainingSummary(
        folder.path(),
        plan.seed(),
        steps,
        Duration.ofMillis(Math.round(1000 * state.seconds())),
        subnets,
        rankCorrelation(subnets));
  }

  private void store(Weights weights, Map<String, String> metadata, Path file) throws IOException {
    try {
      Safetensors.writeHalf(weights, metadata, file);
    } catch (IllegalArgumentException e) {
      String last = recipe.phases().get(recipe.phases().size() - 1).name();
      throw new IOException(
          "can't write %s in 16 bits: %s; %s has the supernet in 32"
              .formatted(file, e.getMessage(), folder.phase(last)),
          e);
    }
  }

  private List<MeasuredSubnet> measure(FamilyWeights weights, Progress progress)
      throws IOException {
    ArchitectureSampler sampler = new ArchitectureSampler(definition.space());
    List<Architecture> architectures =
        new ArrayList<>(List.of(sampler.smallest(), sampler.middle(), sampler.largest()));
    List<String> kinds = new ArrayList<>(List.of("smallest", "middle", "largest"));
    for (Architecture random : random(sampler)) {
      architectures.add(random);
      kinds.add(RANDOM);
    }
    SubnetMeter meter = new SubnetMeter(definition, execution);
    List<MeasuredSubnet> subnets = new ArrayList<>();
    if (recipe.reportTest()) {
      for (SubnetMeter.Accuracies both : meter.measure(weights, architectures, progress)) {
        int i = subnets.size();
        OptionalDouble test = OptionalDouble.of(both.test().share());
        subnets.add(subnet(kinds.get(i), architectures.get(i), both.validation(), test));
      }
    } else {
      for (Accuracy one : meter.measureOnValidation(weights, architectures, progress)) {
        int i = subnets.size();
        subnets.add(subnet(kinds.get(i), architectures.get(i), one, OptionalDouble.empty()));
      }
    }
    return subnets;
  }

  private MeasuredSubnet subnet(
      String kind, Architecture architecture, Accuracy validation, OptionalDouble test) {
    return new MeasuredSubnet(
        kind, architecture, definition.cost(architecture), validation.share(), test);
  }

  private Set<Architecture> random(ArchitectureSampler sampler) {
    Seeds seeds = new Seeds(plan.seed());
    Set<Architecture> random = new LinkedHashSet<>();
    // A small space may have fewer subnets than are asked for.
    for (int i = 0;
        random.size() < recipe.reportSubnets() && i < MOST_TRIES * recipe.reportSubnets();
        i++) {
      random.add(sampler.sample(seeds.generator("report", i)));
    }
    return random;
  }

  private static double rankCorrelation(List<MeasuredSubnet> subnets) {
    List<MeasuredSubnet> random =
        subnets.stream().filter(subnet -> subnet.kind().equals(RANDOM)).toList();
    return random.size() < 2
        ? Double.NaN
        : new SpearmansCorrelation()
            .correlation(
                random.stream().mapToDouble(subnet -> subnet.cost().madds()).toArray(),
                random.stream().mapToDouble(MeasuredSubnet::accuracy).toArray());
  }

  private void writeTable(List<MeasuredSubnet> subnets) throws IOException {
    ArchitectureCodec codec = new ArchitectureCodec(definition.space());
    List<String> header =
        new ArrayList<>(
            List.of(
                "subnet", "validation_accuracy", "test_accuracy", "madds", "params", "resolution"));
    header.addAll(codec.geneNames());
    List<List<Object>> rows = new ArrayList<>();
    for (MeasuredSubnet subnet : subnets) {
      List<Object> row =
          new ArrayList<>(
              List.of(
                  subnet.kind(),
                  subnet.validation(),
                  subnet.test().isPresent() ? subnet.test().getAsDouble() : "",
                  subnet.cost().madds(),
                  subnet.cost().params(),
                  subnet.architecture().resolution()));
      for (int gene : codec.encode(subnet.architecture())) {
        row.add(gene);
      }
      rows.add(row);
    }
    Csv.write(folder.subnetTable(), header, rows);
  }

  private void writeSubnetsChart(List<MeasuredSubnet> subnets) throws IOException {
    Map<String, List<Point>> groups = new LinkedHashMap<>();
    groups.put("random subnets", new ArrayList<>());
    groups.put("smallest, middle, largest", new ArrayList<>());
    for (MeasuredSubnet subnet : subnets) {
      groups
          .get(subnet.kind().equals(RANDOM) ? "random subnets" : "smallest, middle, largest")
          .add(new Point(subnet.cost().madds() / 1e6, 100 * subnet.accuracy()));
    }
    Charts.points(
        folder.subnetChart(),
        title,
        "cost (M MAdds)",
        (recipe.reportTest() ? "test" : "validation") + " accuracy (%)",
        groups);
  }
}
