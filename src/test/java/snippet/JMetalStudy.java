package snippet;

// begin
import io.github.moeanat.jmetal.NatCrossover;
import io.github.moeanat.jmetal.NatIntegerProblem;
import io.github.moeanat.jmetal.NatMutation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.moeaframework.core.spi.ProblemFactory;
import org.uma.jmetal.algorithm.multiobjective.agemoea.AGEMOEABuilder;
import org.uma.jmetal.algorithm.multiobjective.smsemoa.SMSEMOABuilder;
import org.uma.jmetal.lab.experiment.Experiment;
import org.uma.jmetal.lab.experiment.ExperimentBuilder;
import org.uma.jmetal.lab.experiment.component.impl.ComputeQualityIndicators;
import org.uma.jmetal.lab.experiment.component.impl.ExecuteAlgorithms;
import org.uma.jmetal.lab.experiment.component.impl.GenerateReferenceParetoFront;
import org.uma.jmetal.lab.experiment.util.ExperimentAlgorithm;
import org.uma.jmetal.lab.experiment.util.ExperimentProblem;
import org.uma.jmetal.qualityindicator.impl.InvertedGenerationalDistancePlus;
import org.uma.jmetal.qualityindicator.impl.hypervolume.impl.PISAHypervolume;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.util.evaluator.impl.MultiThreadedSolutionListEvaluator;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;

public class JMetalStudy {

  private static final int RUNS = 3;

  /** Arguments: a problem, a folder for the results, evaluations of each run. */
  public static void main(String[] args) throws IOException {
    JMetalRandom.getInstance().setSeed(1);
    try (NatIntegerProblem problem =
        new NatIntegerProblem(ProblemFactory.getInstance().getProblem(args[0]))) {
      List<ExperimentProblem<IntegerSolution>> problems = List.of(new ExperimentProblem<>(problem));
      Experiment<IntegerSolution, List<IntegerSolution>> study =
          new ExperimentBuilder<IntegerSolution, List<IntegerSolution>>("study")
              .setAlgorithmList(algorithms(problems.get(0), problem, Integer.parseInt(args[2])))
              .setProblemList(problems)
              .setIndependentRuns(RUNS)
              .setExperimentBaseDirectory(args[1])
              .setReferenceFrontDirectory(Path.of(args[1], "fronts").toString())
              .setOutputParetoFrontFileName("FUN")
              .setOutputParetoSetFileName("VAR")
              .setIndicatorList(
                  List.of(new PISAHypervolume(), new InvertedGenerationalDistancePlus()))
              // More would share one generator without a lock; evaluations may use all cores.
              .setNumberOfCores(1)
              .build();
      new ExecuteAlgorithms<>(study).run();
      new GenerateReferenceParetoFront(study).run();
      new ComputeQualityIndicators<>(study).run();
    }
  }

  private static List<ExperimentAlgorithm<IntegerSolution, List<IntegerSolution>>> algorithms(
      ExperimentProblem<IntegerSolution> tag, NatIntegerProblem problem, int evaluations) {
    int population = 10;
    var crossover = new NatCrossover(0.9);
    var mutation = new NatMutation(1.0 / problem.numberOfVariables(), 1);
    List<ExperimentAlgorithm<IntegerSolution, List<IntegerSolution>>> algorithms =
        new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      var smsEmoa =
          new SMSEMOABuilder<>(problem, crossover, mutation)
              .setPopulationSize(population)
              .setMaxEvaluations(evaluations)
              .build();
      var ageMoea =
          new AGEMOEABuilder<>(problem)
              .setCrossoverOperator(crossover)
              .setMutationOperator(mutation)
              .setPopulationSize(population)
              .setMaxIterations(evaluations / population)
              .setSolutionListEvaluator(new MultiThreadedSolutionListEvaluator<>(0))
              .build();
      algorithms.add(new ExperimentAlgorithm<>(smsEmoa, tag, run));
      algorithms.add(new ExperimentAlgorithm<>(ageMoea, tag, run));
    }
    return algorithms;
  }
}
// end
