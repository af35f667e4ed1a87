package io.github.moeanat.algorithm;

import io.github.moeanat.operator.IntegerVariable;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.moeaframework.core.Solution;
import org.moeaframework.problem.Problem;

/** Canonical genes as a value that can be looked up. */
record Genotype(List<Integer> genes) implements Serializable {

  Genotype {
    genes = List.copyOf(genes);
  }

  static Genotype of(int[] canonical) {
    return new Genotype(Arrays.stream(canonical).boxed().toList());
  }

  int[] toArray() {
    return genes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Creates a solution with these genes and no values. */
  Solution newSolution(Problem problem) {
    Solution solution = problem.newSolution();
    for (int i = 0; i < genes.size(); i++) {
      ((IntegerVariable) solution.getVariable(i)).setInt(genes.get(i));
    }
    return solution;
  }
}
