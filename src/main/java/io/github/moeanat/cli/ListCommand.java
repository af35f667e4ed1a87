package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.operator.PolynomialMutation;
import io.github.moeanat.operator.UniformCrossover;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblems;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.ProblemKind;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** Lists what there is by name: {@code nat list problems}. */
final class ListCommand implements Command {

  private static final List<String> KINDS =
      List.of("problems", "algorithms", "recipes", "operators", "metrics");

  private record Entry(String name, String framework, String description) {}

  @Override
  public String name() {
    return "list";
  }

  @Override
  public String usage() {
    return String.join("|", KINDS) + " [options]";
  }

  @Override
  public String summary() {
    return "list problems, algorithms, recipes, operators or metrics";
  }

  @Override
  public Options options() {
    return CommonOptions.basic();
  }

  @Override
  public void run(Invocation invocation) {
    String kind =
        Invocation.named(
            "kind of thing", invocation.arguments(String.join("|", KINDS)).get(0), KINDS);
    List<Entry> entries =
        switch (kind) {
          case "problems" -> problems();
          case "algorithms" -> algorithms();
          case "recipes" -> recipes();
          case "metrics" -> metrics();
          default -> operators();
        };
    if (invocation.has("json")) {
      invocation.console().result(json(entries));
    } else {
      List<Entry> lines = new ArrayList<>(entries);
      lines.add(0, new Entry("NAME", "IN THE FRAMEWORK", "DESCRIPTION"));
      int name = lines.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
      int framework = lines.stream().mapToInt(e -> e.framework().length()).max().orElse(0);
      for (Entry entry : lines) {
        invocation
            .console()
            .result(
                "%s  %s  %s"
                    .formatted(
                        padded(entry.name(), name),
                        padded(entry.framework(), framework),
                        entry.description()));
      }
    }
  }

  private static List<Entry> problems() {
    List<Entry> entries = new ArrayList<>();
    NatProblems.fileNames()
        .forEach(
            (registered, file) -> {
              String description;
              try {
                description = description(file);
              } catch (IllegalArgumentException e) {
                description = "wrong: " + e.getMessage();
              }
              entries.add(new Entry(file, registered, description));
            });
    return entries;
  }

  private static String description(String name) {
    PropertyFile file = ProblemDefinition.FILES.load(name, Map.of());
    return switch (ProblemKind.of(file)) {
      case SUPERNET -> ProblemDefinition.read(name, file).description();
      case TABLE -> TableDefinition.read(name, file).description();
    };
  }

  private static List<Entry> algorithms() {
    return NatAlgorithms.names().stream()
        .map(name -> new Entry(name, name, NatAlgorithms.description(name)))
        .toList();
  }

  private static List<Entry> recipes() {
    return NatAlgorithms.recipes().stream()
        .map(name -> new Entry(name, "-", NatAlgorithms.description(name)))
        .toList();
  }

  private static List<Entry> operators() {
    return List.of(
        new Entry(
            UniformCrossover.NAME,
            UniformCrossover.NAME,
            "uniform crossover of integers; nat.ux.rate (0.9) per mating"),
        new Entry(
            PolynomialMutation.NAME,
            PolynomialMutation.NAME,
            "polynomial mutation of integers; nat.pm.rate (0.1) per gene,"
                + " nat.pm.distributionIndex (1)"));
  }

  private static List<Entry> metrics() {
    return Arrays.stream(Metric.values())
        .map(metric -> new Entry(metric.id(), metric.id(), metric.description()))
        .toList();
  }

  private static String json(List<Entry> entries) {
    List<Map<String, String>> list = new ArrayList<>();
    for (Entry entry : entries) {
      Map<String, String> item = new LinkedHashMap<>();
      item.put("name", entry.name());
      item.put("registered_name", entry.framework());
      item.put("description", entry.description());
      list.add(item);
    }
    return new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(list);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
