package io.github.moeanat.jmetal;

import java.util.logging.Level;
import org.uma.jmetal.util.JMetalLogger;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;
import org.uma.jmetal.util.pseudorandom.PseudoRandomGenerator;
import org.uma.jmetal.util.pseudorandom.impl.JavaRandomGenerator;

/**
 * Stands in the one place of jMetal's generator for the whole JVM and gives the thread of every run
 * a generator of its own; other threads draw from the generator that was there before. So runs of
 * one process neither share random numbers nor disturb those of native users.
 */
final class RunRandom implements PseudoRandomGenerator {

  private static final long serialVersionUID = 1L;
  private static final ThreadLocal<PseudoRandomGenerator> OWN = new ThreadLocal<>();

  static {
    // Creating NSGA-III tells the number of its reference points, which nobody asked a tool for.
    var earlier = JMetalLogger.logger.getFilter();
    JMetalLogger.logger.setFilter(
        entry ->
            (OWN.get() == null || entry.getLevel().intValue() > Level.INFO.intValue())
                && (earlier == null || earlier.isLoggable(entry)));
  }

  private final PseudoRandomGenerator others;

  private RunRandom(PseudoRandomGenerator others) {
    this.others = others;
  }

  /** Gives the calling thread its own generator, for as long as the thread lives. */
  static void seedThread(long seed) {
    OWN.set(new JavaRandomGenerator(seed));
    // A native user may have set another generator since the last run.
    synchronized (RunRandom.class) {
      PseudoRandomGenerator current = JMetalRandom.getInstance().getRandomGenerator();
      if (!(current instanceof RunRandom)) {
        JMetalRandom.getInstance().setRandomGenerator(new RunRandom(current));
      }
    }
  }

  private PseudoRandomGenerator generator() {
    PseudoRandomGenerator own = OWN.get();
    return own == null ? others : own;
  }

  @Override
  public int nextInt(int lowerBound, int upperBound) {
    return generator().nextInt(lowerBound, upperBound);
  }

  @Override
  public double nextDouble(double lowerBound, double upperBound) {
    return generator().nextDouble(lowerBound, upperBound);
  }

  @Override
  public double nextDouble() {
    return generator().nextDouble();
  }

  @Override
  public void setSeed(long seed) {
    generator().setSeed(seed);
  }

  @Override
  public long getSeed() {
    return generator().getSeed();
  }

  @Override
  public String getName() {
    return generator().getName();
  }
}
