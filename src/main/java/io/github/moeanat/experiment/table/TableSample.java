package io.github.moeanat.experiment.table;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.table.TableArchitectures;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.SearchSpace;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The architectures of a table, each once, with how they were chosen.
 *
 * @param drawn how each was chosen, in the order of the table
 * @param description which they are, in one line for people
 */
public record TableSample(Map<Architecture, Drawn> drawn, String description) {

  /** Most architectures of a table that has all of them. */
  public static final int MOST = 50_000;

  /** Most architectures of a sample. */
  public static final int MOST_SAMPLES = 1_000_000;

  private static final int STRATA = 50;
  // Draws in a row that bring nothing before a stratum counts as empty.
  private static final int PATIENCE = 20_000;

  /** How an architecture was chosen. */
  public enum Drawn {
    /** As one of all. */
    ALL,
    /** Uniformly over depths, kernel sizes, expand ratios, resolutions and widths. */
    GENES,
    /** Uniformly over multiply-adds. */
    MADDS,
    /** Because another table has it. */
    LIKE
  }

  /** Whether these are all that are searched. */
  boolean isOfAll() {
    return drawn.containsValue(Drawn.ALL);
  }

  /** Copies the map. */
  public TableSample {
    drawn = Collections.unmodifiableMap(new LinkedHashMap<>(drawn));
  }

  /**
   * Returns all architectures that are searched.
   *
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  public static TableSample all(ProblemDefinition definition) {
    BigInteger size = definition.searched().size();
    if (size.compareTo(BigInteger.valueOf(MOST)) > 0) {
      throw new IllegalArgumentException(
          ("%s has %s architectures, expected at most %d to measure all of them:"
                  + " -X \"kernelSizes=...;expandRatios=...;depths=...;layers=alike\" searches fewer")
              .formatted(definition.name(), size, MOST));
    }
    ArchitectureCodec codec = new ArchitectureCodec(definition.searched());
    Map<Architecture, Drawn> drawn = new LinkedHashMap<>();
    codec.all(MOST).forEach(genes -> drawn.put(codec.decode(genes), Drawn.ALL));
    return new TableSample(drawn, "all " + drawn.size() + " architectures");
  }

  /**
   * Returns the architectures of another table, in its order.
   *
   * @param table with a column for each gene of the searched space
   * @throws IllegalArgumentException if it is no such table
   */
  public static TableSample like(ProblemDefinition definition, Path table) {
    Map<Architecture, Drawn> drawn = new LinkedHashMap<>();
    TableArchitectures.read(table, definition.searched())
        .forEach(architecture -> drawn.put(architecture, Drawn.LIKE));
    return new TableSample(
        drawn, "the " + drawn.size() + " architectures of " + table.getFileName());
  }

  /**
   * Draws architectures: half of them as NAT draws its first archive, then half of them uniformly
   * over multiply-adds. For these the range from the smallest to the largest architecture is cut
   * into {@value #STRATA} strata of equal width, which get equally many; what a stratum lacks,
   * since no more architectures were found there, is spread over all.
   *
   * @param samples how many
   * @throws IllegalArgumentException if these are more than half of all there are
   */
  public static TableSample of(ProblemDefinition definition, int samples, long seed) {
    BigInteger size = definition.searched().size();
    if (BigInteger.valueOf(2L * samples).compareTo(size) > 0) {
      throw new IllegalArgumentException(
          "--samples is %d of the %s architectures of %s, expected at most half; --all takes all"
              .formatted(samples, size, definition.name()));
    }
    Map<Architecture, Drawn> drawn = new LinkedHashMap<>();
    Seeds seeds = new Seeds(seed);
    ArchitectureSampler sampler = new ArchitectureSampler(definition.searched());
    RandomGenerator random = seeds.generator("table genes");
    while (drawn.size() < samples / 2) {
      drawn.putIfAbsent(sampler.sample(random), Drawn.GENES);
    }
    addByMadds(definition, samples, seeds.generator("table madds"), drawn);
    return new TableSample(
        drawn,
        String.format(
            Locale.ROOT,
            "%d of %s architectures, %d uniform over genes, the others over multiply-adds",
            samples,
            size,
            samples / 2));
  }

  private static void addByMadds(
      ProblemDefinition definition,
      int samples,
      RandomGenerator random,
      Map<Architecture, Drawn> drawn) {
    ArchitectureSampler ends = new ArchitectureSampler(definition.searched());
    long least = definition.cost(ends.smallest()).madds();
    long most = definition.cost(ends.largest()).madds();
    int wanted = samples - drawn.size();
    int strata = Math.max(1, Math.min(STRATA, wanted));
    int[] room = new int[strata];
    for (int i = 0; i < wanted; i++) {
      room[(int) ((long) i * strata / wanted)]++;
    }
    // Both ends are rarely drawn, and say how far the space reaches.
    for (Architecture end : List.of(ends.smallest(), ends.largest())) {
      if (drawn.size() < samples && drawn.putIfAbsent(end, Drawn.MADDS) == null) {
        room[stratum(definition.cost(end).madds(), least, most, strata)]--;
      }
    }
    int failed = 0;
    while (drawn.size() < samples) {
      Architecture found = tilted(definition.searched(), random.nextDouble(), random);
      int stratum = stratum(definition.cost(found).madds(), least, most, strata);
      boolean fits = failed >= PATIENCE || room[stratum] > 0;
      if (fits && drawn.putIfAbsent(found, Drawn.MADDS) == null) {
        room[stratum]--;
        failed = failed >= PATIENCE ? failed : 0;
      } else {
        failed++;
      }
    }
  }

  private static int stratum(long madds, long least, long most, int strata) {
    return (int) ((madds - least) * strata / (most - least + 1));
  }

  // Every choice near a level between its smallest and its largest: as many steps up from the
  // smallest as so many coins show heads.
  private static Architecture tilted(SearchSpace space, double level, RandomGenerator random) {
    List<List<Layer>> stages = new ArrayList<>();
    for (int stage = 0; stage < SearchSpace.STAGES; stage++) {
      int depth = space.minDepth() + heads(space.maxDepth() - space.minDepth(), level, random);
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < depth; i++) {
        layers.add(
            space.alike() && i > 0
                ? layers.get(0)
                : new Layer(
                    pick(space.kernelSizes(), level, random),
                    pick(space.expandRatios(), level, random)));
      }
      stages.add(layers);
    }
    return new Architecture(
        pick(space.resolutions(), level, random), pick(space.widths(), level, random), stages);
  }

  private static <T> T pick(List<T> choices, double level, RandomGenerator random) {
    return choices.get(heads(choices.size() - 1, level, random));
  }

  private static int heads(int coins, double level, RandomGenerator random) {
    int heads = 0;
    for (int i = 0; i < coins; i++) {
      heads += random.nextDouble() < level ? 1 : 0;
    }
    return heads;
  }

  /** Returns the architectures in the order of the table. */
  public List<Architecture> architectures() {
    return List.copyOf(drawn.keySet());
  }
}
