package io.github.moeanat;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.FrontMember;
import io.github.moeanat.experiment.RunFolder;
import io.github.moeanat.experiment.RunListener;
import io.github.moeanat.experiment.RunPlan;
import io.github.moeanat.experiment.RunSummary;
import io.github.moeanat.experiment.SearchRun;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.Execution;
import io.github.moeanat.problem.ProblemDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whole searches on the digits reach; minutes long. */
@Tag("slow")
class DigitsSearchTest {

  private static final int LAST_ITERATIONS = 20;

  @TempDir private Path folder;

  @Test
  void theFrontIsWideAndItsBestSubnetIsGoodOnTestImages() throws IOException {
    RunSummary summary = search("digits", "NAT-quick", 1, Map.of(), record -> {});
    List<FrontMember> front = summary.front();
    assertTrue(front.size() >= 8, front.size() + " subnets");
    double spread =
        front.get(front.size() - 1).cost().madds() / (double) front.get(0).cost().madds();
    assertTrue(spread >= 1.8, "multiply-adds spread " + spread);
    FrontMember best =
        Collections.max(front, Comparator.comparingDouble(FrontMember::validationAccuracy));
    assertTrue(best.testAccuracy() >= 0.98, "test accuracy " + best.testAccuracy());
  }

  @Test
  void theSearchFindsMoreThanRandomCandidates() throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      double searched = search("digits", "NAT-quick", seed, Map.of(), r -> {}).hypervolume();
      double random = search("digits", "NAT-random", seed, Map.of(), r -> {}).hypervolume();
      System.out.printf("seed %d: hypervolume %.4f, random %.4f%n", seed, searched, random);
      assertTrue(searched > random, "seed " + seed);
    }
  }

  @Test
  void residentMemoryOfALongRunIsFlat() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "resident memory is read from /proc");
    List<Long> resident = new ArrayList<>();
    search(
        "tiny",
        "tiny",
        1,
        Map.of("iterations", "60", "initialArchiveSize", "20", "archiveSize", "20"),
        record -> resident.add(residentKilobytes(status)));
    List<Long> last = resident.subList(resident.size() - LAST_ITERATIONS, resident.size());
    double growth = Collections.max(last) / (double) Collections.min(last);
    System.out.printf("resident memory: %s kB, max/min %.3f%n", last, growth);
    assertTrue(growth <= 1.05, "resident memory " + last);
  }

  private interface AfterIteration {
    void accept(IterationRecord iteration) throws IOException;
  }

  private RunSummary search(
      String problem,
      String algorithm,
      long seed,
      Map<String, String> overrides,
      AfterIteration after)
      throws IOException {
    RunPlan plan =
        new RunPlan(
            problem,
            ProblemDefinition.FILES.load(problem, Map.of()),
            algorithm,
            NatAlgorithms.FILES.load(algorithm, overrides),
            seed);
    RunListener listener =
        new RunListener() {
          @Override
          public void iteration(
              IterationRecord iteration, Duration elapsed, Optional<Duration> remaining) {
            try {
              after.accept(iteration);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }

          @Override
          public void warning(String message) {}
        };
    try (RunFolder run = RunFolder.create(folder.resolve(algorithm + seed))) {
      return new SearchRun(
              plan, run, Execution.fromSystem(), Progress.NONE, listener, InstantSource.system())
          .run();
    }
  }

  private static long residentKilobytes(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(status + " does not say VmRSS");
  }
}
