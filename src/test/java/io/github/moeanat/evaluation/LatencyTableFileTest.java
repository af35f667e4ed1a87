package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTableFileTest {

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Map<String, LatencyTableFile.Entry> entries = new LinkedHashMap<>();
    entries.put("classifier-input:1280-output:10", new LatencyTableFile.Entry(1e-7, 0));
    entries.put(
        "MBConv-input:4x4x8-output:2x2x8-expand:3-kernel:3-stride:2-idskip:0-se:0",
        new LatencyTableFile.Entry(1 / 3.0, 2e-12));
    LatencyTableFile written =
        new LatencyTableFile(List.of("machine: a # b", "", "command: c"), entries);
    Path file = folder.resolve("table.yaml");
    written.write(file);
    LatencyTableFile read = LatencyTableFile.load(file);
    assertEquals(written, read);
    assertEquals(List.copyOf(entries.keySet()), List.copyOf(read.entries().keySet()));
  }

  @Test
  void otherWaysToWriteTheSameInYamlAreRead() throws IOException {
    Path file = folder.resolve("table.yaml");
    Files.writeString(file, "{'a-b:c': {var: 2, note: [x, y], mean: 1e+0}, \"d\": {mean: 2.5}}");
    assertEquals(
        Map.of("a-b:c", new LatencyTableFile.Entry(1, 2), "d", new LatencyTableFile.Entry(2.5, 0)),
        LatencyTableFile.load(file).entries());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# c\\na:\\n  mean: 1\\nb: [1,\\n | , line 5 is no YAML",
        "a:\\n\\tmean: 1\\n | , line 2 is no YAML",
        "# c\\na:\\n  mean: x\\n | , line 3: a mean is 'x', expected a number from 0",
        "a:\\n  mean: .nan\\n | , line 2: a mean is '.nan', expected a number from 0",
        "a:\\n  mean: -1\\n | , line 2: a mean is '-1', expected a number from 0",
        "a:\\n  mean: [1]\\n | , line 2: a mean is 'sequence', expected a number from 0",
        "a: 3\\n | , line 1: '3' found, expected mean and var of a",
        "b:\\n  mean: 1\\na:\\n  var: 3\\n | , line 3: a has no mean",
        "a:\\n  mean: 3\\na:\\n  mean: 3\\n | , line 3: a is there twice",
        "- a\\n- b\\n | , line 1: 'sequence' found, expected a mapping from blocks",
        "'# only a comment\\n' | ' is empty, expected a mapping from blocks'"
      })
  void whatIsWrongIsNamedWithItsLine(String text, String message) throws IOException {
    Path file =
        Files.writeString(folder.resolve("t.yaml"), text.replace("\\n", "\n").replace("\\t", "\t"));
    String found =
        assertThrows(IllegalArgumentException.class, () -> LatencyTableFile.read(file))
            .getMessage();
    assertTrue(found.startsWith(file + message), found);
  }

  @Test
  void aFileNestedWithoutEndIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("t.yaml"), "[".repeat(200_000));
    String found =
        assertThrows(IllegalArgumentException.class, () -> LatencyTableFile.read(file))
            .getMessage();
    assertTrue(found.startsWith(file + " is nested too deeply"), found);
  }
}
