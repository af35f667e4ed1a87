package io.github.moeanat.cli;

import io.github.moeanat.experiment.table.TableCard;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.table.TableDefinition;
import io.github.moeanat.problem.table.TabularProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Says what is to be known of a problem of kind table: {@code nat table NAME}. */
final class TableCommand implements Command {

  private static final String REFERENCE = "reference";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "table";
  }

  @Override
  public String usage() {
    return "PROBLEM [options]";
  }

  @Override
  public String summary() {
    return "print the card of a problem of kind table, in Markdown";
  }

  @Override
  public Options options() {
    return CommonOptions.basic()
        .addOption(CommonOptions.override("use this value of a problem's key; may be repeated"))
        .addOption(
            CommonOptions.valued(
                REFERENCE, "FILE", "write the true front of a complete table; pf/NAME.pf is found"))
        .addOption(CommonOptions.flag(OVERWRITE, "replace the file"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    String file = ProblemChoice.fileName(invocation.arguments("PROBLEM").get(0));
    TabularProblem problem =
        new TabularProblem(
            TableDefinition.read(file, ProblemDefinition.FILES.load(file, invocation.overrides())));
    Optional<Path> reference = invocation.value(REFERENCE).map(Path::of);
    if (reference.isEmpty() && invocation.has(OVERWRITE)) {
      throw new IllegalArgumentException("--overwrite is for --reference");
    }
    if (reference.isPresent()) {
      if (!problem.definition().complete()) {
        throw new IllegalArgumentException(
            "%s is a sampled table, whose true front is not known: merge results of long runs with"
                    .formatted(problem.getName())
                + " the framework's ResultFileMerger");
      }
      OutputFile.require(REFERENCE, reference.get(), invocation.has(OVERWRITE));
    }
    TableCard card = TableCard.of(problem);
    if (reference.isPresent()) {
      TableCard.writeReferenceSet(problem, reference.get());
      invocation.console().info("%d solutions in %s".formatted(card.front(), reference.get()));
    }
    invocation
        .console()
        .result(invocation.has("json") ? card.toJson() : card.toMarkdown().stripTrailing());
  }
}
