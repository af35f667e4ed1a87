package io.github.moeanat.experiment.bench;

import com.google.gson.GsonBuilder;
import io.github.moeanat.evaluation.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All that was measured, and where.
 *
 * @param machine where
 * @param load processes that wanted a processor when it began, on average over a minute; absent
 *     where the system does not tell
 * @param settings how much was measured
 * @param figures in the order of their sections
 */
public record BenchReport(
    Machine machine, OptionalDouble load, BenchSettings settings, List<Figure> figures) {

  /** Copies the list. */
  public BenchReport {
    figures = List.copyOf(figures);
  }

  /** Returns the report as JSON. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("load_average", load.isPresent() ? load.getAsDouble() : null);
    json.put("cases", settings.cases());
    json.put("repeats", settings.repeats());
    json.put("figures", figures.stream().map(BenchReport::json).toList());
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeNulls()
        .serializeSpecialFloatingPointValues()
        .setPrettyPrinting()
        .create()
        .toJson(json);
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("section", figure.section().id());
    json.put("what", figure.what());
    json.put("value", figure.value());
    json.put("unit", figure.unit());
    json.put("bar", figure.bar().map(Figure.Bar::value).orElse(null));
    json.put("met", figure.bar().map(bar -> bar.isMetBy(figure.value())).orElse(null));
    json.put("details", figure.details());
    return json;
  }
}
