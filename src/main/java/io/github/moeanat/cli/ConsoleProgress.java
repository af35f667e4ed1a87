package io.github.moeanat.cli;

import io.github.moeanat.internal.Progress;
import java.text.DecimalFormat;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * Progress on a console. One lock guards all phases: steps are seldom compared with what they cost,
 * and a terminal has room for one bar only.
 */
final class ConsoleProgress implements Progress {

  private static final Duration WORTH_SHOWING = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final int REFRESH_MILLIS = 500;
  private static final int INDEFINITE = -1;

  private final Console console;
  private final Cancellation cancellation;
  private int begun;
  private ConsolePhase shown;
  private ProgressBar bar;

  ConsoleProgress(Console console, Cancellation cancellation) {
    this.console = console;
    this.cancellation = cancellation;
  }

  @Override
  public Phase begin(String name, long steps) {
    return begin(name, steps, "");
  }

  @Override
  public synchronized Phase begin(String name, long steps, String unit) {
    return new ConsolePhase(name, steps, unit, begun++);
  }

  @Override
  public void warning(String message) {
    console.warning(message);
  }

  private final class ConsolePhase implements Phase {

    private final String name;
    private final long steps;
    private final String unit;
    private final int order;
    private final long start;
    private long lastLine;
    private long done;
    private boolean closed;

    ConsolePhase(String name, long steps, String unit, int order) {
      this.name = name;
      this.steps = steps;
      this.unit = unit;
      this.order = order;
      this.start = console.nanoTime();
      this.lastLine = start;
    }

    @Override
    public void step() {
      cancellation.check();
      synchronized (ConsoleProgress.this) {
        done++;
        if (!closed && !console.isQuiet()) {
          show();
        }
      }
    }

    @Override
    public void close() {
      synchronized (ConsoleProgress.this) {
        if (closed) {
          return;
        }
        closed = true;
        if (shown == this) {
          hideBar();
        }
        if (elapsed().compareTo(WORTH_SHOWING) >= 0) {
          console.info(name + ": " + summary());
        }
      }
    }

    private void show() {
      if (console.isTerminal()) {
        if (elapsed().compareTo(WORTH_SHOWING) >= 0) {
          showBar(this);
        }
      } else {
        long now = console.nanoTime();
        if (now - lastLine >= BETWEEN_LINES.toNanos() && done != steps) {
          lastLine = now;
          console.info(name + ": " + state());
        }
      }
    }

    private String state() {
      if (done > steps) {
        return done + " done after " + Durations.format(elapsed());
      }
      Duration left = remaining(elapsed(), done, steps);
      return "%d of %d, %d %%%s, %s left"
          .formatted(done, steps, 100 * done / steps, speed(), Durations.format(left));
    }

    private String summary() {
      String time = Durations.format(elapsed());
      if (done < steps) {
        return "stopped at %d of %d after %s".formatted(done, steps, time);
      }
      return done + " done in " + time + speed();
    }

    private String speed() {
      double seconds = elapsed().toNanos() / 1e9;
      return unit.isEmpty() || seconds == 0 ? "" : ", %.0f %s/s".formatted(done / seconds, unit);
    }

    private Duration elapsed() {
      return Duration.ofNanos(console.nanoTime() - start);
    }
  }

  // The innermost phase, which moves fastest, has the bar.
  private void showBar(ConsolePhase phase) {
    if (shown != null && shown.order > phase.order) {
      return;
    }
    if (shown != phase) {
      hideBar();
      shown = phase;
      console.setBarShown(true);
      ProgressBarBuilder builder =
          new ProgressBarBuilder()
              .setTaskName(phase.name)
              .setInitialMax(phase.steps > 0 ? phase.steps : INDEFINITE)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .continuousUpdate()
              .startsFrom(phase.done, phase.elapsed())
              .setEtaFunction(ConsoleProgress::remaining)
              .setConsumer(new BarLine(console))
              .clearDisplayOnFinish();
      if (!phase.unit.isEmpty()) {
        builder.setUnit(" " + phase.unit, 1).showSpeed(new DecimalFormat("0"));
      }
      bar = builder.build();
    }
    bar.stepTo(phase.done);
  }

  // The library's own estimate leaves out the time before the bar was shown.
  private static Optional<Duration> remaining(ProgressState state) {
    if (state.isIndefinite() || state.getCurrent() == 0) {
      return Optional.empty();
    }
    return Optional.of(remaining(state.getTotalElapsed(), state.getCurrent(), state.getMax()));
  }

  private static Duration remaining(Duration elapsed, long done, long steps) {
    return Duration.ofNanos((long) ((double) elapsed.toNanos() / done * Math.max(0, steps - done)));
  }

  private void hideBar() {
    if (shown != null) {
      bar.close();
      console.setBarShown(false);
      shown = null;
    }
  }

  /** The library's own consumer leaves an empty line behind a bar that has been cleared. */
  private static final class BarLine extends ConsoleProgressBarConsumer {

    private final Console console;

    // The width is given, for the library would else open the terminal and catch its signals.
    BarLine(Console console) {
      super(console.barStream(), console.barWidth());
      this.console = console;
    }

    @Override
    public void close() {
      console.barStream().flush();
    }
  }
}
