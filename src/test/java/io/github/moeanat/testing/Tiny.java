package io.github.moeanat.testing;

import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import java.nio.file.Path;
import java.util.Map;

/** The test problem {@code tiny} with overrides. */
public final class Tiny {

  private Tiny() {}

  /** Creates the problem; keys and values alternate. */
  public static NatProblem problem(int threads, String... overrides) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < overrides.length; i += 2) {
      map.put(overrides[i], overrides[i + 1]);
    }
    return new NatProblem(
        ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", map)),
        new Execution(threads, "cpu", Path.of(System.getProperty("moeanat.cache"))));
  }
}
