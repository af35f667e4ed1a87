package io.github.moeanat.algorithm;

import java.lang.reflect.Field;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;

/** Looks behind the one wrapper that only spreads evaluations over threads or machines. */
final class Problems {

  private Problems() {}

  /**
   * Returns the problem inside a {@link DistributedProblem}; any other problem, wrapped or not, is
   * returned as it is, because other wrappers change what is solved.
   *
   * @throws FrameworkException if the framework no longer keeps the inner problem where it did
   */
  static Problem unwrap(Problem problem) {
    Problem inner = problem;
    while (inner instanceof DistributedProblem) {
      inner = wrapped(inner, "problem");
    }
    return inner;
  }

  static Problem wrapped(Problem wrapper, String name) {
    try {
      // The framework offers no accessor.
      Field field = ProblemWrapper.class.getDeclaredField(name);
      field.setAccessible(true);
      return (Problem) field.get(wrapper);
    } catch (ReflectiveOperationException e) {
      throw new FrameworkException(
          "can't look into DistributedProblem: this version of the MOEA Framework has no field"
              + " ProblemWrapper."
              + name
              + "; give NAT the problem itself",
          e);
    }
  }
}
