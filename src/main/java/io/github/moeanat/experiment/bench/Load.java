package io.github.moeanat.experiment.bench;

/** Work that is done again and again. */
interface Load extends AutoCloseable {

  /** Does the work once. */
  void run();

  /** Does what comes before the first run that counts. */
  default void prepare() {
    run();
  }

  @Override
  void close();

  /**
   * How often a load was run.
   *
   * @param runs whole runs
   * @param seconds that they took together
   */
  record Window(long runs, double seconds) {

    /** Runs a second. */
    double rate() {
      return runs / seconds;
    }
  }

  /** Runs until some seconds have passed, at least once, and finishes what it has begun. */
  default Window watch(double seconds) {
    long start = System.nanoTime();
    long runs = 0;
    double passed = 0;
    while (runs == 0 || passed < seconds) {
      run();
      runs++;
      passed = (System.nanoTime() - start) * 1e-9;
    }
    return new Window(runs, passed);
  }
}
