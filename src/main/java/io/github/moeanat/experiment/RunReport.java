package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Safetensors;
import java.awt.AWTError;
import java.awt.HeadlessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.moeaframework.analysis.io.ResultFileWriter;
import org.moeaframework.analysis.series.ResultEntry;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.population.NondominatedPopulation;

/** Measures the front of a finished search for the last time and writes its files. */
final class RunReport {

  private static final double PERCENT = 100;
  private static final double MILLION = 1e6;

  private final RunPlan plan;
  private final NatProblem problem;
  private final ProblemDefinition definition;
  private final NAT nat;
  private final RunFolder folder;
  private final RunListener listener;

  RunReport(RunPlan plan, NatProblem problem, NAT nat, RunFolder folder, RunListener listener) {
    this.plan = plan;
    this.problem = problem;
    this.definition = problem.definition();
    this.nat = nat;
    this.folder = folder;
    this.listener = listener;
  }

  RunSummary write(FamilyWeights weights, SubnetMeter meter, PhaseTimes times) throws IOException {
    nat.failures()
        .forEach(
            (genes, reason) ->
                listener.warning("subnet %s was left out: %s".formatted(genes, reason)));
    if (nat.getPopulation().isEmpty()) {
      throw new IOException("no subnet could be measured");
    }
    if (nat.getPopulation().asList().stream().noneMatch(Solution::isFeasible)) {
      listener.warning("no subnet keeps to the constraints; those that miss them least are shown");
    }
    List<FrontMember> front = front(weights, meter, times);
    ArchiveTable table = new ArchiveTable(problem);
    table.writeArchive(folder.archive(), nat.getPopulation());
    HistoryCsv.write(folder.history(), nat.history());
    table.writeFront(folder.front(), front);
    SubnetJson json = new SubnetJson(definition.space());
    Files.createDirectories(folder.subnet(1).getParent());
    for (int i = 0; i < front.size(); i++) {
      json.write(folder.subnet(i + 1), front.get(i).architecture());
    }
    List<Path> supernets = folder.supernets(weights.widths());
    for (int i = 0; i < supernets.size(); i++) {
      double width = weights.widths().get(i);
      Safetensors.write(
          weights.get(width),
          plan.metadata(definition, width, problem.trainingOrigin()),
          supernets.get(i));
    }
    writeResultFile();
    writeCharts();
    return new RunSummary(
        folder.path(),
        nat.runSeed(),
        nat.getNumberOfEvaluations(),
        nat.history().get(nat.history().size() - 1).hypervolume(),
        definition.referencePoint(),
        times.elapsed(),
        times.phases(),
        front,
        nat.failures().size());
  }

  private List<FrontMember> front(FamilyWeights weights, SubnetMeter meter, Progress progress)
      throws IOException {
    List<Solution> solutions = new ArrayList<>();
    nat.getResult().forEach(solutions::add);
    List<Architecture> architectures = solutions.stream().map(problem::architecture).toList();
    List<SubnetMeter.Accuracies> accuracies = meter.measure(weights, architectures, progress);
    return IntStream.range(0, solutions.size())
        .mapToObj(i -> member(solutions.get(i), architectures.get(i), accuracies.get(i)))
        .sorted(
            Comparator.comparingLong((FrontMember member) -> member.cost().madds())
                .thenComparing(member -> member.genes().toString()))
        .toList();
  }

  private FrontMember member(
      Solution solution, Architecture architecture, SubnetMeter.Accuracies accuracies) {
    int error = definition.objectives().indexOf(Metric.ERROR);
    var prediction = nat.prediction(solution);
    return new FrontMember(
        architecture,
        IntStream.of(problem.canonical(IntegerVariable.toInts(solution))).boxed().toList(),
        definition.cost(architecture),
        problem.measurement(solution).map(Measurement::latency),
        error >= 0 && prediction.isPresent()
            ? OptionalDouble.of(1 - prediction.get().get(error))
            : OptionalDouble.empty(),
        accuracies.validation().share(),
        accuracies.test().share(),
        IntStream.range(0, solution.getNumberOfObjectives())
            .mapToObj(solution::getObjectiveValue)
            .toList(),
        IntStream.range(0, solution.getNumberOfConstraints())
            .mapToObj(solution::getConstraintValue)
            .toList());
  }

  private void writeResultFile() throws IOException {
    TypedProperties properties = new TypedProperties();
    properties.setInt("NFE", nat.getNumberOfEvaluations());
    properties.setLong("Seed", nat.runSeed());
    AtomicFile.writeText(
        folder.result(),
        writer -> {
          // Not closed: closing would close what belongs to the atomic file.
          ResultFileWriter results = new ResultFileWriter(problem, writer);
          results.write(new ResultEntry(nat.getResult(), properties));
          writer.flush();
        });
  }

  private void writeCharts() throws IOException {
    List<Solution> initial =
        Files.exists(folder.initialArchive())
            ? new ArchiveTable(problem).readArchive(folder.initialArchive())
            : List.of();
    String title = "%s, %s, seed %d".formatted(problem.getName(), plan.algorithm(), nat.runSeed());
    try {
      Charts.front(
          folder.frontChart(),
          title,
          label(horizontal()),
          label(vertical()),
          points(nat.getPopulation()),
          points(new NondominatedPopulation(initial)),
          points(nat.getResult()));
      Charts.progress(folder.progressChart(), title, nat.history());
    } catch (AWTError | HeadlessException | LinkageError e) {
      // A Java without fonts can't draw; the tables hold all that the pictures show.
      listener.warning("no charts: " + e.getMessage());
    }
  }

  private int vertical() {
    return Math.max(0, definition.objectives().indexOf(Metric.ERROR));
  }

  private int horizontal() {
    return vertical() == 0 ? 1 : 0;
  }

  private List<Charts.Point> points(Iterable<Solution> solutions) {
    List<Charts.Point> points = new ArrayList<>();
    for (Solution solution : solutions) {
      points.add(new Charts.Point(shown(solution, horizontal()), shown(solution, vertical())));
    }
    points.sort(Comparator.comparingDouble(Charts.Point::x).thenComparing(Charts.Point::y));
    return points;
  }

  private double shown(Solution solution, int objective) {
    Metric metric = definition.objectives().get(objective);
    double raw = solution.getObjectiveValue(objective) * definition.scales().get(metric);
    return switch (metric) {
      case ERROR -> raw * PERCENT;
      case LATENCY, MEASURED_LATENCY -> raw;
      default -> raw / MILLION;
    };
  }

  private String label(int objective) {
    return switch (definition.objectives().get(objective)) {
      case ERROR -> "validation error (%)";
      case MADDS -> "multiply-adds (M)";
      case MADDS_PUBLISHED -> "multiply-adds as published (M)";
      case MADDS_NAT -> "multiply-adds of NAT's counter (M)";
      case PARAMS -> "parameters (M)";
      case ACTIVATION_MEMORY -> "activation memory (MB)";
      case LATENCY -> "latency by table (ms)";
      case MEASURED_LATENCY -> "measured latency (ms)";
    };
  }
}
