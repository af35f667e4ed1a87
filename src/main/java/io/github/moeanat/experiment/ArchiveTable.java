package io.github.moeanat.experiment;

import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.evaluation.Latency;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.moeaframework.core.Solution;

/**
 * Archives and fronts as tables: accuracies, raw costs, the objectives as the algorithm saw them
 * and the genes.
 */
final class ArchiveTable {

  private static final String VALIDATION = "validation_accuracy";
  private static final String PREDICTED = "predicted_accuracy";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).build();

  private final NatProblem problem;
  private final List<Metric> costs;

  ArchiveTable(NatProblem problem) {
    this.problem = problem;
    costs = shown(problem.definition());
  }

  // Multiply-adds and parameters always; other costs where the search looked at them.
  private static List<Metric> shown(ProblemDefinition definition) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric != Metric.ERROR)
        .filter(
            metric ->
                metric == Metric.MADDS || metric == Metric.PARAMS || definition.looksAt(metric))
        .toList();
  }

  /** Writes archive members; without an error objective their accuracy is left empty. */
  void writeArchive(Path file, Iterable<Solution> archive) throws IOException {
    List<String> header =
        Stream.of(
                Stream.of(VALIDATION),
                costNames().stream(),
                objectiveNames().stream(),
                constraintNames().stream(),
                problem.codec().geneNames().stream())
            .flatMap(names -> names)
            .toList();
    List<List<Object>> rows = new ArrayList<>();
    int error = problem.definition().objectives().indexOf(Metric.ERROR);
    for (Solution solution : archive) {
      SubnetCost cost = problem.definition().cost(problem.architecture(solution));
      Optional<Latency> measured = problem.measurement(solution).map(Measurement::latency);
      List<Object> row = new ArrayList<>();
      row.add(error < 0 ? null : (Object) (1 - solution.getObjectiveValue(error)));
      costs.forEach(metric -> row.add(raw(metric, cost, measured)));
      for (double value : solution.getObjectiveValues()) {
        row.add(value);
      }
      for (double value : solution.getConstraintValues()) {
        row.add(value);
      }
      for (int gene : problem.canonical(IntegerVariable.toInts(solution))) {
        row.add(gene);
      }
      rows.add(row);
    }
    Csv.write(file, header, rows);
  }

  void writeFront(Path file, List<FrontMember> front) throws IOException {
    List<String> header =
        Stream.of(
                Stream.of(VALIDATION, "test_accuracy"),
                costNames().stream(),
                objectiveNames().stream(),
                problem.codec().geneNames().stream(),
                constraintNames().stream(),
                Stream.of(PREDICTED))
            .flatMap(names -> names)
            .toList();
    List<List<Object>> rows = new ArrayList<>();
    for (FrontMember member : front) {
      List<Object> row = new ArrayList<>();
      row.add(member.validationAccuracy());
      row.add(member.testAccuracy());
      costs.forEach(metric -> row.add(raw(metric, member.cost(), member.measuredLatency())));
      row.addAll(member.objectives());
      row.addAll(member.genes());
      row.addAll(member.margins());
      OptionalDouble predicted = member.predictedAccuracy();
      row.add(predicted.isPresent() ? (Object) predicted.getAsDouble() : null);
      rows.add(row);
    }
    Csv.write(file, header, rows);
  }

  private static Object raw(Metric metric, SubnetCost cost, Optional<Latency> measured) {
    return metric == Metric.MEASURED_LATENCY
        ? measured.map(Latency::median).orElse(null)
        : metric.raw(cost);
  }

  /**
   * A subnet of a front as a table has it.
   *
   * @param predictedAccuracy empty if there was no prediction, or the table is older than its
   *     column
   */
  record FrontRow(
      Architecture architecture, OptionalDouble predictedAccuracy, double validationAccuracy) {}

  /** Reads what {@link #writeFront} wrote. */
  List<FrontRow> readFront(Path file) throws IOException {
    List<FrontRow> rows = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      for (CSVRecord row : rows(reader)) {
        int[] genes =
            problem.codec().geneNames().stream()
                .mapToInt(gene -> Integer.parseInt(row.get(gene)))
                .toArray();
        String predicted = row.isMapped(PREDICTED) ? row.get(PREDICTED) : "";
        rows.add(
            new FrontRow(
                problem.codec().decode(genes),
                predicted.isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Double.parseDouble(predicted)),
                Double.parseDouble(row.get(VALIDATION))));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
    return rows;
  }

  /** Reads what {@link #writeArchive} wrote: solutions with objectives and constraints. */
  List<Solution> readArchive(Path file) throws IOException {
    List<Solution> solutions = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      for (CSVRecord row : rows(reader)) {
        Solution solution = problem.newSolution();
        List<String> objectives = objectiveNames();
        for (int i = 0; i < objectives.size(); i++) {
          solution.setObjectiveValue(i, Double.parseDouble(row.get(objectives.get(i))));
        }
        List<String> constraints = constraintNames();
        for (int i = 0; i < constraints.size(); i++) {
          solution.setConstraintValue(i, Double.parseDouble(row.get(constraints.get(i))));
        }
        List<String> genes = problem.codec().geneNames();
        for (int i = 0; i < genes.size(); i++) {
          IntegerVariable variable = (IntegerVariable) solution.getVariable(i);
          variable.setInt(Integer.parseInt(row.get(genes.get(i))));
        }
        solutions.add(solution);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
    return solutions;
  }

  private static List<CSVRecord> rows(Reader reader) throws IOException {
    CSVParser parser = FORMAT.parse(reader);
    List<CSVRecord> rows = parser.getRecords();
    int columns = parser.getHeaderNames().size();
    for (CSVRecord row : rows) {
      if (row.size() != columns) {
        throw new IllegalArgumentException(
            "row %d has %d cells, expected %d"
                .formatted(row.getRecordNumber(), row.size(), columns));
      }
    }
    return rows;
  }

  private List<String> costNames() {
    return costs.stream().map(Metric::column).toList();
  }

  private List<String> objectiveNames() {
    return problem.definition().objectives().stream()
        .map(objective -> "objective_" + objective.id())
        .toList();
  }

  private List<String> constraintNames() {
    return problem.definition().bounds().stream().map(bound -> "margin_" + bound).toList();
  }
}
