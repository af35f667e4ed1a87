package io.github.moeanat.cost;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long all costs of one architecture of the paper's space take together. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CostBenchmark {

  private static final int ARCHITECTURES = 1024;

  private final Architecture[] architectures = new Architecture[ARCHITECTURES];
  private final LatencyTable table;
  private int next;

  /** Draws architectures and makes a table of the whole space. */
  public CostBenchmark() {
    SearchSpace space = SearchSpace.paper();
    RandomGenerator random = new Seeds(1).generator("benchmark");
    ArchitectureSampler sampler = new ArchitectureSampler(space);
    for (int i = 0; i < ARCHITECTURES; i++) {
      architectures[i] = sampler.sample(random);
    }
    Map<String, Double> milliseconds = new HashMap<>();
    Part.covering(space)
        .forEach(
            architecture ->
                Part.of(architecture, new MobileNetV3(architecture.width(), 2, 1000))
                    .forEach(part -> milliseconds.put(part.key(), 1.0)));
    table = new LatencyTable("benchmark", milliseconds);
    table.requireAll(space, width -> new MobileNetV3(width, 2, 1000));
  }

  /** All closed-form costs. */
  @Benchmark
  public SubnetCost closedForm() {
    return SubnetCost.of(architecture(), new MobileNetV3(architecture().width(), 2, 1000));
  }

  /** The same and the latency by a table. */
  @Benchmark
  public SubnetCost withTable() {
    return SubnetCost.of(architecture(), new MobileNetV3(architecture().width(), 2, 1000), table);
  }

  private Architecture architecture() {
    next = (next + 1) % ARCHITECTURES;
    return architectures[next];
  }
}
