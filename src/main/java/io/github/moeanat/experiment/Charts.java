package io.github.moeanat.experiment;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.Requires;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;
import org.jfree.data.general.DatasetUtils;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * The pictures of a run, as PNG files. Colours are Okabe and Ito's, which colour-blind readers tell
 * apart; shapes differ too, for print in grey.
 */
public final class Charts {

  /** Width of every picture in pixels. */
  public static final int WIDTH = 1000;

  /** Height of every picture in pixels. */
  public static final int HEIGHT = 700;

  private static final Color GREY = new Color(0x99, 0x99, 0x99);
  private static final Color ORANGE = new Color(0xD5, 0x5E, 0x00);
  private static final Color BLUE = new Color(0x00, 0x72, 0xB2);
  private static final Color GRID = new Color(0xE0, 0xE0, 0xE0);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 18);
  private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
  private static final float LINE = 2.2f;

  /** Rows of names at the bottom of a chart, and the height of one in pixels. */
  private static final int MARK_ROWS = 4;

  private static final int MARK_ROW = 18;

  /** Smallest span of an axis, as a share of its largest value. */
  private static final double NARROWEST = 0.1;

  /**
   * A point of a chart, in the units of its axes.
   *
   * @param x to the right
   * @param y upwards
   */
  public record Point(double x, double y) {

    private boolean isFinite() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  private Charts() {}

  /**
   * Draws where a search began and how far it came. Points that are not finite are left out.
   *
   * @param title over the chart
   * @param xLabel name and unit of the horizontal axis, for example {@code cost (M MAdds)}
   * @param yLabel name and unit of the vertical axis, for example {@code validation error (%)}
   * @param archive its members at the end
   * @param initialFront the non-dominated members of the first sample
   * @param finalFront the non-dominated members at the end; joined by a line
   * @throws IOException if the file can't be written
   */
  public static void front(
      Path file,
      String title,
      String xLabel,
      String yLabel,
      List<Point> archive,
      List<Point> initialFront,
      List<Point> finalFront)
      throws IOException {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    style(renderer, 0, BLUE, circle(5));
    renderer.setSeriesLinesVisible(0, true);
    style(renderer, 1, ORANGE, triangle(7));
    renderer.setSeriesShapesFilled(1, false);
    style(renderer, 2, GREY, circle(3));
    XYSeriesCollection data = new XYSeriesCollection();
    data.addSeries(series("final front", finalFront));
    data.addSeries(series("initial front", initialFront));
    data.addSeries(series("archive", archive));
    NumberAxis x = axis(xLabel);
    x.setAutoRangeIncludesZero(false);
    fit(x, DatasetUtils.findDomainBounds(data));
    NumberAxis y = axis(yLabel);
    y.setAutoRangeIncludesZero(false);
    fit(y, DatasetUtils.findRangeBounds(data));
    XYPlot plot = plot(data, y, renderer);
    plot.setDomainAxis(x);
    save(file, title, plot);
  }

  /**
   * Draws the hypervolume and, for each predicted value, the predictor's error on new members over
   * the iterations. NaN is a gap.
   *
   * @param title over the chart
   * @throws IOException if the file can't be written
   */
  public static void progress(Path file, String title, List<IterationRecord> history)
      throws IOException {
    NumberAxis iterations = axis("iteration");
    iterations.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
    iterations.setAutoRangeIncludesZero(false);
    iterations.setAutoRangeStickyZero(false);
    iterations.setAutoRangeMinimumSize(1);
    CombinedDomainXYPlot both = new CombinedDomainXYPlot(iterations);
    both.setGap(18);
    NumberAxis volume = axis("hypervolume");
    volume.setAutoRangeIncludesZero(false);
    both.add(
        line(history, "hypervolume", IterationRecord::hypervolume, volume, BLUE, circle(4)), 3);
    for (String value : HistoryCsv.predictedValues(history)) {
      both.add(
          line(
              history,
              "predictor RMSE of %s on new members".formatted(value),
              record -> record.newErrors().get(value).rmse(),
              axis("RMSE"),
              ORANGE,
              triangle(6)),
          2);
    }
    save(file, title, both);
  }

  /**
   * Lines over a common horizontal axis.
   *
   * @param yLabel name and unit of the vertical axis
   * @param lines points by the name of their line, at most three; a single one is black, so that it
   *     is none of another panel's
   */
  public record Panel(String yLabel, Map<String, List<Point>> lines) {

    /** Copies the map, whose order stays. */
    public Panel {
      lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }
  }

  /**
   * Draws panels below each other, the first the highest.
   *
   * @param title over the chart
   * @param xLabel name of the horizontal axis
   * @param marks what begins at some places of the horizontal axis; one alone is not shown
   * @throws IOException if the file can't be written
   */
  public static void lines(
      Path file, String title, String xLabel, List<Panel> panels, Map<Double, String> marks)
      throws IOException {
    NumberAxis x = axis(xLabel);
    CombinedDomainXYPlot all = new CombinedDomainXYPlot(x);
    all.setGap(18);
    for (int i = 0; i < panels.size(); i++) {
      NumberAxis y = axis(panels.get(i).yLabel());
      y.setAutoRangeIncludesZero(false);
      XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
      XYPlot plot = plot(data(panels.get(i).lines(), renderer, 0), y, renderer);
      if (panels.get(i).lines().size() == 1) {
        renderer.setSeriesPaint(0, Color.BLACK);
      }
      boolean first = i == 0;
      int row = 0;
      for (Map.Entry<Double, String> mark : marks.entrySet()) {
        if (marks.size() > 1) {
          plot.addDomainMarker(mark(mark.getKey(), first ? mark.getValue() : "", row));
        }
        row = (row + 1) % MARK_ROWS;
      }
      all.add(plot, first ? 3 : 2);
    }
    save(file, title, all);
  }

  // The names of short phases would lie on each other in one row.
  private static ValueMarker mark(double place, String name, int row) {
    ValueMarker marker = new ValueMarker(place, GREY, new BasicStroke(1));
    marker.setLabel(name);
    marker.setLabelFont(TICK);
    marker.setLabelBackgroundColor(Color.WHITE);
    marker.setLabelAnchor(RectangleAnchor.BOTTOM_RIGHT);
    marker.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
    marker.setLabelOffset(new RectangleInsets(3, 3, 3 + row * MARK_ROW, 3));
    return marker;
  }

  /**
   * Draws points. Those that are not finite are left out.
   *
   * @param title over the chart
   * @param xLabel name and unit of the horizontal axis
   * @param yLabel name and unit of the vertical axis
   * @param groups points by the name of their group, at most three
   * @throws IOException if the file can't be written
   */
  public static void points(
      Path file, String title, String xLabel, String yLabel, Map<String, List<Point>> groups)
      throws IOException {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    NumberAxis x = axis(xLabel);
    NumberAxis y = axis(yLabel);
    y.setAutoRangeIncludesZero(false);
    XYPlot plot = plot(data(groups, renderer, 5), y, renderer);
    plot.setDomainAxis(x);
    save(file, title, plot);
  }

  private static XYSeriesCollection data(
      Map<String, List<Point>> groups, XYLineAndShapeRenderer renderer, double radius) {
    List<Color> colors = List.of(BLUE, ORANGE, GREY);
    Requires.inRange("number of groups", groups.size(), 0, colors.size());
    List<Shape> shapes = List.of(circle(radius), triangle(radius + 2), circle(0.6 * radius));
    XYSeriesCollection data = new XYSeriesCollection();
    groups.forEach(
        (name, points) -> {
          int index = data.getSeriesCount();
          style(renderer, index, colors.get(index), shapes.get(index));
          data.addSeries(series(name, points));
        });
    return data;
  }

  private static XYPlot line(
      List<IterationRecord> history,
      String name,
      ToDoubleFunction<IterationRecord> value,
      NumberAxis axis,
      Color color,
      Shape shape) {
    XYSeries series = new XYSeries(name, false);
    boolean any = history.stream().anyMatch(record -> Double.isFinite(value.applyAsDouble(record)));
    for (IterationRecord record : history) {
      double y = value.applyAsDouble(record);
      // Without any value the series stays empty, and the plot says so.
      if (any) {
        series.add(record.iteration(), Double.isFinite(y) ? y : Double.NaN);
      }
    }
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    style(renderer, 0, color, shape);
    XYSeriesCollection data = new XYSeriesCollection(series);
    fit(axis, DatasetUtils.findRangeBounds(data));
    return plot(data, axis, renderer);
  }

  // Around a single value the library zooms in until all ticks read the same.
  private static void fit(NumberAxis axis, Range values) {
    if (values != null) {
      double largest = Math.max(Math.abs(values.getLowerBound()), Math.abs(values.getUpperBound()));
      axis.setAutoRangeMinimumSize(largest > 0 ? NARROWEST * largest : 1);
    }
  }

  private static XYSeries series(String name, List<Point> points) {
    XYSeries series = new XYSeries(name, false);
    points.stream()
        .filter(Point::isFinite)
        .sorted(Comparator.comparingDouble(Point::x).thenComparing(Point::y))
        .forEach(point -> series.add(point.x(), point.y()));
    return series;
  }

  private static void style(XYLineAndShapeRenderer renderer, int index, Color color, Shape shape) {
    renderer.setSeriesPaint(index, color);
    renderer.setSeriesShape(index, shape);
    renderer.setSeriesStroke(index, new BasicStroke(LINE));
    renderer.setSeriesOutlineStroke(index, new BasicStroke(LINE));
  }

  private static NumberAxis axis(String label) {
    NumberAxis axis = new NumberAxis(label);
    axis.setLabelFont(LABEL);
    axis.setTickLabelFont(TICK);
    axis.setStandardTickUnits(new DecimalTicks());
    return axis;
  }

  private static XYPlot plot(
      XYSeriesCollection data, NumberAxis axis, XYLineAndShapeRenderer renderer) {
    XYPlot plot = new XYPlot(data, null, axis, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(GRID);
    plot.setRangeGridlinePaint(GRID);
    plot.setDomainGridlineStroke(new BasicStroke(1));
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setNoDataMessage("no data");
    plot.setNoDataMessageFont(LABEL);
    return plot;
  }

  private static void save(Path file, String title, XYPlot plot) throws IOException {
    JFreeChart chart = new JFreeChart(title, TITLE, plot, false);
    TextTitle heading = chart.getTitle();
    heading.setPadding(new RectangleInsets(8, 0, 8, 0));
    LegendTitle legend = new LegendTitle(plot);
    legend.setItemFont(LABEL);
    legend.setPosition(RectangleEdge.BOTTOM);
    legend.setItemLabelPadding(new RectangleInsets(4, 6, 4, 20));
    chart.addSubtitle(legend);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(6, 10, 6, 24));
    AtomicFile.write(file, stream -> ChartUtils.writeChartAsPNG(stream, chart, WIDTH, HEIGHT));
  }

  private static Shape circle(double radius) {
    return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
  }

  private static Shape triangle(double radius) {
    Path2D path = new Path2D.Double();
    path.moveTo(0, -radius);
    path.lineTo(radius, 0.8 * radius);
    path.lineTo(-radius, 0.8 * radius);
    path.closePath();
    return path;
  }
}
