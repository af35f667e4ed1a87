package io.github.moeanat.experiment.bench;

import io.github.moeanat.internal.Progress;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.problem.ProblemWeights;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.SupernetFamily;
import java.nio.file.Path;
import java.util.List;

/**
 * Loading the supernets that a problem names: reading and checking their weights, hashing them,
 * copying them to native memory. The engine is started before.
 */
final class LoadingLoad implements Load {

  private final ProblemDefinition definition;

  LoadingLoad(ProblemDefinition definition) {
    this.definition = definition;
  }

  @Override
  public void prepare() {
    PyTorch.enterThread(false);
  }

  @Override
  public void run() {
    List<Path> files = definition.weights().stream().map(Path::of).toList();
    FamilyWeights weights = ProblemWeights.read(definition, files, Progress.NONE);
    // Every measurement and every warm-up has it in its key.
    weights.hash();
    new SupernetFamily(weights, definition::network, definition.space(), PyTorch.device("cpu"))
        .close();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
