package io.github.moeanat.experiment.bench;

import io.github.moeanat.evaluation.Machine;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.problem.ProblemDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Measures how fast this machine measures and trains, with one thread a tensor operation. */
public final class Bench {

  private static final double QUIET = 0.5;
  private static final List<String> RECORDED = List.of("digits", "cifar10");

  private final BenchSettings settings;
  private final List<BenchCase> cases;

  /**
   * Creates the measurement of some figures.
   *
   * @throws IllegalArgumentException if a case is unknown, or no section has any of the cases
   */
  public Bench(BenchSettings settings) {
    this.settings = settings;
    for (String name : settings.cases()) {
      if (!cases().contains(name)) {
        throw new IllegalArgumentException(
            "no case '" + name + "'" + Suggestions.forName(name, cases()));
      }
    }
    cases = settings.cases().stream().map(BenchCase::of).toList();
    if (settings.sections().stream().noneMatch(this::hasCase)) {
      BenchSection section = settings.sections().get(0);
      throw new IllegalArgumentException(
          "section %s has no case %s; it has %s"
              .formatted(
                  section.id(),
                  String.join(", ", settings.cases()),
                  cases().stream()
                      .filter(name -> isIn(section, BenchCase.of(name)))
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Names of all cases. */
  public static List<String> cases() {
    return BenchCase.names();
  }

  private boolean hasCase(BenchSection section) {
    return switch (section) {
      case MEASURING, TRAINING, WORKERS -> !cases(section).isEmpty();
      default -> true;
    };
  }

  private List<BenchCase> cases(BenchSection section) {
    return cases.stream().filter(each -> isIn(section, each)).toList();
  }

  private static boolean isIn(BenchSection section, BenchCase each) {
    return switch (section) {
      case MEASURING -> each.measures();
      case TRAINING -> each.trains();
      case WORKERS -> each.measures() && each.trains();
      default -> false;
    };
  }

  /**
   * Measures all that was asked for.
   *
   * @param recorded what the section of shared prefixes looks at: empty for the recorded iterations
   * @param progress told of long work; warned of a machine that is not quiet
   * @param told hears each figure as soon as it is known
   * @throws CancellationException if {@code progress} asked to stop
   * @throws IOException if another process fails
   */
  public BenchReport run(List<Candidates> recorded, Progress progress, Consumer<Figure> told)
      throws IOException {
    Machine machine = Machine.here();
    OptionalDouble load = machine.load();
    boolean timed = settings.sections().stream().anyMatch(each -> each != BenchSection.SHARING);
    if (timed && load.orElse(0) > QUIET) {
      progress.warning(
          "the machine is not quiet (load %s on %d processors): these figures are not to be trusted"
              .formatted(Figure.number(load.getAsDouble()), machine.processors()));
    }
    List<Figure> figures = new ArrayList<>();
    for (BenchSection section : settings.sections()) {
      Consumer<List<Figure>> done =
          some -> {
            some.forEach(told);
            figures.addAll(some);
          };
      switch (section) {
        case MEASURING -> {
          for (BenchCase each : cases(section)) {
            done.accept(List.of(new MeasuringSection(each, settings).run(progress)));
          }
        }
        case TRAINING -> {
          for (BenchCase small : cases(section)) {
            done.accept(new TrainingSection(small, settings, System::nanoTime).run(progress));
          }
        }
        case WORKERS -> {
          for (BenchCase small : cases(section)) {
            done.accept(new WorkersSection(small, settings).run(progress));
          }
        }
        case READY -> done.accept(new ReadySection(settings).run(progress));
        case PEAK -> done.accept(new PeakSection(settings).run(progress));
        case MEMORY -> done.accept(new MemorySection(settings).run(progress));
        case SHARING -> done.accept(sharing(recorded.isEmpty() ? recorded() : recorded));
        default -> throw new IllegalArgumentException("no section " + section);
      }
    }
    return new BenchReport(machine, load, settings, figures);
  }

  private static List<Figure> sharing(List<Candidates> recorded) {
    return recorded.stream().map(SharingSection::figure).toList();
  }

  private static List<Candidates> recorded() {
    List<Candidates> recorded = new ArrayList<>();
    for (String problem : RECORDED) {
      ProblemDefinition definition = BenchCase.definition(problem);
      RecordedIteration iteration = RecordedIteration.of(problem);
      recorded.add(
          new Candidates(
              "the new members of an iteration on " + problem, iteration.fresh(), definition));
      recorded.add(
          new Candidates(
              "all members of an iteration on " + problem, iteration.members(), definition));
    }
    return recorded;
  }
}
