package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.evaluation.LatencySettings;
import io.github.moeanat.evaluation.LatencyTableMaker;
import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.experiment.PropertiesFile;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.supernet.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.commons.cli.Options;

/** Measures the blocks of a search space on this machine: {@code nat latency-table digits}. */
final class LatencyTableCommand implements Command {

  private static final String OUTPUT = "output";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "latency-table";
  }

  @Override
  public String usage() {
    return "PROBLEM [options]";
  }

  @Override
  public String summary() {
    return "measure every block of a search space once, for latency.table";
  }

  @Override
  public Options options() {
    return CommonOptions.timing(
            "folder of class folders, whose classes are counted",
            "use this value of a problem's key; may be repeated")
        .addOption(
            CommonOptions.valued(OUTPUT, "FILE", "the table; PROBLEM-latency.yaml if absent"))
        .addOption(CommonOptions.flag(OVERWRITE, "measure anew if the table is there"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    String name = invocation.problem();
    ProblemChoice choice = new ProblemChoice(name, invocation.overrides());
    choice.refuseOthers();
    choice.requireClasses();
    ProblemDefinition definition = choice.definitionWithoutTable();
    LatencySettings settings = CommonOptions.timing(invocation);
    String device = invocation.execution().device();
    Path output = Path.of(invocation.value(OUTPUT).orElse(choice.fileName() + "-latency.yaml"));
    OutputFile.require(OUTPUT, output, invocation.has(OVERWRITE));
    LatencyTableMaker maker =
        new LatencyTableMaker(
            definition.space(),
            definition::network,
            settings,
            PyTorch.device(device),
            System::nanoTime);
    Machine machine = Machine.here();
    int entries;
    try {
      entries =
          maker.write(
              output,
              comments(choice, invocation.overrides(), settings, machine, device, definition),
              invocation.console().progress(invocation.cancellation()));
    } catch (CancellationException e) {
      Path unfinished = LatencyTableMaker.unfinished(output);
      throw new CancellationException(
          Files.exists(unfinished)
              ? "interrupted; the same command goes on from " + unfinished
              : "interrupted before anything was kept");
    }
    print(invocation, output, entries, machine);
  }

  // No date: the same command on the same machine has to find its unfinished work again.
  private static List<String> comments(
      ProblemChoice choice,
      Map<String, String> overrides,
      LatencySettings settings,
      Machine machine,
      String device,
      ProblemDefinition definition) {
    StringBuilder command = new StringBuilder("nat latency-table " + choice.fileName());
    overrides.forEach((key, value) -> command.append(" -X " + key + "=" + value));
    command.append(
        " --batch %d --threads %d --warm-up %d --repeats %d --seed %d --device %s"
            .formatted(
                settings.batch(),
                settings.threads(),
                settings.warmUp(),
                settings.repeats(),
                settings.seed(),
                device));
    return List.of(
        "Latency of the blocks of a search space: ms for a batch of %d on %d threads."
            .formatted(settings.batch(), settings.threads()),
        "activations: %s, %d classes"
            .formatted(
                definition.activations().name().toLowerCase(Locale.ROOT), definition.classes()),
        "mean and var are those of the middle half of %d passes, in rounds, after %d that do not count."
            .formatted(settings.repeats(), settings.warmUp()),
        "command: " + command,
        "machine: " + machine.hardware(),
        "software: moea-nat %s, %s".formatted(PropertiesFile.version(), machine.software()));
  }

  private static void print(Invocation invocation, Path output, int entries, Machine machine) {
    if (invocation.has("json")) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", output.toString());
      json.put("entries", entries);
      json.put("machine", machine);
      invocation
          .console()
          .result(
              new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json));
    } else {
      invocation
          .console()
          .result(
              "%d blocks in %s; use it with -X latency.table=%s"
                  .formatted(entries, output, output));
    }
  }
}
