package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.moeanat.problem.PropertyFile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPlanTest {

  @Test
  void whatComesWithTheProgramIsFoundFromEveryFolder() {
    Map<String, String> properties =
        plan("supernets/w0.05.safetensors, mine.safetensors", "tables/small-complete.csv.gz")
            .toProperties();
    String mine = Path.of("mine.safetensors").toAbsolutePath().toString();
    assertEquals("supernets/w0.05.safetensors," + mine, properties.get("problem.supernet.weights"));
    assertEquals("tables/small-complete.csv.gz", properties.get("problem.latency.table"));
    assertEquals(
        Path.of("tables/mine.yaml").toAbsolutePath().toString(),
        plan("", "tables/mine.yaml").toProperties().get("problem.latency.table"));
  }

  private static RunPlan plan(String weights, String table) {
    Map<String, String> keys = Map.of("supernet.weights", weights, "latency.table", table);
    PropertyFile empty = new PropertyFile("algorithm.properties", Map.of(), Map.of());
    return new RunPlan(
        "problem", new PropertyFile("problem.properties", keys, Map.of()), "NAT", empty, 1);
  }
}
