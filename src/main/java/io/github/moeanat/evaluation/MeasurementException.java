package io.github.moeanat.evaluation;

import io.github.moeanat.space.Architecture;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some architectures could not be measured, also on a second try. What was measured beside them is
 * kept here.
 */
public final class MeasurementException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Map<Architecture, Throwable> failures;
  private final transient Map<Architecture, Accuracy> measured;

  MeasurementException(
      Map<Architecture, Throwable> failures, Map<Architecture, Accuracy> measured) {
    super(
        "%d of %d subnets could not be measured, the first because: %s"
            .formatted(
                failures.size(),
                failures.size() + measured.size(),
                reason(failures.values().iterator().next())),
        failures.values().iterator().next());
    this.failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    this.measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** The architectures without a result and what went wrong with each. */
  public Map<Architecture, Throwable> failures() {
    return failures;
  }

  /** The results of the others. */
  public Map<Architecture, Accuracy> measured() {
    return measured;
  }
}
