package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.algorithm.NAT;
import io.github.moeanat.operator.NatOperators;
import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Rows;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.extension.CheckpointExtension;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.runtime.InstrumentedAlgorithm;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.configuration.ConfigurationException;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.OperatorFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.core.spi.ProviderException;
import org.moeaframework.parallel.DistributedProblem;
import org.moeaframework.problem.Problem;

/** What the framework does with every algorithm and operator, done with ours. */
class FrameworkMachineryTest {

  private static final String TABLE = "Small-complete";
  private static final int EVALUATIONS = 70;

  @TempDir private Path folder;

  @Test
  void everyPropertyOfNatGoesRound() {
    try (Problem problem = table()) {
      NAT nat = new NAT(problem);
      TypedProperties usual = nat.getConfiguration();
      TypedProperties changed = new TypedProperties();
      Map<String, String> words =
          Map.of(
              "search", "RANDOM",
              "surrogate.combine", "MEDIAN",
              "nat.ux.rate", "0.5",
              "nat.pm.rate", "0.5");
      for (String key : usual.keySet()) {
        String value = usual.getString(key);
        String other = words.getOrDefault(key, "");
        if (value.matches("true|false")) {
          other = String.valueOf(!Boolean.parseBoolean(value));
        } else if (other.isEmpty() && value.matches("\\d+")) {
          other = String.valueOf(Integer.parseInt(value) + 3);
        } else if (other.isEmpty() && value.matches("[0-9.E-]+")) {
          other = String.valueOf(Double.parseDouble(value) * 2);
        }
        if (!other.isEmpty() && !key.equals("operator")) {
          changed.setString(key, other);
        }
      }
      changed.setString("seed", "-7");
      Set<String> kept = new TreeSet<>(usual.keySet());
      kept.removeAll(changed.keySet());
      // What an algorithm is can't be changed, and another surrogate has other properties.
      assertEquals(Set.of("algorithm", "problem", "operator", "surrogate"), kept);
      nat.applyConfiguration(changed);
      changed.throwIfUnaccessedProperties();
      TypedProperties read = nat.getConfiguration();
      for (String key : changed.keySet()) {
        assertEquals(changed.getString(key), read.getString(key), key);
      }
      NAT twin = new NAT(problem);
      twin.applyConfiguration(read);
      assertEquals(read, twin.getConfiguration());
      for (Map.Entry<String, String> word :
          Map.of("operator", "nat.ux", "surrogate", "rbf").entrySet()) {
        NAT one = new NAT(problem);
        one.applyConfiguration(TypedProperties.of(word.getKey(), word.getValue()));
        assertNotEquals(usual, one.getConfiguration());
        NAT another = new NAT(problem);
        another.applyConfiguration(one.getConfiguration());
        assertEquals(one.getConfiguration(), another.getConfiguration());
      }
    }
  }

  @Test
  void everyOperatorGoesRoundAndLeavesForeignKeysUnread() {
    try (Problem problem = table()) {
      Set<String> seen = new TreeSet<>();
      for (String name : NatOperators.names()) {
        TypedProperties given = new TypedProperties();
        Variation usual =
            OperatorFactory.getInstance().getVariation(name, new TypedProperties(), problem);
        assertEquals(name, usual.getName());
        for (String key : usual.getConfiguration().keySet()) {
          given.setDouble(key, usual.getConfiguration().getDouble(key) / 2);
          seen.add(key);
        }
        Variation changed = OperatorFactory.getInstance().getVariation(name, given, problem);
        given.throwIfUnaccessedProperties();
        assertEquals(values(given), values(changed.getConfiguration()));
        TypedProperties foreign = TypedProperties.of(name + ".rat", "0.5");
        OperatorFactory.getInstance().getVariation(name, foreign, problem);
        assertThrows(ConfigurationException.class, foreign::throwIfUnaccessedProperties);
      }
      assertEquals(Set.of("nat.pm.distributionIndex", "nat.pm.rate", "nat.ux.rate"), seen);
    }
  }

  @Test
  void aKeyThatNatDoesNotKnowIsLeftUnreadAndRefusedByItsProvider() {
    try (Problem problem = table()) {
      for (String key : new String[] {"archivSize", "nat.ux.rat", "surrogate.member", "sbx.rate"}) {
        TypedProperties unknown = TypedProperties.of(key, "3");
        new NAT(problem).applyConfiguration(unknown);
        assertThrows(ConfigurationException.class, unknown::throwIfUnaccessedProperties);
        assertThrows(
            ProviderException.class,
            () ->
                AlgorithmFactory.getInstance()
                    .getAlgorithm("NAT", TypedProperties.of(key, "3"), problem));
      }
    }
  }

  @Test
  void theFrameworksCheckpointsResumeAfterEveryIteration() throws IOException {
    for (boolean adaptive : new boolean[] {false, true}) {
      try (Problem problem = adaptive ? new AdaptiveGrid(6, 8) : table()) {
        NAT whole = nat(problem);
        whole.run(EVALUATIONS);
        int steps = whole.history().size();
        assertTrue(steps > 2, steps + " steps");
        for (int step = 1; step < steps; step++) {
          File file = folder.resolve(adaptive + "-" + step).toFile();
          NAT broken = nat(problem);
          broken.addExtension(new CheckpointExtension(file, Frequency.ofIterations(1)));
          for (int i = 0; i < step; i++) {
            broken.step();
          }
          NAT resumed = nat(problem);
          resumed.addExtension(new CheckpointExtension(file, Frequency.ofIterations(1)));
          assertEquals(broken.getNumberOfEvaluations(), resumed.getNumberOfEvaluations());
          broken.terminate();
          resumed.run(EVALUATIONS - resumed.getNumberOfEvaluations());
          assertEquals(
              Rows.of(whole.getResult()), Rows.of(resumed.getResult()), "after step " + step);
          assertEquals(whole.history(), resumed.history());
        }
      }
    }
  }

  @Test
  void theInstrumenterWalksNatOnEveryKindOfProblemAndDisturbsNothing() {
    for (String name : new String[] {TABLE, "NAT-tiny"}) {
      try (Problem problem = ProblemFactory.getInstance().getProblem(name)) {
        NAT plain = nat(problem);
        plain.run(EVALUATIONS);
        NAT walked = nat(problem);
        InstrumentedAlgorithm<NAT> instrumented =
            new Instrumenter()
                .withReferenceSet(plain.getResult())
                .withFrequency(Frequency.ofIterations(1))
                .attachAll()
                .instrument(walked);
        // Once more with what a run holds by then: threads and native memory on a supernet.
        walked.step();
        new Instrumenter().withReferenceSet(plain.getResult()).attachAll().instrument(walked);
        instrumented.run(EVALUATIONS - walked.getNumberOfEvaluations());
        assertEquals(Rows.of(plain.getResult()), Rows.of(walked.getResult()), name);
        assertEquals(walked.history().size(), instrumented.getSeries().size());
        Set<String> recorded = instrumented.getSeries().getDefinedProperties();
        assertTrue(
            recorded.containsAll(
                Set.of("Hypervolume", "Population Size", "Elapsed Time", "NFE", "Contribution")),
            recorded::toString);
      }
    }
  }

  @Test
  void distributedProblemsGiveTheSameSolutions() {
    for (String name : new String[] {"NAT-quick", "NSGAIII", "Random", "NAT-random"}) {
      for (String problemName : new String[] {TABLE, "Small-sample"}) {
        List<String> alone;
        try (Problem problem = ProblemFactory.getInstance().getProblem(problemName)) {
          alone = run(name, problem);
        }
        assertFalse(alone.isEmpty());
        try (Problem problem =
            DistributedProblem.from(ProblemFactory.getInstance().getProblem(problemName), 2)) {
          assertEquals(alone, run(name, problem), name + " on " + problemName);
        }
      }
    }
  }

  private static List<String> run(String name, Problem problem) {
    PRNG.setSeed(8);
    TypedProperties properties = new TypedProperties();
    if (name.startsWith("NAT")) {
      properties.setString("surrogate", "rbf");
      properties.setInt("initialArchiveSize", 20);
    } else {
      properties.setInt("populationSize", 20);
      properties.setString("operator", "nat.ux+nat.pm");
    }
    Algorithm algorithm = AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
    algorithm.run(EVALUATIONS);
    return Rows.of(algorithm.getResult());
  }

  private static Problem table() {
    return ProblemFactory.getInstance().getProblem(TABLE);
  }

  private static NAT nat(Problem problem) {
    NAT nat = new NAT(problem);
    nat.getSettings().setSeed("9");
    nat.getSettings().setMaxEvaluations(EVALUATIONS);
    nat.getSettings().setInitialArchiveSize(12);
    nat.getSettings().setArchiveSize(16);
    nat.getSettings().setNewMembers(6);
    nat.getSettings().setPopulationSize(16);
    nat.getSettings().setGenerations(5);
    nat.getSettings().setSurrogateName("rbf");
    return nat;
  }

  private static Map<String, Double> values(TypedProperties properties) {
    Map<String, Double> values = new TreeMap<>();
    properties.keySet().forEach(key -> values.put(key, properties.getDouble(key)));
    return values;
  }
}
