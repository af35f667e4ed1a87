package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.moeanat.algorithm.IterationRecord;
import io.github.moeanat.experiment.Charts.Point;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.surrogate.PredictionError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {

  @TempDir private Path folder;

  @Test
  void theFrontIsDrawnAlikeForLikeData() throws IOException {
    List<Point> archive = archive(300);
    List<Point> first = front(archive.subList(0, 40));
    byte[] one = drawFront(archive, first, front(archive));
    assertSize(one);
    assertArrayEquals(one, drawFront(archive, first, front(archive)));
    assertFalse(Arrays.equals(one, drawFront(archive, first, first)));
  }

  @Test
  void anyAmountOfDataIsDrawn() throws IOException {
    List<Point> none = List.of();
    List<Point> single = List.of(new Point(3.5, 12));
    List<Point> odd = List.of(new Point(Double.NaN, 1), new Point(1, Double.POSITIVE_INFINITY));
    assertSize(drawFront(none, none, none));
    assertSize(drawFront(single, single, single));
    assertArrayEquals(drawFront(single, none, none), drawFront(join(single, odd), odd, odd));
    assertSize(drawProgress(List.of()));
    assertSize(drawProgress(history(1, 0, Double.NaN)));
    assertSize(drawProgress(history(1, 0.5, 0.1)));
  }

  @Test
  void theProgressIsDrawnAlikeForLikeData() throws IOException {
    byte[] one = drawProgress(history(31, 0.6, 0.05));
    assertSize(one);
    assertArrayEquals(one, drawProgress(history(31, 0.6, 0.05)));
    assertFalse(Arrays.equals(one, drawProgress(history(30, 0.6, 0.05))));
  }

  @Test
  void aMissingValueIsAGap() throws IOException {
    List<IterationRecord> whole = history(12, 0.6, 0.05);
    List<IterationRecord> gap = new ArrayList<>(whole);
    gap.set(6, record(6, Double.NaN, Double.NaN));
    List<IterationRecord> bridged = new ArrayList<>(whole);
    bridged.remove(6);
    assertFalse(Arrays.equals(drawProgress(whole), drawProgress(gap)));
    assertFalse(Arrays.equals(drawProgress(bridged), drawProgress(gap)));
  }

  private byte[] drawFront(List<Point> archive, List<Point> first, List<Point> last)
      throws IOException {
    Path file = folder.resolve("front.png");
    Charts.front(file, "digits", "cost (M MAdds)", "validation error (%)", archive, first, last);
    return Files.readAllBytes(file);
  }

  private byte[] drawProgress(List<IterationRecord> history) throws IOException {
    Path file = folder.resolve("progress.png");
    Charts.progress(file, "digits", history);
    return Files.readAllBytes(file);
  }

  private void assertSize(byte[] png) throws IOException {
    Path file = Files.write(folder.resolve("copy.png"), png);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(1000, image.getWidth());
    assertEquals(700, image.getHeight());
  }

  private static List<Point> join(List<Point> a, List<Point> b) {
    List<Point> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }

  private static List<Point> archive(int size) {
    RandomGenerator random = new Seeds(1).generator("test");
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      double x = random.nextDouble(0.4, 6);
      points.add(new Point(x, 4 + 12 / (1 + x) + 8 * random.nextDouble() * random.nextDouble()));
    }
    return points;
  }

  private static List<Point> front(List<Point> points) {
    return points.stream()
        .filter(
            a -> points.stream().noneMatch(b -> b.x() <= a.x() && b.y() <= a.y() && !b.equals(a)))
        .toList();
  }

  private static List<IterationRecord> history(int size, double volume, double rmse) {
    List<IterationRecord> history = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      history.add(record(i, volume - 0.3 / (1 + i), i == 0 ? Double.NaN : rmse / Math.sqrt(i)));
    }
    return history;
  }

  private static IterationRecord record(int iteration, double volume, double rmse) {
    PredictionError error = new PredictionError(8, rmse, Double.NaN, Double.NaN);
    return new IterationRecord(
        iteration,
        100 + 8 * iteration,
        0,
        8,
        100,
        volume,
        Map.of("error", error),
        Map.of("error", error));
  }
}
