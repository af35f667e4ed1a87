package io.github.moeanat.cli;

import io.github.moeanat.evaluation.LatencySettings;
import io.github.moeanat.experiment.FinishedRun;
import io.github.moeanat.experiment.LatencyReport;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.experiment.SubnetFile;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.ProblemWeights;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.moeaframework.util.format.Column;
import org.moeaframework.util.format.TableFormat;
import org.moeaframework.util.format.TabularData;

/** Measures latency on this machine: {@code nat measure digits --run DIR}. */
final class MeasureCommand implements Command {

  private static final String SUBNET = "subnet";
  private static final String RUN = "run";
  private static final String WEIGHTS = "weights";

  @Override
  public String name() {
    return "measure";
  }

  @Override
  public String usage() {
    return "PROBLEM --subnet FILE... | --run DIR [options]";
  }

  @Override
  public String summary() {
    return "measure how long subnets take on this machine";
  }

  @Override
  public Options options() {
    return CommonOptions.timing(
            "folder of class folders, whose classes are counted; the images are not read",
            "use this value of a problem's key; with --run only latency.table=FILE, where the"
                + " run's table lies now")
        .addOption(
            Option.builder()
                .longOpt(SUBNET)
                .hasArgs()
                .argName("FILE...")
                .desc("subnets: ks, e, d, r, w as JSON, or net.config")
                .build())
        .addOption(
            CommonOptions.valued(
                RUN, "DIR", "the front of a run; results go to latency.csv and .json there"))
        .addOption(
            CommonOptions.valued(
                WEIGHTS,
                "FILE[,FILE]",
                "a supernet's .safetensors or .pth for each width, for --subnet; drawn if absent"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    String problem = invocation.problem();
    LatencySettings settings = CommonOptions.timing(invocation);
    if (invocation.has(RUN) == invocation.has(SUBNET)) {
      throw new IllegalArgumentException("expected either --subnet FILE... or --run DIR");
    }
    if (invocation.has(RUN)) {
      ofRun(invocation, problem, settings);
    } else {
      ofFiles(invocation, problem, settings);
    }
  }

  private static void ofFiles(Invocation invocation, String problem, LatencySettings settings) {
    ProblemChoice choice = new ProblemChoice(problem, invocation.overrides());
    choice.refuseOthers();
    choice.requireClasses();
    ProblemDefinition definition = choice.definition();
    List<Path> files =
        Arrays.stream(invocation.line().getOptionValues(SUBNET)).map(Path::of).toList();
    Map<String, Architecture> subnets = subnets(definition, files, file -> file);
    Optional<String> given = invocation.value(WEIGHTS);
    FamilyWeights weights =
        given.isPresent()
            ? ProblemWeights.read(
                definition,
                Arrays.stream(given.get().split(",", -1)).map(Path::of).toList(),
                invocation.console().progress(invocation.cancellation()))
            : initial(definition, new Seeds(settings.seed()).derive("weights"));
    print(invocation, measure(invocation, definition, weights, subnets, settings));
  }

  private static void ofRun(Invocation invocation, String problem, LatencySettings settings)
      throws IOException {
    if (invocation.has(WEIGHTS)) {
      throw new IllegalArgumentException(
          "--run takes problem and weights from the run; it takes no --" + WEIGHTS);
    }
    Map<String, String> moved = invocation.moved();
    try (RunFolder folder = RunFolder.finished(Path.of(invocation.value(RUN).orElseThrow()))) {
      RunPlan plan = RunPlan.read(folder.properties(), moved);
      String named = new ProblemChoice(problem, Map.of()).fileName();
      if (!plan.problem().equals(named)) {
        throw new IllegalArgumentException(
            "%s holds a run of %s, not of %s".formatted(folder.path(), plan.problem(), named));
      }
      ProblemDefinition definition = ProblemDefinition.read(plan.problem(), plan.problemFile());
      Map<String, Architecture> subnets =
          subnets(definition, folder.subnets(), folder.path()::relativize);
      if (subnets.isEmpty()) {
        throw new IllegalArgumentException("no file " + folder.subnet(1));
      }
      FamilyWeights weights =
          new FinishedRun(folder.path(), moved, invocation.execution()).weights();
      LatencyReport report = measure(invocation, definition, weights, subnets, settings);
      report.write(folder);
      print(invocation, report);
    }
  }

  private static Map<String, Architecture> subnets(
      ProblemDefinition definition, List<Path> files, UnaryOperator<Path> name) {
    SubnetFile reader = new SubnetFile(definition);
    Map<String, Architecture> subnets = new LinkedHashMap<>();
    files.forEach(file -> subnets.put(name.apply(file).toString(), reader.read(file)));
    return subnets;
  }

  private static FamilyWeights initial(ProblemDefinition definition, long seed) {
    Map<Double, Weights> members = new TreeMap<>();
    for (double width : definition.space().widths()) {
      SearchSpace space = definition.space().ofWidth(width);
      members.put(width, Weights.initial(definition.network(width), space, seed));
    }
    return new FamilyWeights(members);
  }

  private static LatencyReport measure(
      Invocation invocation,
      ProblemDefinition definition,
      FamilyWeights weights,
      Map<String, Architecture> subnets,
      LatencySettings settings) {
    String device = invocation.execution().device();
    // Refused before anything is measured.
    PyTorch.device(device);
    return LatencyReport.measure(
        definition,
        weights,
        subnets,
        device,
        settings,
        invocation.console().progress(invocation.cancellation()));
  }

  private static void print(Invocation invocation, LatencyReport report) {
    Console console = invocation.console();
    if (invocation.has("json")) {
      console.result(report.toJson());
      return;
    }
    TabularData<LatencyReport.Row> table = new TabularData<>(report.rows());
    table.addColumn(new Column<>("Subnet", LatencyReport.Row::name));
    table.addColumn(new Column<>("Median ms", row -> ms(row.latency().median())));
    table.addColumn(
        new Column<>(
            "95 % interval", row -> ms(row.latency().low()) + " to " + ms(row.latency().high())));
    if (report.rows().get(0).cost().latency().isPresent()) {
      table.addColumn(new Column<>("Table ms", row -> ms(row.cost().latency().getAsDouble())));
    }
    table.addColumn(
        new Column<>(
            "M MAdds", row -> String.format(Locale.ROOT, "%.3f", row.cost().madds() / 1e6)));
    StringWriter text = new StringWriter();
    table.display(TableFormat.Plaintext, new PrintWriter(text));
    text.toString().lines().map(String::stripTrailing).forEach(console::result);
    console.result(
        "batch %d, %d threads, median of %d passes on %s; %s; %s%s"
            .formatted(
                report.settings().batch(),
                report.settings().threads(),
                report.settings().repeats(),
                report.device(),
                report.machine().hardware(),
                report.machine().software(),
                report.load().isPresent()
                    ? String.format(Locale.ROOT, "; load %.2f before", report.load().getAsDouble())
                    : ""));
  }

  private static String ms(double milliseconds) {
    return String.format(Locale.ROOT, "%.3f", milliseconds);
  }
}
