package io.github.moeanat.experiment.bench;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What NAT has measured in one iteration of a real search.
 *
 * @param members the archive after the iteration, all of which was measured
 * @param fresh its members that were new
 */
record RecordedIteration(List<Architecture> members, List<Architecture> fresh) {

  /** Copies the lists. */
  RecordedIteration {
    members = List.copyOf(members);
    fresh = List.copyOf(fresh);
  }

  /**
   * Returns the one recorded of a problem. Its file has a line for each member: 1 if it was new,
   * else 0, and the genes; lines with # are comments.
   *
   * @param problem {@code digits} or {@code cifar10}
   */
  static RecordedIteration of(String problem) {
    ProblemDefinition definition = BenchCase.definition(problem);
    ArchitectureCodec codec = new ArchitectureCodec(definition.space());
    List<Architecture> members = new ArrayList<>();
    List<Architecture> fresh = new ArrayList<>();
    String file = problem + "-iteration.csv";
    try (InputStream stream = RecordedIteration.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line : reader.lines().filter(text -> !text.startsWith("#")).toList()) {
        int[] cells = Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray();
        Architecture member = codec.decode(Arrays.copyOfRange(cells, 1, cells.length));
        members.add(member);
        if (cells[0] == 1) {
          fresh.add(member);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RecordedIteration(members, fresh);
  }
}
