package snippet;

// begin
import io.github.moeanat.algorithm.NatCollectors;
import java.util.List;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.extension.Frequency;
import org.moeaframework.analysis.IndicatorStatistics;
import org.moeaframework.analysis.runtime.InstrumentedAlgorithm;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.indicator.Hypervolume;
import org.moeaframework.core.population.NondominatedPopulation;
import org.moeaframework.core.spi.AlgorithmFactory;
import org.moeaframework.core.spi.ProblemFactory;
import org.moeaframework.problem.Problem;

public class FrameworkStudy {

  /** Arguments: a problem that has a reference set, seeds, evaluations of each run. */
  public static void main(String[] args) {
    NondominatedPopulation reference = ProblemFactory.getInstance().getReferenceSet(args[0]);
    try (Problem problem = ProblemFactory.getInstance().getProblem(args[0])) {
      IndicatorStatistics statistics = new IndicatorStatistics(new Hypervolume(problem, reference));
      for (String name : List.of("NAT-quick", "NSGAII")) {
        TypedProperties properties = new TypedProperties();
        properties.setString("operator", "nat.ux+nat.pm");
        properties.setInt("populationSize", 20);
        for (int seed = 1; seed <= Integer.parseInt(args[1]); seed++) {
          PRNG.setSeed(seed);
          Algorithm algorithm =
              AlgorithmFactory.getInstance().getAlgorithm(name, properties, problem);
          Instrumenter instrumenter =
              new Instrumenter()
                  .withReferenceSet(reference)
                  .withFrequency(Frequency.ofEvaluations(20))
                  .attachHypervolumeCollector();
          NatCollectors.all().forEach(instrumenter::attach);
          InstrumentedAlgorithm<Algorithm> run = instrumenter.instrument(algorithm);
          run.run(Integer.parseInt(args[2]));
          statistics.add(name, run.getResult());
          if (seed == 1) {
            run.getSeries().display();
          }
        }
      }
      statistics.display();
    }
  }
}
// end
