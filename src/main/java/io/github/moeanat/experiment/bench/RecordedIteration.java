package io.github.moeanat.experiment.bench;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.SearchSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * What NAT has measured in one iteration of a real search.
 *
 * <p>The file {@code PROBLEM-iteration.csv} has a row for each member of the archive after the
 * iteration, and says how the search was started in comments that begin with #. The columns are
 * {@code new}, 1 for a member that the iteration measured for the first time and else 0; {@code
 * resolution} in pixels; {@code width}; and {@code stage1} to {@code stage5}, the layers of a stage
 * with a blank between two, each as its kernel size, x, its expand ratio. All are values and no
 * indices, so that a file stays what it is when its problem gets other choices.
 *
 * <p>It is made from two copies of a run's {@code archive.csv}, which is written anew by every
 * iteration: one after the iteration, one after the iteration before. Each row of the former is a
 * member; its genes {@code r}, {@code w} and {@code l1} to {@code l20} are brought to values by the
 * {@link ArchitectureCodec} of the problem as it was searched. Members whose genes are in no row of
 * the other copy are new.
 *
 * @param members the archive after the iteration, all of which was measured
 * @param fresh its members that were new
 */
record RecordedIteration(List<Architecture> members, List<Architecture> fresh) {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setCommentMarker('#')
          .setHeader()
          .setSkipHeaderRecord(true)
          .build();

  /** Copies the lists. */
  RecordedIteration {
    members = List.copyOf(members);
    fresh = List.copyOf(fresh);
  }

  /**
   * Returns the one recorded of a problem.
   *
   * @param problem {@code digits} or {@code cifar10}
   * @throws IllegalArgumentException if the problem has no longer what was recorded
   */
  static RecordedIteration of(String problem) {
    ProblemDefinition definition = BenchCase.definition(problem);
    String file = problem + "-iteration.csv";
    try (InputStream stream = RecordedIteration.class.getResourceAsStream(file);
        Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      return read(reader, file, definition.space());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file.
   *
   * @param file its name, for messages
   * @param space what all members should be in
   * @throws IllegalArgumentException if a row is not as it should be or not in the space
   */
  static RecordedIteration read(Reader reader, String file, SearchSpace space) throws IOException {
    ArchitectureCodec codec = new ArchitectureCodec(space);
    List<Architecture> members = new ArrayList<>();
    List<Architecture> fresh = new ArrayList<>();
    for (CSVRecord row : FORMAT.parse(reader)) {
      try {
        Architecture member = architecture(row);
        codec.encode(member);
        members.add(member);
        if (isNew(row.get("new"))) {
          fresh.add(member);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s: row %d, %s: %s"
                .formatted(file, row.getRecordNumber(), row.toList(), e.getMessage()),
            e);
      }
    }
    return new RecordedIteration(members, fresh);
  }

  private static boolean isNew(String text) {
    if (!text.matches("[01]")) {
      throw new IllegalArgumentException("new is '" + text + "', expected 0 or 1");
    }
    return text.equals("1");
  }

  private static Architecture architecture(CSVRecord row) {
    return new Architecture(
        Integer.parseInt(row.get("resolution")),
        Double.parseDouble(row.get("width")),
        IntStream.rangeClosed(1, SearchSpace.STAGES)
            .mapToObj(stage -> layers(row.get("stage" + stage)))
            .toList());
  }

  private static List<Layer> layers(String text) {
    return Arrays.stream(text.split(" ")).map(RecordedIteration::layer).toList();
  }

  private static Layer layer(String text) {
    if (!text.matches("\\d{1,3}x\\d{1,3}")) {
      throw new IllegalArgumentException(
          "a layer is '" + text + "', expected a kernel size, x and an expand ratio, as in 3x6");
    }
    String[] numbers = text.split("x");
    return new Layer(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }
}
