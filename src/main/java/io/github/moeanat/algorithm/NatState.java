package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.problem.Problem;

/**
 * What a checkpoint of NAT holds beside the framework's own state. The stream is a version, the
 * problem it belongs to, a length, a SHA-256 and one block, which is checked as a whole before
 * anything is taken from it.
 */
final class NatState implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 6;
  private static final int HASH_BYTES = 32;

  private final long seed;
  private final long predictions;
  private final List<Genotype> known;
  private final Map<Genotype, String> failures;
  private final Map<Genotype, List<Double>> predictedObjectives;
  private final List<IterationRecord> history;
  private final byte[] adaptation;

  NatState(
      long seed,
      long predictions,
      List<Genotype> known,
      Map<Genotype, String> failures,
      Map<Genotype, List<Double>> predictedObjectives,
      List<IterationRecord> history,
      byte[] adaptation) {
    this.seed = seed;
    this.predictions = predictions;
    this.known = known;
    this.failures = failures;
    this.predictedObjectives = predictedObjectives;
    this.history = history;
    this.adaptation = adaptation;
  }

  long seed() {
    return seed;
  }

  long predictions() {
    return predictions;
  }

  List<Genotype> known() {
    return known;
  }

  Map<Genotype, String> failures() {
    return failures;
  }

  Map<Genotype, List<Double>> predictedObjectives() {
    return predictedObjectives;
  }

  List<IterationRecord> history() {
    return history;
  }

  /** Adapted weights and optimiser state, or {@code null} if nothing was adapted. */
  byte[] adaptation() {
    return adaptation;
  }

  /** Writes something to a stream. */
  interface Body {
    void write(ObjectOutputStream stream) throws IOException;
  }

  /** Writes a block with all that is needed to check it. */
  static void write(ObjectOutputStream stream, Problem problem, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream block = new ObjectOutputStream(bytes)) {
      body.write(block);
    }
    stream.writeInt(VERSION);
    stream.writeUTF(signature(problem));
    stream.writeInt(bytes.size());
    stream.write(hash(problem, bytes.toByteArray()));
    stream.write(bytes.toByteArray());
  }

  /**
   * Returns the block of a stream after checking it.
   *
   * @throws FrameworkException if it is damaged, of another version or of another problem
   */
  static ObjectInputStream verified(ObjectInputStream stream, Problem problem) {
    try {
      int version = stream.readInt();
      if (version != VERSION) {
        throw new FrameworkException(
            "the checkpoint has version " + version + ", this program reads version " + VERSION);
      }
      String signature = stream.readUTF();
      if (!signature.equals(signature(problem))) {
        throw new FrameworkException(
            "the checkpoint belongs to %s, expected %s".formatted(signature, signature(problem)));
      }
      int length = stream.readInt();
      byte[] hash = stream.readNBytes(HASH_BYTES);
      byte[] block = stream.readNBytes(Math.max(0, length));
      if (block.length != length || !Arrays.equals(hash, hash(problem, block))) {
        throw new FrameworkException(
            "the checkpoint is damaged: %d of %d bytes found, and their checksum does not agree"
                .formatted(block.length, length));
      }
      return new ObjectInputStream(new ByteArrayInputStream(block));
    } catch (IOException e) {
      throw new FrameworkException("the checkpoint is damaged or cut off", e);
    }
  }

  /**
   * Returns the state at the start of a verified block.
   *
   * @throws FrameworkException if the block is one of another build of this program
   */
  static NatState read(ObjectInputStream block) {
    try {
      return (NatState) block.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new FrameworkException("the checkpoint was written by another build", e);
    }
  }

  private static String signature(Problem problem) {
    return "%s with %d variables, %d objectives, %d constraints"
        .formatted(
            problem.getName(),
            problem.getNumberOfVariables(),
            problem.getNumberOfObjectives(),
            problem.getNumberOfConstraints());
  }

  private static byte[] hash(Problem problem, byte[] block) {
    MessageDigest digest = Sha256.digest();
    digest.update(signature(problem).getBytes(StandardCharsets.UTF_8));
    return digest.digest(block);
  }
}
