package io.github.moeanat.problem.table;

import io.github.moeanat.problem.PropertyFile;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Independent genes: every combination of their values is an architecture of its own.
 *
 * @param columns where genes stand in a row
 * @param split how a cell is cut into genes
 * @param values what may stand for each gene, in the order of its numbers from 0
 */
record GeneSpace(List<String> columns, Split split, List<List<String>> values)
    implements TableSpace {

  private static final String GENES = "genes";
  private static final String SPLIT = "genes.split";
  private static final String COUNT = "genes.count";
  private static final String VALUES = "values";
  private static final String EXPECTED = "texts or numbers, at least one, none twice";
  private static final int MOST_GENES = 10_000;

  /** How a cell is cut into genes. */
  enum Split {
    /** A cell is a gene. */
    NO,
    /** Every character is one. */
    CHARACTERS,
    /** Spaces or commas are between them. */
    SPACES;

    private List<String> of(String cell) {
      return switch (this) {
        case NO -> List.of(cell);
        case CHARACTERS -> Arrays.asList(cell.split(""));
        case SPACES -> Arrays.asList(cell.trim().split("[\\s,]+"));
      };
    }
  }

  GeneSpace {
    columns = List.copyOf(columns);
    values = values.stream().map(List::copyOf).toList();
  }

  static GeneSpace read(PropertyFile file) {
    file.text(GENES);
    List<String> columns = file.list(GENES, List.of(), "columns", GeneSpace::word);
    Split split =
        switch (file.choice(SPLIT, List.of("no", "characters", "spaces"))) {
          case "characters" -> Split.CHARACTERS;
          case "spaces" -> Split.SPACES;
          default -> Split.NO;
        };
    int count = file.integer(COUNT, columns.size(), columns.size(), MOST_GENES);
    if (split == Split.NO && count != columns.size()) {
      throw file.refusal(COUNT, "%d, as many as %s".formatted(columns.size(), GENES));
    }
    List<String> common = file.list(VALUES, List.of(), EXPECTED, GeneSpace::word);
    List<List<String>> values = new ArrayList<>();
    for (int gene = 0; gene < count; gene++) {
      String key = split == Split.NO ? VALUES + "." + columns.get(gene) : VALUES;
      List<String> own = file.list(key, common, EXPECTED, GeneSpace::word);
      if (own.isEmpty()) {
        file.text(key);
      }
      List<String> normal = own.stream().map(GeneSpace::normal).toList();
      if (new HashSet<>(normal).size() < normal.size()) {
        throw file.refusal(
            file.values().containsKey(key) ? key : VALUES, "a comma-separated list of " + EXPECTED);
      }
      values.add(normal);
    }
    return new GeneSpace(columns, split, values);
  }

  private static String word(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty");
    }
    return text;
  }

  // A number is the same however it is written.
  private static String normal(String text) {
    if (!TableRow.NUMBER.matcher(text).matches()) {
      return text;
    }
    double number = Double.parseDouble(text);
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  @Override
  public int genes() {
    return values.size();
  }

  @Override
  public int low(int gene) {
    return 0;
  }

  @Override
  public int high(int gene) {
    return values.get(gene).size() - 1;
  }

  @Override
  public int[] canonical(int[] genes) {
    return genes.clone();
  }

  @Override
  public int[] sample(RandomGenerator random) {
    int[] genes = new int[genes()];
    Arrays.setAll(genes, gene -> random.nextInt(values.get(gene).size()));
    return genes;
  }

  @Override
  public List<int[]> extremes() {
    return List.of();
  }

  @Override
  public BigInteger size() {
    return values.stream()
        .map(choices -> BigInteger.valueOf(choices.size()))
        .reduce(BigInteger.ONE, BigInteger::multiply);
  }

  @Override
  public List<int[]> all(int most) {
    if (size().compareTo(BigInteger.valueOf(most)) > 0) {
      throw new IllegalArgumentException(
          "the genes have %s combinations, expected at most %d".formatted(size(), most));
    }
    List<int[]> all = new ArrayList<>();
    int[] genes = new int[genes()];
    int gene = 0;
    while (gene >= 0) {
      all.add(genes.clone());
      for (gene = genes.length - 1; gene >= 0 && genes[gene] == high(gene); gene--) {
        genes[gene] = 0;
      }
      if (gene >= 0) {
        genes[gene]++;
      }
    }
    return all;
  }

  @Override
  public double[] features(int[] genes) {
    return Arrays.stream(genes).asDoubleStream().toArray();
  }

  @Override
  public int[] read(TableRow row) {
    int[] genes = new int[genes()];
    int next = 0;
    for (String column : columns) {
      for (String text : split.of(row.text(column))) {
        if (next == genes.length) {
          throw row.refusal(column, "%d genes in %s".formatted(genes.length, columns));
        }
        genes[next] = values.get(next).indexOf(normal(text.trim()));
        if (genes[next] < 0) {
          throw row.refusal(
              column,
              "%sone of %s"
                  .formatted(
                      split == Split.NO ? "" : "gene " + (next + 1) + " to be ", values.get(next)));
        }
        next++;
      }
    }
    if (next < genes.length) {
      throw row.refusal(
          columns.get(columns.size() - 1), "%d genes in %s".formatted(genes.length, columns));
    }
    return genes;
  }
}
