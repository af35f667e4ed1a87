package io.github.moeanat.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.moeaframework.core.Solution;
import org.moeaframework.core.indicator.Hypervolume;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.problem.AbstractProblem;

/**
 * NAS-Bench-Macro: all 6,561 networks of eight layers with three choices each. Objectives are error
 * in percent, which is expensive, and M FLOPs, which are not.
 */
public final class NasBenchMacro extends AbstractProblem implements ExpensiveProblem {

  private static final int LAYERS = 8;

  private final Map<String, double[]> table = new HashMap<>();

  /** Reads the table; skips the test if it is not there. */
  public NasBenchMacro() {
    super(LAYERS, 2);
    try {
      JsonObject json =
          JsonParser.parseString(
                  Files.readString(
                      Shared.path("data/nas-bench-macro/nas-bench-macro_cifar10.json")))
              .getAsJsonObject();
      for (String key : json.keySet()) {
        JsonObject row = json.getAsJsonObject(key);
        table.put(
            key,
            new double[] {
              100 - row.get("mean_acc").getAsDouble(), row.get("flops").getAsDouble() / 1e6
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String getName() {
    return "NAS-Bench-Macro";
  }

  @Override
  public Solution newSolution() {
    Solution solution = new Solution(LAYERS, 2);
    for (int i = 0; i < LAYERS; i++) {
      solution.setVariable(i, new IntegerVariable(0, 2));
    }
    solution.setObjective(0, new Minimize("error"));
    solution.setObjective(1, new Minimize("flops"));
    return solution;
  }

  @Override
  public void evaluate(Solution solution) {
    solution.setObjectiveValues(row(solution));
  }

  @Override
  public boolean isCheapObjective(int objective) {
    return objective == 1;
  }

  @Override
  public void evaluateCheap(Solution solution) {
    solution.setObjectiveValue(1, row(solution)[1]);
  }

  /** Share of the hypervolume of the table's own front. */
  public double share(NondominatedPopulation front) {
    NondominatedPopulation all = new NondominatedPopulation();
    for (double[] row : table.values()) {
      Solution solution = newSolution();
      solution.setObjectiveValues(row);
      all.add(solution);
    }
    Hypervolume hypervolume = new Hypervolume(this, new double[2], referencePoint());
    return hypervolume.evaluate(front) / hypervolume.evaluate(all);
  }

  @Override
  public double[] referencePoint() {
    double[] max = new double[2];
    for (double[] row : table.values()) {
      max[0] = Math.max(max[0], 1.01 * row[0]);
      max[1] = Math.max(max[1], 1.01 * row[1]);
    }
    return max;
  }

  private double[] row(Solution solution) {
    StringBuilder key = new StringBuilder();
    for (int gene : IntegerVariable.toInts(solution)) {
      key.append(gene);
    }
    return table.get(key.toString());
  }
}
