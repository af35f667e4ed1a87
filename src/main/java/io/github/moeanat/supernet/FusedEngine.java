package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.moeanat.space.Activation;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.BlockShape;
import io.github.moeanat.space.MobileNetV3;
import java.util.ArrayList;
import java.util.List;

/** Runs networks as a {@link TorchScript} program. */
final class FusedEngine implements Engine {

  private final TorchScript program;

  FusedEngine(NDManager manager) {
    program = new TorchScript(manager);
  }

  @Override
  public Subnet extract(Supernet supernet, Architecture architecture) {
    List<BlockShape> blocks = supernet.blocks(architecture);
    NDManager owner = PyTorch.newManager(supernet.device());
    try {
      List<NDArray> tensors =
          program.tensors(
              owner,
              "extract",
              TorchScript.value(supernet.parameters()),
              IValue.listFrom(supernet.parameterSizes()),
              TorchScript.value(supernet.statistics()),
              IValue.listFrom(supernet.statisticSizes()),
              IValue.listFrom(supernet.pieces(blocks)));
      return new Subnet(architecture, supernet.network(), blocks, owner, tensors);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  @Override
  public void recalibrate(Subnet subnet, Iterable<NDArray> batches) {
    double[] sums = new double[0];
    double images = 0;
    try (NDManager scope = PyTorch.newManager(subnet.device())) {
      for (NDArray batch : batches) {
        try (NDArray statistics =
            program.tensor(
                scope,
                "calibrate",
                TorchScript.value(batch),
                TorchScript.list(subnet.tensors()),
                IValue.listFrom(plan(subnet.network(), subnet.blocks())),
                IValue.from((long) microBatch(subnet)))) {
          double[] values = statistics.toDoubleArray();
          long count = batch.getShape().get(0);
          sums = sums.length == 0 ? new double[values.length] : sums;
          for (int i = 0; i < values.length; i++) {
            sums[i] += count * values[i];
          }
          images += count;
        }
      }
    }
    if (images == 0) {
      return;
    }
    float[] averages = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      averages[i] = (float) (sums[i] / images);
    }
    subnet.replaceStatistics(averages);
  }

  @Override
  public Inference prepare(Subnet subnet) {
    NDManager owner = PyTorch.newManager(subnet.device());
    long[] plan = plan(subnet.network(), subnet.blocks());
    List<NDArray> folded;
    try {
      folded =
          program.tensors(owner, "fold", TorchScript.list(subnet.tensors()), IValue.listFrom(plan));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
    int size = microBatch(subnet);
    return new Inference() {
      @Override
      public NDArray logits(NDArray images) {
        return program.tensor(
            images.getManager(),
            "infer",
            TorchScript.value(images),
            TorchScript.list(folded),
            IValue.listFrom(plan),
            IValue.from((long) size));
      }

      @Override
      public void close() {
        owner.close();
      }
    };
  }

  @Override
  public Pass differentiate(
      Supernet supernet,
      Architecture architecture,
      NDArray images,
      NDArray targets,
      float factor,
      NDArray statistics,
      NDArray gradient) {
    List<BlockShape> blocks = supernet.blocks(architecture);
    List<NDArray> result =
        program.tensors(
            images.getManager(),
            "differentiate",
            TorchScript.value(images),
            TorchScript.value(targets),
            IValue.from((double) -factor),
            TorchScript.value(supernet.parameters()),
            IValue.listFrom(supernet.parameterSizes()),
            TorchScript.value(statistics),
            IValue.listFrom(supernet.statisticSizes()),
            IValue.listFrom(supernet.pieces(blocks)),
            IValue.listFrom(plan(supernet.network(), blocks)),
            TorchScript.value(gradient));
    return new Pass(-factor * result.get(0).getFloat(), result.get(1));
  }

  private static int microBatch(Subnet subnet) {
    return MicroBatch.of(subnet.network(), subnet.blocks(), subnet.architecture().resolution());
  }

  private static long[] plan(MobileNetV3 network, List<BlockShape> blocks) {
    List<Integer> plan = new ArrayList<>();
    plan.add(code(network.outerActivation()));
    plan.add(network.stemStride());
    for (BlockShape block : blocks) {
      plan.add(block.stride());
      plan.add(code(block.activation()));
      plan.add(block.expanded() ? 1 : 0);
      plan.add(block.squeezeChannels() > 0 ? 1 : 0);
      plan.add(block.shortcut() ? 1 : 0);
    }
    return plan.stream().mapToLong(Integer::longValue).toArray();
  }

  private static int code(Activation activation) {
    return switch (activation) {
      case RELU -> 1;
      case H_SWISH -> 2;
      case MISH -> 3;
    };
  }

  @Override
  public void close() {
    program.close();
  }
}
