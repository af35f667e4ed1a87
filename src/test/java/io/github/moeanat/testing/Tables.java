package io.github.moeanat.testing;

import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.PropertyFile;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TabularProblem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Problems of published tables, and of small ones; keys and values of overrides alternate. */
public final class Tables {

  private Tables() {}

  /** All networks of NAS-Bench-Macro; skips the test if the table is not there. */
  public static TabularProblem macro(String... overrides) {
    return published("macro-table", "data/nas-bench-macro/nas-bench-macro_cifar10.json", overrides);
  }

  /** Measured subnets of OFA's supernet; skips the test if the table is not there. */
  public static TabularProblem ofa(String... overrides) {
    return published("ofa-table", "data/ofa-imagenet-accuracy/mit_ofa.csv", overrides);
  }

  /** A table of two genes {@code a} and {@code b} of two values with a column {@code err}. */
  public static TabularProblem small(Path table, String rows, String... overrides) {
    Map<String, String> keys = new HashMap<>();
    keys.put("kind", "table");
    keys.put("table", table.toString());
    keys.put("rows", rows);
    keys.put("genes", "a,b");
    keys.put("values", "0,1");
    keys.put("objectives", "err");
    return new TabularProblem(
        TableDefinition.read("small", new PropertyFile("small.properties", keys, map(overrides))));
  }

  private static TabularProblem published(String name, String table, String... overrides) {
    Map<String, String> keys = map(overrides);
    keys.put("table", Shared.path(table).toString());
    return new TabularProblem(TableDefinition.read(name, ProblemDefinition.FILES.load(name, keys)));
  }

  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
