package io.github.moeanat.problem.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.testing.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a table or its problem file is told with file, line, column and value. */
class TableFaultsTest {

  private static final String GOOD = "# how it was made\na,b,err\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n";

  @TempDir private Path folder;

  @Test
  void aTableOfEachFormIsRead() throws IOException {
    Path csv = write("good.csv", GOOD);
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(csv), 1, 0));
    assertEquals(List.of("how it was made"), all(csv).comments());
    Path quoted = write("quoted.csv", GOOD.replace("1,0,3", "\"1\", 0.0 ,3e0").stripTrailing());
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(quoted), 1, 0));
    Path compressed = folder.resolve("good.csv.gz");
    Files.write(compressed, gzip(GOOD));
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(compressed), 1, 0));
    Path list =
        write(
            "list.json",
            """
            [{"a": 0, "b": 0, "err": 1}, {"a": 0, "b": "1", "err": 2, "other": [1, 2]},
             {"a": 1, "b": 0, "err": 3, "why": null}, {"a": 1, "b": 1, "err": 4.0}]""");
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(list), 1, 0));
    Path marked = write("marked.csv", "\ufeff" + GOOD.substring(GOOD.indexOf("a,")));
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(marked), 1, 0));
    Files.writeString(list, Files.readString(list).replace("null", "{\"deep\": [1]}"));
    assertArrayEquals(new double[] {3}, TabularProblemTest.objectives(all(list), 1, 0));
  }

  @Test
  void wrongRowsAreNamed() throws IOException {
    assertFault("no column 'err'", "a,b,error\n0,0,1\n");
    assertFault("line 1: the columns are [a, b, a]", "a,b,a\n0,0,1\n");
    assertFault("line 3 has 2 cells, expected 3, as the header has", "a,b,err\n0,0,1\n0,1\n");
    assertFault("has 3 rows, expected all 4 architectures", GOOD.replace("1,0,3\n", ""));
    assertFault("the first that is missing has the genes [1, 0]", GOOD.replace("1,0,3\n", ""));
    assertFault("line 7 is the same architecture as", GOOD + "1,0,3\n");
    assertFault("line 5, expected each once", GOOD + "1,0,3\n");
    assertFault("line 5: column b is '2', expected one of [0, 1]", GOOD.replace("1,0,3", "1,2,3"));
    assertFault("line 5: column err is 'NaN', expected a finite", GOOD.replace("0,3", "0,NaN"));
    assertFault("line 5: column err is '', expected a finite", GOOD.replace("0,3", "0,"));
    assertFault("line 5: column err is '3d', expected a finite", GOOD.replace("0,3", "0,3d"));
    assertFault("line 5: column err is '0x1p3', expected", GOOD.replace("0,3", "0,0x1p3"));
    assertFault("line 5: column err is 'x', expected a finite", GOOD.replace("0,3", "0,x"));
    assertFault("has no rows", "a,b,err\n");
    assertFault("has no rows", "");
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    byte[] whole = gzip(GOOD);
    Path cut = folder.resolve("cut.csv.gz");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 12));
    assertFault(cut, "can't read " + cut + ": it is no whole gzip file");
    byte[] flipped = whole.clone();
    flipped[whole.length - 6] ^= 1;
    Path damaged = folder.resolve("damaged.csv.gz");
    Files.write(damaged, flipped);
    assertFault(damaged, "it is no whole gzip file");
    Path plain = write("plain.csv.gz", GOOD);
    assertFault(plain, "it is no whole gzip file");
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, "a,b,\u00e9rr\n".getBytes(StandardCharsets.ISO_8859_1));
    assertFault(latin, "it is not a text in UTF-8");
    assertFault(write("table.txt", GOOD), "expected a file that ends in .csv or .json");
    assertFault(Path.of("tables/none.csv.gz"), "neither in the working directory nor with the");
    assertFault(write("cut.json", "[{\"a\": 0, \"b\": 0, \"err\": 1}, {\"a\""), "row 2 is no JSON");
    assertFault(write("number.json", "7"), "row 1 is no JSON");
    assertFault(write("more.json", "[{\"a\": 0, \"b\": 0, \"err\": 1}] 3"), "is no JSON");
    assertFault(write("twice.json", "[{\"a\": 0, \"a\": 1}]"), "row 1 has the column a twice");
    assertFault(write("lacks.json", "[{\"a\": 0, \"b\": 0, \"err\": 1}, {\"a\": 0}]"), "row 2: no");
  }

  @Test
  void genesOfOneCellAreCounted() throws IOException {
    Path table = write("key.json", "{\"00\": {\"err\": 1}, \"012\": {\"err\": 2}}");
    String[] keys = {"genes", "key", "genes.split", "characters", "genes.count", "2"};
    TabularProblem problem = Tables.small(table, "sample", keys);
    String message = assertThrows(IllegalArgumentException.class, problem::rows).getMessage();
    assertTrue(message.endsWith("column key is '012', expected 2 genes in [key]"), message);
    Files.writeString(table, "{\"00\": {\"err\": 1}, \"02\": {\"err\": 2}}");
    message = assertThrows(IllegalArgumentException.class, problem::rows).getMessage();
    assertTrue(message.endsWith("row 02: column key is '02', expected gene 2 to be one of [0, 1]"));
  }

  @Test
  void subnetsOutsideTheSpaceAreNamed() throws IOException {
    String lists = "\"3 3 3 3 3 3 3 3 3 3\",\"4 4 4 4 4 4 4 4 4 4\",\"2 2 2 2 2\"";
    Path table =
        write("subnets.csv", "ks,e,d,r,acc\n" + lists + ",128,0.7\n" + lists + ",96,0.7\n");
    assertNetworkFault(table, "line 3: columns [ks, e, d, r]: resolution is 96, expected one of");
    Files.writeString(table, "ks,e,d,r,acc\n" + lists.replace("2 2\"", "2\"") + ",128,0.7\n");
    assertNetworkFault(table, "line 2: column d is '2 2 2 2', expected 5 depths");
    Files.writeString(
        table, "ks,e,d,r,acc\n" + lists.replace("2 2 2 2 2", "6 -1 2 2 1") + ",128,1\n");
    assertNetworkFault(table, "line 2: column d is '6 -1 2 2 1', expected depths from 0 to 4");
    Files.writeString(table, "ks,e,d,r,acc\n" + lists.replace("3 3\"", "3\"") + ",128,0.7\n");
    assertNetworkFault(table, "20 numbers, one for each slot, or 10, one for each layer");
    Files.writeString(table, "ks,e,d,r,acc,madds\n" + lists + ",128,0.7,99\n");
    assertNetworkFault(table, "line 2: column madds is '99', expected ");
  }

  private static void assertNetworkFault(Path table, String part) {
    Map<String, String> keys = new HashMap<>();
    keys.put("table", table.toString());
    TabularProblem problem =
        new TabularProblem(
            TableDefinition.read("ofa", ProblemDefinition.FILES.load("ofa-table", keys)));
    String message = assertThrows(IllegalArgumentException.class, problem::rows).getMessage();
    assertTrue(message.startsWith(table.toString()) && message.contains(part), message);
  }

  @Test
  void wrongKeysAreNamed() {
    assertKeyFault("-X: unknown key 'perfekt.err'; did you mean perfect.err?", "perfekt.err", "1");
    assertKeyFault("-X: rows is 'some', expected one of all, sample", "rows", "some");
    assertKeyFault("-X: kind is 'supernet', expected table", "kind", "supernet");
    assertKeyFault("-X: objectives is 'err,err', expected each", "objectives", "err,err");
    assertKeyFault("-X: objectives is 'e r', expected a comma", "objectives", "e r");
    assertKeyFault("-X: constraints is 'err', expected a comma", "constraints", "err");
    assertKeyFault("-X: constraints is 'err<=1,', expected", "constraints", "err<=1,");
    assertKeyFault("-X: constraints is 'err<=0', expected", "constraints", "err<=0");
    assertKeyFault("-X: cheap is 'madds', expected some of [err]", "cheap", "madds");
    assertKeyFault("-X: values is '0,0', expected a comma-separated list", "values", "0,0");
    assertKeyFault("-X: genes.count is '3', expected 2", "genes.count", "3");
    assertKeyFault("-X: noise.err is '-1', expected a number", "noise.err", "-1");
    assertKeyFault("key 'resolutions' is missing", "space", "mobilenetv3");
    assertNetworkKeyFault("-X: perfect.madds is '0', expected nothing", "perfect.madds", "0");
    assertNetworkKeyFault("-X: noise.madds is '1', expected nothing", "noise.madds", "1");
    Map<String, String> latency = Map.of("objectives", "error,latency", "latency.table", "x.yaml");
    String missing =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TableDefinition.read(
                        "small-sample", ProblemDefinition.FILES.load("small-sample", latency)))
            .getMessage();
    assertEquals("problems/small-sample.properties: key 'scale.latency' is missing", missing);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ProblemDefinition.read(
                        "macro-table", ProblemDefinition.FILES.load("macro-table", Map.of())))
            .getMessage();
    assertTrue(message.contains("kind is 'table', expected supernet: a table has no"), message);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TableDefinition.read(
                        "x", new PropertyFile("x", Map.of("kind", "table"), Map.of())))
            .getMessage();
    assertEquals("x: key 'rows' is missing", message);
  }

  @Test
  void constraintsAreTakenOutByAnEmptyText() {
    TabularProblem bounded = Tables.small(folder.resolve("x.csv"), "all", "constraints", "err<=1");
    assertEquals(1, bounded.getNumberOfConstraints());
    TabularProblem free = Tables.small(folder.resolve("x.csv"), "all", "constraints", " ");
    assertEquals(0, free.getNumberOfConstraints());
  }

  @Test
  void keysOfWhatIsNotAskedForStay() {
    TableDefinition definition =
        TableDefinition.read(
            "small-complete",
            ProblemDefinition.FILES.load("small-complete", Map.of("objectives", "madds,params")));
    assertEquals(List.of("madds", "params"), definition.objectives());
    Map<String, String> keys = ProblemDefinition.FILES.load("macro-table", Map.of()).values();
    assertEquals(List.of("error"), read(keys, Map.of("objectives", "error")).objectives());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> read(keys, Map.of("objectives", "error", "cheap", "flop")))
            .getMessage();
    assertTrue(message.startsWith("-X: cheap is 'flop', expected some of [error]"), message);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> read(keys, Map.of("objectives", "error", "scale.flop", "2")))
            .getMessage();
    assertTrue(message.startsWith("-X: unknown key 'scale.flop'"), message);
  }

  private static TableDefinition read(Map<String, String> keys, Map<String, String> overrides) {
    return TableDefinition.read("macro", new PropertyFile("macro.properties", keys, overrides));
  }

  @Test
  void aModelNeedsRows() throws IOException {
    TabularProblem problem = Tables.small(write("few.csv", GOOD), "sample");
    String message = assertThrows(IllegalArgumentException.class, problem::rows).getMessage();
    assertTrue(message.contains("few.csv has 4 rows, expected at least 20"), message);
  }

  private static void assertNetworkKeyFault(String part, String key, String value) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TableDefinition.read(
                        "small-complete",
                        ProblemDefinition.FILES.load("small-complete", Map.of(key, value))))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void assertKeyFault(String part, String... overrides) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Tables.small(Path.of("t.csv"), "all", overrides))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private void assertFault(String part, String csv) throws IOException {
    assertFault(write("table.csv", csv), part);
  }

  private static void assertFault(Path table, String part) {
    TabularProblem problem = all(table);
    String message = assertThrows(IllegalArgumentException.class, problem::rows).getMessage();
    assertTrue(message.contains(table.toString()) && message.contains(part), message);
  }

  private static TabularProblem all(Path table) {
    return Tables.small(table, "all");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
