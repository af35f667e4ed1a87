package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  @TempDir private Path folder;

  @Test
  void everySectionInOneProcessMeasuresSomething() {
    NatTest.Outcome outcome =
        NatTest.run(
            "bench",
            "ready",
            "memory",
            "measuring",
            "training",
            "--case",
            "digits",
            "--repeats",
            "1",
            "--images",
            "20",
            "--measurements",
            "40",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonArray figures =
        JsonParser.parseString(outcome.out()).getAsJsonObject().getAsJsonArray("figures");
    assertTrue(figures.size() >= 7, outcome.out());
    figures.forEach(
        figure -> assertTrue(figure.getAsJsonObject().get("value").getAsDouble() > 0, "" + figure));
    JsonObject measuring =
        figures.asList().stream()
            .map(figure -> figure.getAsJsonObject())
            .filter(figure -> figure.get("section").getAsString().equals("measuring"))
            .findFirst()
            .orElseThrow()
            .getAsJsonObject("details");
    assertEquals(20, measuring.get("validation_images").getAsInt());
    assertEquals(100, measuring.get("recalibration_images").getAsInt());
  }

  @Test
  void sharingLooksAtRecordedIterationsOrAtARun() {
    NatTest.Outcome recorded = NatTest.run("bench", "sharing");
    assertEquals(0, recorded.code(), recorded.err());
    assertTrue(recorded.out().contains("all members of an iteration on cifar10"), recorded.out());
    assertTrue(recorded.out().contains("subnets 40"), recorded.out());
    assertTrue(recorded.out().contains("genes [["), recorded.out());
    assertFalse(recorded.err().contains("quiet"), "nothing is timed");
    Path run = folder.resolve("run");
    NatTest.Outcome search =
        NatTest.run("search", "tiny", "--quiet", "--seed", "3", "--output", run.toString());
    assertEquals(0, search.code(), search.err());
    assertTrue(search.out().contains("\nwall time: "), search.out());
    assertTrue(search.out().contains(", the rest "), search.out());
    NatTest.Outcome own = NatTest.run("bench", "sharing", "--run", run.toString());
    assertEquals(0, own.code(), own.err());
    assertTrue(own.out().contains("the archive of " + run), own.out());
  }
}
