package io.github.moeanat.algorithm;

import io.github.moeanat.surrogate.Surrogate;
import io.github.moeanat.surrogate.Surrogates;
import org.moeaframework.core.TypedProperties;
import org.moeaframework.core.configuration.Configurable;
import org.moeaframework.core.configuration.Property;
import org.moeaframework.util.validate.Validate;

/**
 * The tunables of {@link NAT}, with the paper's values as defaults. Setters, property files and the
 * command line share them.
 */
public final class NatSettings implements Configurable {

  /** Stands for "no limit" in properties. */
  public static final int UNLIMITED = 0;

  private int initialArchiveSize = 100;
  private int archiveSize = 300;
  private int populationSize = 100;
  private int generations = 100;
  private int iterations = UNLIMITED;
  private int adaptiveIterations = 30;
  private int newMembers = UNLIMITED;
  private int trainingSize = UNLIMITED;
  private int maxEvaluations = UNLIMITED;
  private boolean cutAfterMeasuring;
  private SearchKind search = SearchKind.NSGA3;
  private Surrogate surrogate = Surrogates.byName("rbf-ensemble");
  private String seed = "";

  @Override
  public void applyConfiguration(TypedProperties properties) {
    // Before the surrogate's own properties are applied to it.
    if (properties.contains("surrogate")) {
      setSurrogateName(properties.getString("surrogate"));
    }
    Configurable.super.applyConfiguration(properties);
  }

  /** Returns a setting as a number to compare with. */
  static int limit(int setting) {
    return setting == UNLIMITED ? Integer.MAX_VALUE : setting;
  }

  /** Architectures of the first sample. */
  public int getInitialArchiveSize() {
    return initialArchiveSize;
  }

  /** Sets the number of architectures of the first sample. */
  @Property
  public void setInitialArchiveSize(int initialArchiveSize) {
    Validate.that("initialArchiveSize", initialArchiveSize).isGreaterThanOrEqualTo(2);
    this.initialArchiveSize = initialArchiveSize;
  }

  /** Places in the archive. */
  public int getArchiveSize() {
    return archiveSize;
  }

  /** Sets the number of places in the archive. */
  @Property
  public void setArchiveSize(int archiveSize) {
    Validate.that("archiveSize", archiveSize).isGreaterThanOrEqualTo(2);
    this.archiveSize = archiveSize;
  }

  /** Population of the search on predictions. */
  public int getPopulationSize() {
    return populationSize;
  }

  /** Sets the population of the search on predictions. */
  @Property
  public void setPopulationSize(int populationSize) {
    Validate.that("populationSize", populationSize).isGreaterThanOrEqualTo(2);
    this.populationSize = populationSize;
  }

  /** Generations of the search on predictions. */
  public int getGenerations() {
    return generations;
  }

  /** Sets the number of generations of the search on predictions. */
  @Property
  public void setGenerations(int generations) {
    Validate.that("generations", generations).isGreaterThan(0);
    this.generations = generations;
  }

  /**
   * Iterations on whatever problem; 0 means {@link #getAdaptiveIterations()} on a problem that can
   * be adapted and no limit elsewhere.
   */
  public int getIterations() {
    return iterations;
  }

  /** Sets the number of iterations; see {@link #getIterations()}. */
  @Property
  public void setIterations(int iterations) {
    Validate.that("iterations", iterations).isGreaterThanOrEqualTo(0);
    this.iterations = iterations;
  }

  /** Iterations on a problem that can be adapted, where {@link #getIterations()} is 0. */
  public int getAdaptiveIterations() {
    return adaptiveIterations;
  }

  /** Sets the number of iterations on a problem that can be adapted. */
  @Property
  public void setAdaptiveIterations(int adaptiveIterations) {
    Validate.that("adaptiveIterations", adaptiveIterations).isGreaterThan(0);
    this.adaptiveIterations = adaptiveIterations;
  }

  /** Most architectures measured for the first time in one iteration; 0 means no limit. */
  public int getNewMembers() {
    return newMembers;
  }

  /** Sets how many architectures one iteration measures for the first time at most. */
  @Property
  public void setNewMembers(int newMembers) {
    Validate.that("newMembers", newMembers).isGreaterThanOrEqualTo(0);
    this.newMembers = newMembers;
  }

  /** Members of the archive that the surrogate is fitted to; 0 means all. */
  public int getTrainingSize() {
    return trainingSize;
  }

  /** Sets how many members, cut by reference directions, the surrogate is fitted to. */
  @Property("surrogate.trainingSize")
  public void setTrainingSize(int trainingSize) {
    Validate.that("surrogate.trainingSize", trainingSize).isGreaterThanOrEqualTo(0);
    this.trainingSize = trainingSize;
  }

  /** Measurements in all; 0 means as many as the run is given. */
  public int getMaxEvaluations() {
    return maxEvaluations;
  }

  /** Sets the number of measurements in all; it wins over what the run is given. */
  @Property
  public void setMaxEvaluations(int maxEvaluations) {
    Validate.that("maxEvaluations", maxEvaluations).isGreaterThanOrEqualTo(0);
    this.maxEvaluations = maxEvaluations;
  }

  /** Whether the archive is cut to its size after measuring instead of before. */
  public boolean isCutAfterMeasuring() {
    return cutAfterMeasuring;
  }

  /** Sets whether the archive is cut to its size after measuring instead of before. */
  @Property
  public void setCutAfterMeasuring(boolean cutAfterMeasuring) {
    this.cutAfterMeasuring = cutAfterMeasuring;
  }

  /** Where candidates come from. */
  public SearchKind getSearch() {
    return search;
  }

  /** Sets where candidates come from. */
  @Property
  public void setSearch(SearchKind search) {
    Validate.that("search", search).isNotNull();
    this.search = search;
  }

  /** What predicts expensive values. */
  public Surrogate getSurrogate() {
    return surrogate;
  }

  /** Name of what predicts expensive values. */
  public String getSurrogateName() {
    return surrogate.name();
  }

  /**
   * Sets what predicts expensive values; its own properties are back at their defaults.
   *
   * @throws IllegalArgumentException if no surrogate has that name
   */
  @Property("surrogate")
  public void setSurrogateName(String name) {
    if (!name.equals(surrogate.name())) {
      surrogate = Surrogates.byName(name);
    }
  }

  /** Seed of the run as a decimal number; empty means drawn from the framework's generator. */
  public String getSeed() {
    return seed;
  }

  /**
   * Sets the seed of the run; an empty text draws one from the framework's generator.
   *
   * @throws IllegalArgumentException if the text is not a whole number of 64 bits
   */
  @Property
  public void setSeed(String seed) {
    if (!seed.isEmpty()) {
      try {
        Long.parseLong(seed);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "seed is '" + seed + "', expected a whole number of 64 bits", e);
      }
    }
    this.seed = seed;
  }
}
