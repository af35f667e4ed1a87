package io.github.moeanat.experiment.table;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.problem.Bound;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TableValue;
import io.github.moeanat.problem.table.TabularProblem;
import io.github.moeanat.surrogate.HeldOutError;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.moeaframework.analysis.io.ResultFileWriter;
import org.moeaframework.analysis.series.ResultEntry;
import org.moeaframework.core.Solution;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.population.Population;

/**
 * What is to be known of a table as a problem.
 *
 * @param name of the problem
 * @param description one line
 * @param table its file or files
 * @param complete whether it has every architecture
 * @param rows of the table
 * @param architectures there are
 * @param genes of an architecture
 * @param values what is minimised or bounded
 * @param constraints bounds by name and the share of rows that keep to them
 * @param front members of the true front; null where it is not known
 * @param origin what the file says of itself
 */
public record TableCard(
    String name,
    String description,
    String table,
    boolean complete,
    int rows,
    String architectures,
    int genes,
    List<Row> values,
    Map<String, Double> constraints,
    Integer front,
    List<String> origin) {

  // Of the second table and further ones with its number in front.
  private static final Pattern KEY = Pattern.compile("(\\d+: )?" + Tabulation.KEY);

  /**
   * A value that is minimised or bounded.
   *
   * @param name of the value
   * @param source its column, or how it is known else
   * @param objective its number among the objectives from 1; null if it is only bounded
   * @param cheap whether a search may know it without an evaluation
   * @param least in the table, before scaling
   * @param most in the table, before scaling
   * @param scale what it is divided by
   * @param epsilon of the objective, scaled; null if it is none
   * @param reference of the objective, scaled; null if it is none
   * @param noise standard deviation of what is added
   * @param model how well it is predicted; null where nothing is modelled
   */
  public record Row(
      String name,
      String source,
      Integer objective,
      boolean cheap,
      double least,
      double most,
      double scale,
      Double epsilon,
      Double reference,
      double noise,
      HeldOutError model) {}

  /** Copies the collections. */
  public TableCard {
    values = List.copyOf(values);
    constraints = Collections.unmodifiableMap(new LinkedHashMap<>(constraints));
    origin = List.copyOf(origin);
  }

  /**
   * Reads a table and looks at it; models are cross-validated.
   *
   * @throws IllegalArgumentException if the table is not what the problem file says
   */
  public static TableCard of(TabularProblem problem) {
    TableDefinition definition = problem.definition();
    List<Row> rows = new ArrayList<>();
    definition.values().values().forEach(value -> rows.add(row(problem, value)));
    Map<String, Double> constraints = new LinkedHashMap<>();
    List<Solution> measured = problem.measured();
    for (int i = 0; i < definition.bounds().size(); i++) {
      Bound bound = definition.bounds().get(i);
      int index = i;
      long kept = measured.stream().filter(s -> s.getConstraintValue(index) >= 0).count();
      constraints.put(bound.toString(), kept / (double) measured.size());
    }
    return new TableCard(
        definition.name(),
        definition.description(),
        String.join(", ", definition.tables()),
        definition.complete(),
        problem.rows(),
        definition.space().size().toString(),
        problem.getNumberOfVariables(),
        rows,
        constraints,
        definition.complete() ? Integer.valueOf(problem.front().size()) : null,
        problem.comments());
  }

  private static Row row(TabularProblem problem, TableValue value) {
    TableDefinition definition = problem.definition();
    double[] minimised =
        Arrays.stream(problem.cells(value)).map(value::minimised).sorted().toArray();
    int objective = definition.objectives().indexOf(value.name());
    String column = "column " + value.column();
    return new Row(
        value.name(),
        value.isCounted()
            ? "counted from the genes"
            : value.isLargeGood() ? number(value.perfect()) + " - " + column : column,
        objective < 0 ? null : Integer.valueOf(objective + 1),
        value.cheap(),
        minimised[0],
        minimised[minimised.length - 1],
        value.scale(),
        objective < 0 ? null : definition.epsilons().get(objective),
        objective < 0 ? null : definition.referencePoint().get(objective),
        value.noise(),
        definition.complete() || value.isCounted() ? null : problem.heldOutError(value));
  }

  /** Returns the card as Markdown. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    text.append("## ").append(name).append("\n\n");
    if (!description.isEmpty()) {
      text.append(description).append(".\n\n");
    }
    text.append(
        complete
            ? "A complete table: all %s architectures of %d genes were measured (`%s`).\n"
                .formatted(architectures, genes, table)
            : ("A sampled table: %d of %s architectures of %d genes were measured (`%s`); a model"
                    + " answers for all.\n")
                .formatted(rows, architectures, genes, table));
    appendValues(text);
    text.append("\nLeast and most are those in the table, before they are divided.\n");
    appendModels(text);
    constraints.forEach(
        (bound, share) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%nConstraint `%s`: kept by %.1f %% of the rows.%n",
                    bound,
                    100 * share)));
    text.append(
        complete
            ? "\nThe true front has %d members.\n".formatted(front)
            : "\nThe true front is not known.\n");
    if (!origin.isEmpty()) {
      text.append("\nThe table says of itself:\n\n");
      origin.stream()
          .filter(line -> !KEY.matcher(line).lookingAt())
          .forEach(line -> text.append("- ").append(line).append('\n'));
    }
    return text.toString();
  }

  private void appendValues(StringBuilder text) {
    text.append("\n| value | from | least | most | divided by | epsilon | reference | noise |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (Row row : values) {
      text.append(
          "| %s | %s%s | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  row.name(),
                  row.source(),
                  row.cheap() ? ", cheap" : "",
                  number(row.least()),
                  number(row.most()),
                  number(row.scale()),
                  row.objective() != null ? number(row.epsilon()) : "-",
                  row.objective() != null ? number(row.reference()) : "-",
                  row.noise() > 0 ? number(row.noise()) : "none"));
    }
  }

  private void appendModels(StringBuilder text) {
    for (Row row : values) {
      if (row.model() != null) {
        HeldOutError error = row.model();
        text.append(
            String.format(
                Locale.ROOT,
                "%nThe model of %s (boosted trees, %d rows, cross-validation in %d parts): root mean"
                    + " squared error %s, mean absolute error %s; rank correlation %.4f (Spearman),"
                    + " %.4f (Kendall).%n",
                row.name(),
                error.samples(),
                error.folds(),
                number(error.rmse()),
                number(error.mae()),
                error.spearman(),
                error.kendall()));
      }
    }
  }

  // Five digits tell all that a reader compares.
  private static String number(double value) {
    BigDecimal exact = BigDecimal.valueOf(value);
    boolean whole = value == Math.rint(value);
    return (whole ? exact : exact.round(new MathContext(5))).stripTrailingZeros().toPlainString();
  }

  /** Returns the card as JSON. */
  public String toJson() {
    // A column without spread has no rank correlation, and JSON no number for that.
    JsonSerializer<Double> number =
        (value, type, context) ->
            Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    return new GsonBuilder()
        .registerTypeAdapter(double.class, number)
        .registerTypeAdapter(Double.class, number)
        .serializeNulls()
        .disableHtmlEscaping()
        .setPrettyPrinting()
        .create()
        .toJson(this);
  }

  /**
   * Writes the true front of a complete table as the framework's reference set.
   *
   * @throws IllegalStateException if the table is not complete
   * @throws IllegalArgumentException if no architecture keeps to the constraints, or all of the
   *     front have the same value of an objective, so that nothing can be normalised by it
   * @throws IOException if the file can't be written
   */
  public static void writeReferenceSet(TabularProblem problem, Path file) throws IOException {
    List<Solution> front = new ArrayList<>();
    problem.front().forEach(front::add);
    if (front.isEmpty()) {
      throw new IllegalArgumentException(
          "no architecture of %s keeps to %s"
              .formatted(problem.getName(), problem.definition().bounds()));
    }
    for (int i = 0; i < problem.getNumberOfObjectives(); i++) {
      int objective = i;
      if (front.stream().mapToDouble(s -> s.getObjectiveValue(objective)).distinct().count() < 2) {
        throw new IllegalArgumentException(
            "all of the front of %s have the same %s: it can't be a reference set"
                .formatted(problem.getName(), problem.definition().objectives().get(i)));
      }
    }
    front.sort((a, b) -> Arrays.compare(a.getObjectiveValues(), b.getObjectiveValues()));
    AtomicFile.writeText(
        file,
        writer -> {
          // Not closed: closing would close what belongs to the atomic file.
          ResultFileWriter results = new ResultFileWriter(problem, writer);
          results.write(new ResultEntry(new Population(front), new TypedProperties()));
          writer.flush();
        });
  }
}
