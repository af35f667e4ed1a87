package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model that {@link OnnxExport} wrote, as ONNX Runtime runs it: what the file says and nothing
 * else. Passes may run in several threads.
 */
public final class OnnxNetwork implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxNetwork(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /**
   * Reads a model.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static OnnxNetwork read(Path file) throws IOException {
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "moea-nat");
      environment.setTelemetry(false);
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        // As everywhere: parallelism across images and networks, not within an operation.
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        return new OnnxNetwork(environment, environment.createSession(file.toString(), options));
      }
    } catch (OrtException e) {
      throw new IOException(file + ": ONNX Runtime can't read it: " + e.getMessage(), e);
    }
  }

  /** What the file says of itself beside the network, by key. */
  public Map<String, String> metadata() {
    try {
      return new TreeMap<>(session.getMetadata().getCustomMetadata());
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /**
   * Runs the network.
   *
   * @param images {@code [N, 3, r, r]}
   * @return logits {@code [N, classes]}, owned by the images' manager
   */
  public NDArray forward(NDArray images) {
    FloatBuffer pixels = FloatBuffer.wrap(images.toFloatArray());
    try (OnnxTensor input =
            OnnxTensor.createTensor(environment, pixels, images.getShape().getShape());
        OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
      OnnxTensor logits = (OnnxTensor) result.get(0);
      float[] values = new float[logits.getFloatBuffer().remaining()];
      logits.getFloatBuffer().get(values);
      return images.getManager().create(values, new Shape(logits.getInfo().getShape()));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }
}
