package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.experiment.table.Tabulation;
import io.github.moeanat.internal.LockedFile;
import io.github.moeanat.testing.Jvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code nat tabulate} and {@code nat table}. */
class TableCommandsTest {

  private static final String MAIN = "io.github.moeanat.cli.Nat";
  private static final String[] TABULATE = {
    "tabulate", "packed", "--samples", "40", "--seed", "5", "--threads", "1"
  };

  @TempDir private Path folder;

  /** What a command printed, both streams together, and its exit code. */
  private record Outcome(int code, String output) {}

  @Test
  void aKilledTabulationResumedEndsAsAnUnbrokenOne() throws IOException, InterruptedException {
    Path whole = folder.resolve("whole.csv");
    assertEquals(0, Jvm.await(start(whole)));
    for (int rows : new int[] {0, 8, 24}) {
      Path table = folder.resolve("killed" + rows + ".csv");
      Process process = start(table);
      Path part = Tabulation.unfinished(table);
      while (process.isAlive() && !(Files.exists(part) && rows(part) >= rows)) {
        Thread.sleep(5);
      }
      process.destroyForcibly();
      process.waitFor();
      assertTrue(rows == 24 || !Files.exists(table), "killed in time");
      if (!Files.exists(table)) {
        Files.writeString(part, Files.readString(part) + "1,0,");
        assertEquals(0, Jvm.await(start(table, "--resume")), "" + folder);
      }
      assertEquals(-1, Files.mismatch(whole, table), "killed after rows " + rows);
    }
    Outcome other = nat(with(whole, "--resume", "-X", "evaluation.recalibrationSeed=7"));
    assertEquals(2, other.code());
    assertTrue(other.output().contains("it was made otherwise"), other.output());
    Outcome again = nat(with(whole, "--resume"));
    assertEquals(0, again.code());
    assertTrue(again.output().contains("is complete already"), again.output());
    Outcome refused = nat(with(whole));
    assertEquals(2, refused.code());
    assertTrue(refused.output().contains("use --overwrite to replace it"), refused.output());
  }

  private Process start(Path table, String... more) throws IOException {
    return Jvm.start(
        Jvm.classPathWithout(), folder.resolve("out.txt"), List.of(), MAIN, with(table, more));
  }

  private static String[] with(Path table, String... more) {
    return Stream.of(TABULATE, new String[] {"--output", table.toString()}, more)
        .flatMap(Arrays::stream)
        .toArray(String[]::new);
  }

  private static long rows(Path part) throws IOException {
    try (Stream<String> lines = Files.lines(part)) {
      return lines.filter(line -> !line.isEmpty() && Character.isDigit(line.charAt(0))).count();
    }
  }

  @Test
  void wrongOptionsAreNamed() throws IOException {
    String[][] wrong = {
      {"expected one of --samples N, --all and --like", "tabulate", "packed"},
      {
        "expected one of --samples N, --all and --like",
        "tabulate",
        "packed",
        "--all",
        "--samples",
        "3"
      },
      {"expected at most 50000", "tabulate", "packed", "--all", "--output", path("a.csv")},
      {"no table", "tabulate", "packed", "--like", path("none.csv")},
      {"ends in .csv or .csv.gz", "tabulate", "packed", "--all", "--output", path("a.json")},
      {
        "no unfinished table",
        "tabulate",
        "packed",
        "--samples",
        "3",
        "--resume",
        "--output",
        path("b.csv")
      },
      {"--overwrite is for --reference", "table", "small-complete", "--overwrite"},
      {"--reference is ''", "table", "small-complete", "--reference", ""},
      {"kind is 'table', expected supernet", "tabulate", "small-complete", "--all"},
      {"kind is 'supernet', expected table", "table", "packed"},
      {"true front is not known", "table", "small-sample", "--reference", path("x.pf")},
      {"unknown key 'noise.eror'", "table", "small-sample", "-X", "noise.eror=1"}
    };
    for (String[] line : wrong) {
      Outcome outcome = nat(Arrays.copyOfRange(line, 1, line.length));
      assertEquals(2, outcome.code(), outcome.output());
      assertTrue(outcome.output().contains(line[0]), outcome.output());
    }
    Files.writeString(folder.resolve("c.csv.part"), "# begun\n");
    Outcome begun = nat("tabulate", "packed", "--samples", "9", "--output", path("c.csv"));
    assertEquals(2, begun.code());
    assertTrue(begun.output().contains("--resume goes on, --overwrite begins anew"));
  }

  @Test
  void overwritingTakesNoTableFromWhoeverWritesIt() throws IOException {
    Path table = folder.resolve("held.csv");
    Path part = Tabulation.unfinished(table);
    String[] anew = {
      "tabulate", "packed", "--samples", "3", "--output", table.toString(), "--overwrite", "--json"
    };
    try (var held = LockedFile.open(part).orElseThrow()) {
      held.channel().write(ByteBuffer.wrap("# begun\n".getBytes(StandardCharsets.UTF_8)));
      Outcome refused = nat(anew);
      assertEquals(2, refused.code());
      assertTrue(refused.output().contains("is being written by another process"));
      assertEquals("# begun\n", Files.readString(part));
    }
    Outcome written = nat(anew);
    assertEquals(0, written.code(), written.output());
    assertFalse(Files.exists(part));
    anew[6] = "--resume";
    Outcome again = nat(anew);
    assertTrue(again.output().contains("\"rows\": 3"), again.output());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void cardsSayWhatIsToBeKnown() throws IOException {
    Path reference = folder.resolve("Small-complete.pf");
    Outcome complete = nat("table", "Small-complete", "--reference", reference.toString());
    assertEquals(0, complete.code(), complete.output());
    for (String part :
        List.of(
            "## Small-complete",
            "all 1024 architectures of 17 genes were measured (`tables/small-complete.csv.gz`)",
            "| error | column error | 0.14333 | 0.27333 | 1 | 0.005 | 0.3 | none |",
            "| madds | counted from the genes, cheap | 420512 | 1050896 | 1050896 | 0.01 | 1 |",
            "The true front has 24 members.",
            "- machine: AMD EPYC, 2 processors",
            "- noise: the error of 20 subnets")) {
      assertTrue(complete.output().contains(part), part + " in " + complete.output());
    }
    Path shipped = Path.of("src/test/resources/pf/Small-complete.pf");
    assertEquals(-1, Files.mismatch(shipped, reference));
    Outcome sampled = nat("table", "small-sample", "-X", "noise.error=0.01");
    assertEquals(0, sampled.code(), sampled.output());
    for (String part :
        List.of(
            "600 of 65275966477717457553 architectures of 22 genes were measured",
            "| error | column error | 0.08 | 0.31667 | 1 | 0.005 | 0.3 | 0.01 |",
            "The model of error (boosted trees, 600 rows, cross-validation in 10 parts): root mean",
            "(Spearman)",
            "Constraint `params<=300000.0`: kept by ",
            "The true front is not known.")) {
      assertTrue(sampled.output().contains(part), part + " in " + sampled.output());
    }
    Outcome json = nat("table", "small-sample", "--json");
    assertTrue(json.output().contains("\"spearman\": 0.8"), json.output());
    Outcome list = nat("list", "problems");
    assertTrue(list.output().contains("1,024 subnets of a supernet for the digits, all measured"));
  }

  private static Outcome nat(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      int code = Nat.run(arguments, new Cancellation());
      return new Outcome(code, bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
