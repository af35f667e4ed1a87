package io.github.moeanat.jmetal;

import java.util.Arrays;
import java.util.Optional;

/**
 * jMetal's algorithms that the framework gets by name. Knows nothing of jMetal's classes, which may
 * be absent.
 */
enum JMetalMethod {
  ABYSS("AbYSS", true, true),
  AGEMOEA("AGEMOEA", true, true),
  AGEMOEAII("AGEMOEAII", true, false),
  ESPEA("ESPEA", false, true),
  GDE3("GDE3", true, false),
  // Its ranking takes feasible solutions in pairs and fails where their number is odd.
  GWASFGA("GWASFGA", false, true),
  IBEA("IBEA", true, false),
  MOCELL("MOCell", true, true),
  MOEAD("MOEAD", true, false),
  MOMBI("MOMBI", false, true),
  MOMBI2("MOMBI2", false, true),
  MOSA("MOSA", false, true),
  NSGAII("NSGAII", true, false),
  NSGAIII("NSGAIII", true, false),
  OMOPSO("OMOPSO", false, false),
  PAES("PAES", true, false),
  PESA2("PESA2", true, false),
  RNSGAII("RNSGAII", false, true),
  SMPSO("SMPSO", true, false),
  SMSEMOA("SMSEMOA", true, false),
  SPEA2("SPEA2", true, false),
  WASFGA("WASFGA", true, true);

  private static final String SUFFIX = "-JMetal";

  private final String plain;
  private final boolean heedsConstraints;
  private final boolean onlyInJMetal;

  JMetalMethod(String plain, boolean heedsConstraints, boolean onlyInJMetal) {
    this.plain = plain;
    this.heedsConstraints = heedsConstraints;
    this.onlyInJMetal = onlyInJMetal;
  }

  /** The name in the framework. */
  String registeredName() {
    return plain + SUFFIX;
  }

  /** Whether the algorithm runs with constraints and prefers feasible solutions. */
  boolean heedsConstraints() {
    return heedsConstraints;
  }

  /**
   * Finds the algorithm of a name, whatever its case; one that the framework has none of its own of
   * is known without {@value #SUFFIX} too.
   */
  static Optional<JMetalMethod> named(String name) {
    return Arrays.stream(values())
        .filter(
            method ->
                method.registeredName().equalsIgnoreCase(name)
                    || (method.onlyInJMetal && method.plain.equalsIgnoreCase(name)))
        .findFirst();
  }
}
