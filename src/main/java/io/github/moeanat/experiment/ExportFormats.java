package io.github.moeanat.experiment;

import ai.djl.ndarray.NDArray;
import io.github.moeanat.evaluation.ValidationPass;
import io.github.moeanat.internal.Suggestions;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.OnnxExport;
import io.github.moeanat.supernet.OnnxNetwork;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The kinds of files that subnets are exported to, by name, which is also the files' ending. */
final class ExportFormats {

  /** The names of all formats. */
  static final List<String> NAMES = List.of("onnx", "safetensors", "json");

  private ExportFormats() {}

  /**
   * Checks the name of a format.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static void require(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no format '" + name + "'" + Suggestions.forName(name, NAMES));
    }
  }

  /**
   * Returns the format of a name.
   *
   * @param supernet where a file that holds no weights takes them from
   * @param metadata what a file of weights says of itself, by key
   */
  static ExportFormat of(
      String name,
      SubnetJson json,
      Supernet supernet,
      ValidationPass pass,
      Map<String, String> metadata) {
    require(name);
    return switch (name) {
      case "onnx" -> new Onnx(metadata);
      case "safetensors" -> new Tensors(metadata, supernet, pass);
      default -> new Description(json, supernet, pass);
    };
  }

  /** The network in the engine that measures. */
  private record Own(Subnet subnet, Engine.Inference inference) implements ExportFormat.Network {

    @Override
    public NDArray forward(NDArray images) {
      return inference.logits(images);
    }

    @Override
    public void close() {
      inference.close();
      subnet.close();
    }
  }

  /** A model for other programs, read again by ONNX Runtime. */
  private record Onnx(Map<String, String> metadata) implements ExportFormat {

    private record Foreign(OnnxNetwork network) implements Network {

      @Override
      public NDArray forward(NDArray images) {
        return network.forward(images);
      }

      @Override
      public void close() {
        network.close();
      }
    }

    @Override
    public void write(Subnet subnet, OutputStream stream) throws IOException {
      OnnxExport.write(subnet, metadata, stream);
    }

    @Override
    public Network read(Path file, Subnet original) throws IOException {
      OnnxNetwork network = OnnxNetwork.read(file);
      if (!network.metadata().equals(metadata)) {
        network.close();
        throw new IOException("its metadata are " + network.metadata() + ", expected " + metadata);
      }
      return new Foreign(network);
    }
  }

  /** The weights of the subnet by name. */
  private record Tensors(Map<String, String> metadata, Supernet supernet, ValidationPass pass)
      implements ExportFormat {

    @Override
    public void write(Subnet subnet, OutputStream stream) throws IOException {
      stream.write(Safetensors.encode(subnet.toWeights(), metadata));
    }

    @Override
    public Network read(Path file, Subnet original) throws IOException {
      Weights weights = Safetensors.read(file);
      // Of names, shapes and every bit of the values.
      if (!weights.hash().equals(original.toWeights().hash())) {
        throw new IOException("its weights are not those that were written");
      }
      Map<String, String> found = Safetensors.metadata(file);
      if (!found.equals(metadata)) {
        throw new IOException("its metadata are " + found + ", expected " + metadata);
      }
      Subnet subnet =
          Subnet.of(original.architecture(), supernet.network(), weights, supernet.device());
      return new Own(subnet, pass.prepare(subnet));
    }
  }

  /** The architecture alone; its weights are the supernet's. */
  private record Description(SubnetJson json, Supernet supernet, ValidationPass pass)
      implements ExportFormat {

    @Override
    public void write(Subnet subnet, OutputStream stream) throws IOException {
      String text = json.toJson(subnet.architecture()) + "\n";
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Network read(Path file, Subnet original) throws IOException {
      Architecture architecture;
      try {
        architecture = json.read(file);
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
      if (!architecture.equals(original.architecture())) {
        throw new IOException("it holds " + architecture + ", not " + original.architecture());
      }
      Subnet subnet = supernet.extract(architecture);
      pass.recalibrate(subnet);
      return new Own(subnet, pass.prepare(subnet));
    }
  }
}
