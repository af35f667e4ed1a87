package io.github.moeanat.experiment.bench;

import io.github.moeanat.experiment.bench.Load.Window;
import io.github.moeanat.internal.Suggestions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that works beside others: it says {@code ready} once it has prepared its load, then for
 * every line with a number of seconds works as long with one worker and answers with {@code done
 * RUNS SECONDS}. It ends with its input.
 */
public final class BenchProcess {

  static final String READY = "ready";
  static final String DONE = "done";
  private static final int WRONG_INPUT = 2;

  private BenchProcess() {}

  /**
   * Works; arguments are a load, {@code measuring} or {@code training}, and a case, or {@code
   * loading} and a problem.
   */
  public static void main(String[] arguments) {
    int code = 0;
    try {
      work(load(arguments[0], arguments[1]));
    } catch (IllegalArgumentException | IOException e) {
      System.err.println(e.getMessage());
      code = WRONG_INPUT;
    }
    System.exit(code);
  }

  /** Creates the load of a name with one worker. */
  static Load load(String name, String small) {
    return switch (name) {
      case WorkersSection.MEASURING -> new MeasuringLoad(BenchCase.of(small), 1);
      case WorkersSection.TRAINING -> WorkersSection.training(BenchCase.of(small), 1);
      case ReadySection.LOADING -> new LoadingLoad(BenchCase.definition(small));
      default ->
          throw new IllegalArgumentException(
              "no load '%s'%s"
                  .formatted(
                      name,
                      Suggestions.forName(
                          name,
                          List.of(
                              WorkersSection.MEASURING,
                              WorkersSection.TRAINING,
                              ReadySection.LOADING))));
    };
  }

  private static void work(Load opened) throws IOException {
    PrintStream out = System.out;
    try (Load load = opened;
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      load.prepare();
      out.println(READY);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Window window = load.watch(Double.parseDouble(line));
        out.println(DONE + " " + window.runs() + " " + window.seconds());
      }
    }
  }
}
