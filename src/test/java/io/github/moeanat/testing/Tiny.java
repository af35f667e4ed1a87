package io.github.moeanat.testing;

import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.NatProblem;
import io.github.moeanat.problem.ProblemDefinition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The test problems {@code tiny}, of one supernet, and {@code family}, of two, with overrides. */
public final class Tiny {

  private Tiny() {}

  /** Creates the problem; keys and values alternate. */
  public static NatProblem problem(int threads, String... overrides) {
    return named("tiny", threads, overrides);
  }

  /** Creates the problem of two supernets; keys and values alternate. */
  public static NatProblem family(int threads, String... overrides) {
    return named("family", threads, overrides);
  }

  private static NatProblem named(String name, int threads, String... overrides) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < overrides.length; i += 2) {
      map.put(overrides[i], overrides[i + 1]);
    }
    return new NatProblem(
        ProblemDefinition.read(name, ProblemDefinition.FILES.load(name, map)),
        new Execution(threads, "cpu", Path.of(System.getProperty("moeanat.cache"))));
  }
}
