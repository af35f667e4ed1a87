package io.github.moeanat.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a search ended.
 *
 * @param folder where its files are
 * @param seed seed of the run
 * @param evaluations measurements, repeated ones included
 * @param hypervolume of the archive up to the problem's reference point
 * @param referencePoint that point
 * @param elapsed wall time since the search or its resumption began
 * @param phases parts of it by name; what belongs to none of them is the rest
 * @param front the non-dominated subnets, smallest first
 * @param failures subnets that could not be measured
 */
public record RunSummary(
    Path folder,
    long seed,
    int evaluations,
    double hypervolume,
    List<Double> referencePoint,
    Duration elapsed,
    Map<String, Duration> phases,
    List<FrontMember> front,
    int failures) {

  /** Copies the lists and the map, whose order stays. */
  public RunSummary {
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    referencePoint = List.copyOf(referencePoint);
    front = List.copyOf(front);
  }
}
