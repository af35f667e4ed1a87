package io.github.moeanat.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.MobileNetV3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a subnet of a problem's search space from either kind of file that there is. */
public final class SubnetFile {

  private final ProblemDefinition definition;

  /** Creates the reader of a problem's subnets. */
  public SubnetFile(ProblemDefinition definition) {
    this.definition = definition;
  }

  /**
   * Reads a file: a subnet as {@link SubnetJson} writes it, or a {@link NetConfig}. Of the latter
   * the number of classes is of no account: the supernet's own classifier is used.
   *
   * @throws IllegalArgumentException if the file can't be read or holds no subnet of the problem;
   *     the message names file, key, value and what is expected
   */
  public Architecture read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + file + ": " + IoReason.of(file, e), e);
    }
    String source = file.toString();
    return isNetConfig(text)
        ? architecture(source, NetConfig.parse(source, text))
        : new SubnetJson(definition.space()).parse(source, text);
  }

  private static boolean isNetConfig(String text) {
    try {
      JsonElement json = JsonParser.parseString(text);
      return json.isJsonObject() && json.getAsJsonObject().has("blocks");
    } catch (JsonParseException e) {
      // Whoever reads it strictly says what is wrong.
      return false;
    }
  }

  private Architecture architecture(String source, NetConfig config) {
    MobileNetV3 read = config.network();
    if (read.stemStride() != definition.stemStride()) {
      throw new IllegalArgumentException(
          "%s: first_conv.stride is %d, expected %d, the problem's stem.stride"
              .formatted(source, read.stemStride(), definition.stemStride()));
    }
    if (!read.strides().equals(definition.strides())) {
      throw new IllegalArgumentException(
          "%s: the stages have strides %s, expected %s, the problem's strides"
              .formatted(source, read.strides(), definition.strides()));
    }
    if (read.activations() != definition.activations()) {
      throw new IllegalArgumentException(
          "%s: the network has %s activations, the problem %s: its key 'activation' decides"
              .formatted(source, read.activations(), definition.activations()));
    }
    try {
      new ArchitectureCodec(definition.space()).encode(config.architecture());
      return config.architecture();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }
}
