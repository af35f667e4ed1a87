package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.experiment.Charts;
import io.github.moeanat.experiment.Charts.Panel;
import io.github.moeanat.experiment.Charts.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Accuracies and loss by epoch as a picture. */
final class CurvesChart {

  private CurvesChart() {}

  /**
   * Draws a chart.
   *
   * @param curve a point for each epoch done, at least one
   */
  static void write(Path file, String title, List<CurvePoint> curve) throws IOException {
    List<Double> epochs = new ArrayList<>();
    Map<Double, String> marks = new TreeMap<>();
    double began = 0;
    for (int i = 0; i < curve.size(); i++) {
      String phase = curve.get(i).phase();
      if (i == 0 || !phase.equals(curve.get(i - 1).phase())) {
        began = i == 0 ? 0 : epochs.get(i - 1);
        marks.put(began, phase);
      }
      epochs.add(began + curve.get(i).epoch());
    }
    Map<String, List<Point>> accuracies = new LinkedHashMap<>();
    accuracies.put("largest", line(epochs, curve, point -> 100 * point.largest()));
    accuracies.put("middle", line(epochs, curve, point -> 100 * point.middle()));
    accuracies.put("smallest", line(epochs, curve, point -> 100 * point.smallest()));
    Charts.lines(
        file,
        title,
        "epoch",
        List.of(
            new Panel("validation accuracy (%)", accuracies),
            new Panel("loss", Map.of("training loss", line(epochs, curve, CurvePoint::loss)))),
        marks);
  }

  private static List<Point> line(
      List<Double> epochs, List<CurvePoint> curve, ToDoubleFunction<CurvePoint> value) {
    return IntStream.range(0, curve.size())
        .mapToObj(i -> new Point(epochs.get(i), value.applyAsDouble(curve.get(i))))
        .toList();
  }
}
