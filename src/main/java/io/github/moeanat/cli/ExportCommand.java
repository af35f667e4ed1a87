package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.experiment.ExportReport;
import io.github.moeanat.experiment.SubnetExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.cli.Options;

/** Takes a subnet out of a run: {@code nat export runs/digits-NAT-quick-1 --subnet 3}. */
final class ExportCommand implements Command {

  private static final String SUBNET = "subnet";
  private static final String FORMAT = "format";
  private static final String OUTPUT = "output";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String usage() {
    return "RUN --subnet N --format %s [options]".formatted(String.join("|", formats()));
  }

  @Override
  public String summary() {
    return "write a subnet of a run to a file that is read again and compared";
  }

  @Override
  public Options options() {
    return CommonOptions.ofRun()
        .addOption(
            CommonOptions.valued(
                SUBNET, "N", "row of the run's front.csv, or a file with a subnet"))
        .addOption(CommonOptions.valued(FORMAT, "NAME", String.join(", ", formats())))
        .addOption(
            CommonOptions.valued(OUTPUT, "FILE", "what to write; RUN-N.FORMAT here if absent"))
        .addOption(CommonOptions.flag(OVERWRITE, "replace the file if it is there"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    Path run = Path.of(invocation.arguments("RUN").get(0));
    Map<String, String> moved = invocation.moved();
    String subnet = required(invocation, SUBNET, "N");
    String format = Invocation.named("format", required(invocation, FORMAT, "NAME"), formats());
    Path output = invocation.value(OUTPUT).map(Path::of).orElse(output(run, subnet, format));
    requireFree(output, run, invocation.has(OVERWRITE));
    Console console = invocation.console();
    SubnetExport export =
        new SubnetExport(
            run,
            moved,
            subnet,
            invocation.execution(),
            console.progress(invocation.cancellation()),
            console::warning);
    ExportReport report = export.write(format, output);
    if (invocation.has("json")) {
      console.result(new GsonBuilder().setPrettyPrinting().create().toJson(json(report)));
    } else {
      print(report, console);
    }
  }

  private static List<String> formats() {
    return SubnetExport.formats();
  }

  private static String required(Invocation invocation, String option, String argument) {
    return invocation
        .value(option)
        .orElseThrow(() -> new IllegalArgumentException("missing --" + option + " " + argument));
  }

  // Beside the user, not in the run: a run's folder may be overwritten by another run.
  private static Path output(Path run, String subnet, String format) {
    String base = Path.of(subnet).getFileName().toString();
    String name =
        subnet.matches("\\d{1,9}")
            ? String.format(Locale.ROOT, "%02d", Integer.parseInt(subnet))
            : base.contains(".") ? base.substring(0, base.lastIndexOf('.')) : base;
    return Path.of(
        "%s-%s.%s".formatted(run.toAbsolutePath().normalize().getFileName(), name, format));
  }

  // Asked before minutes of work.
  private static void requireFree(Path output, Path run, boolean overwrite) throws IOException {
    OutputFile.require(OUTPUT, output, overwrite);
    if (Files.exists(output)
        && Files.isDirectory(run)
        && output.toRealPath().startsWith(run.toRealPath())) {
      throw new IllegalArgumentException(output + " is a file of the run, which stays as it is");
    }
  }

  private static void print(ExportReport report, Console console) {
    console.result(
        String.format(
            Locale.ROOT,
            "%d px, %.3f M multiply-adds, %.3f M parameters",
            report.architecture().resolution(),
            report.cost().madds() / 1e6,
            report.cost().params() / 1e6));
    console.result("validation accuracy %");
    console.result("predicted  inherited  recalibrated  reloaded");
    console.result(
        String.format(
            Locale.ROOT,
            "%9s  %9.2f  %12.2f  %8.2f",
            report.predicted().isPresent()
                ? String.format(Locale.ROOT, "%.2f", 100 * report.predicted().getAsDouble())
                : "-",
            100 * report.inherited().share(),
            100 * report.recalibrated().share(),
            100 * report.reloaded().share()));
    console.result(
        String.format(
            Locale.ROOT,
            "written, read again and compared on %d images (logits differ by %.1e): %s",
            report.reloaded().images(),
            report.difference(),
            report.file()));
  }

  private static Map<String, Object> json(ExportReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", report.file().toString());
    json.put("predicted_accuracy", orNull(report.predicted()));
    json.put("front_accuracy", orNull(report.reported()));
    json.put("inherited_accuracy", report.inherited().share());
    json.put("recalibrated_accuracy", report.recalibrated().share());
    json.put("reloaded_accuracy", report.reloaded().share());
    json.put("logits_difference", report.difference());
    json.put("images", report.reloaded().images());
    json.put("madds", report.cost().madds());
    json.put("params", report.cost().params());
    return json;
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? (Double) value.getAsDouble() : null;
  }
}
