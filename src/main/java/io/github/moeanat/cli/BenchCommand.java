package io.github.moeanat.cli;

import io.github.moeanat.experiment.FinishedRun;
import io.github.moeanat.experiment.bench.Bench;
import io.github.moeanat.experiment.bench.BenchReport;
import io.github.moeanat.experiment.bench.BenchSection;
import io.github.moeanat.experiment.bench.BenchSettings;
import io.github.moeanat.experiment.bench.Candidates;
import io.github.moeanat.experiment.bench.Figure;
import io.github.moeanat.internal.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.moeaframework.util.format.Column;
import org.moeaframework.util.format.TableFormat;
import org.moeaframework.util.format.TabularData;

/** Measures the engine on this machine: {@code nat bench}. */
final class BenchCommand implements Command {

  // Longer lists are for programs.
  private static final int LONGEST_LIST = 8;
  private static final String REPEATS = "repeats";
  private static final String IMAGES = "images";
  private static final String SECONDS = "seconds";
  private static final String MEASUREMENTS = "measurements";
  private static final String CASE = "case";
  private static final String RUN = "run";

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String usage() {
    return "[" + String.join("|", BenchSection.ids()) + "]... [options]";
  }

  @Override
  public String summary() {
    return "measure how fast this machine measures and trains";
  }

  @Override
  public Options options() {
    return CommonOptions.basic()
        .addOption(CommonOptions.valued(REPEATS, "N", "rounds, of which medians are told; 3"))
        .addOption(
            CommonOptions.valued(
                CASE, "NAME[,NAME]", "only these of " + String.join(", ", Bench.cases())))
        .addOption(
            CommonOptions.valued(
                IMAGES,
                "N",
                "validation images of a measured subnet, half as many for recalibration;"
                    + " 1000, fewer in the cases that take minutes"))
        .addOption(
            CommonOptions.valued(
                SECONDS, "N", "how long workers and processes work in a round, at least; 5"))
        .addOption(CommonOptions.valued(MEASUREMENTS, "N", "subnets measured for the memory; 500"))
        .addOption(
            CommonOptions.valued(
                RUN, "DIR", "sharing: looks at the archive of this run, not at recorded ones"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    Bench bench = new Bench(settings(invocation));
    List<Candidates> recorded = new ArrayList<>();
    if (invocation.has(RUN)) {
      if (!sections(invocation).contains(BenchSection.SHARING)) {
        throw new IllegalArgumentException("--run is for the section sharing");
      }
      Path path = Path.of(invocation.value(RUN).orElseThrow());
      FinishedRun run = new FinishedRun(path, Map.of(), invocation.execution());
      recorded.add(new Candidates("the archive of " + path, run.archive(), run.definition()));
    }
    Console console = invocation.console();
    Progress progress = console.progress(invocation.cancellation());
    BenchReport report =
        bench.run(
            recorded, progress, figure -> console.info(figure.what() + ": " + figure.measured()));
    print(invocation, report);
  }

  private static BenchSettings settings(Invocation invocation) {
    List<String> cases =
        invocation
            .value(CASE)
            .map(names -> Arrays.asList(names.split(",", -1)))
            .orElse(Bench.cases());
    return new BenchSettings(
        sections(invocation),
        cases,
        invocation.whole(REPEATS, 3, 1, 1000),
        invocation
            .whole(IMAGES, 1, 1_000_000)
            .map(images -> OptionalInt.of(images.intValue()))
            .orElse(OptionalInt.empty()),
        invocation.whole(SECONDS, 5, 0, 3600),
        invocation.whole(MEASUREMENTS, 500, BenchSettings.FEWEST_MEASUREMENTS, 1_000_000));
  }

  private static List<BenchSection> sections(Invocation invocation) {
    List<String> named = invocation.line().getArgList();
    List<BenchSection> chosen = new ArrayList<>();
    for (String name : named) {
      chosen.add(BenchSection.of(Invocation.named("section", name, BenchSection.ids())));
    }
    return Arrays.stream(BenchSection.values())
        .filter(section -> named.isEmpty() || chosen.contains(section))
        .toList();
  }

  private static void print(Invocation invocation, BenchReport report) {
    Console console = invocation.console();
    if (invocation.has("json")) {
      console.result(report.toJson());
      return;
    }
    List<Figure> figures = report.figures();
    TabularData<Figure> table = new TabularData<>(figures);
    table.addColumn(new Column<>("No", figure -> 1 + figures.indexOf(figure)));
    table.addColumn(new Column<>("What", Figure::what));
    table.addColumn(new Column<>("Measured", Figure::measured));
    table.addColumn(new Column<>("Bar", Figure::judged));
    StringWriter text = new StringWriter();
    table.display(TableFormat.Plaintext, new PrintWriter(text));
    text.toString().lines().map(String::stripTrailing).forEach(console::result);
    for (int i = 0; i < figures.size(); i++) {
      console.result("No %d: %s".formatted(i + 1, details(figures.get(i).details())));
    }
    console.result(
        "medians of %d rounds on cpu, 1 thread an operation; %s; %s%s"
            .formatted(
                report.settings().repeats(),
                report.machine().hardware(),
                report.machine().software(),
                report.load().isPresent()
                    ? String.format(Locale.ROOT, "; load %.2f before", report.load().getAsDouble())
                    : ""));
  }

  private static String details(Map<String, Object> details) {
    return details.entrySet().stream()
        .filter(entry -> !(entry.getValue() instanceof List<?> list && list.size() > LONGEST_LIST))
        .map(
            entry ->
                entry.getKey()
                    + " "
                    + (entry.getValue() instanceof Double number
                        ? Figure.number(number)
                        : entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
