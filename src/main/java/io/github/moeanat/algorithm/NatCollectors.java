package io.github.moeanat.algorithm;

import io.github.moeanat.surrogate.PredictionError;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.moeaframework.analysis.runtime.AttachPoint;
import org.moeaframework.analysis.runtime.Collector;
import org.moeaframework.analysis.runtime.Instrumenter;
import org.moeaframework.analysis.series.ResultEntry;
import org.moeaframework.core.TypedProperties;

/**
 * Collectors of the framework's {@link Instrumenter} for what only {@link NAT} knows. They record
 * the state after the last iteration; with other algorithms they record nothing.
 */
public final class NatCollectors {

  /** Column of {@link #archiveSize()}. */
  public static final String ARCHIVE_SIZE = "Archive Size";

  /** Column of {@link #supernetVersion()}. */
  public static final String SUPERNET_VERSION = "Supernet Version";

  private NatCollectors() {}

  /** Returns all collectors of this class. */
  public static List<Collector> all() {
    return List.of(surrogateError(), archiveSize(), supernetVersion());
  }

  /**
   * Records how far predictions were from measurements, for every value that has to be predicted:
   * {@code NAME RMSE}, {@code NAME Spearman} and {@code NAME Kendall} of members measured for the
   * first time, {@code NAME RMSE (old)} and so on of those measured before, where adaptation makes
   * measurements stale. NaN where nothing was predicted, as in the first sample, or where there is
   * too little to compare.
   */
  public static Collector surrogateError() {
    return new OfNat(
        null,
        (nat, values) -> {
          IterationRecord last = last(nat);
          last.newErrors().forEach((name, error) -> set(values, name, error, ""));
          if (nat.adaptations() > 0) {
            last.oldErrors().forEach((name, error) -> set(values, name, error, " (old)"));
          }
        });
  }

  /** Records the members of the archive as {@value #ARCHIVE_SIZE}. */
  public static Collector archiveSize() {
    return new OfNat(
        null, (nat, values) -> values.setInt(ARCHIVE_SIZE, nat.getPopulation().size()));
  }

  /**
   * Records as {@value #SUPERNET_VERSION} how often the weights that the whole archive was measured
   * with were adapted; 0 on a problem that can't be adapted.
   */
  public static Collector supernetVersion() {
    return new OfNat(null, (nat, values) -> values.setInt(SUPERNET_VERSION, nat.adaptations()));
  }

  private static IterationRecord last(NAT nat) {
    List<IterationRecord> history = nat.history();
    return history.get(history.size() - 1);
  }

  private static void set(
      TypedProperties values, String name, PredictionError error, String members) {
    Map.of("RMSE", error.rmse(), "Spearman", error.spearman(), "Kendall", error.kendall())
        .forEach((measure, value) -> values.setDouble(name + " " + measure + members, value));
  }

  /**
   * Records values of a run of NAT.
   *
   * @param nat the run; {@code null} until the collector is attached
   * @param values sets what is recorded
   */
  private record OfNat(NAT nat, BiConsumer<NAT, TypedProperties> values) implements Collector {

    @Override
    public AttachPoint getAttachPoint() {
      return AttachPoint.isClass(NAT.class);
    }

    @Override
    public Collector attach(Object object) {
      return new OfNat((NAT) object, values);
    }

    @Override
    public void collect(ResultEntry result) {
      values.accept(nat, result.getProperties());
    }
  }
}
