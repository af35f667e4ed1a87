package io.github.moeanat.problem;

import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The supernets of a run between two adaptations: what an {@link Adaptation} saves.
 *
 * @param members the state of each by its width
 */
record AdaptedState(Map<Double, TrainedState> members) {

  // Raised whenever the layout changes. States without a version began with 0 and held one member.
  private static final int VERSION = 2;

  FamilyWeights weights() {
    Map<Double, Weights> weights = new TreeMap<>();
    members.forEach((width, member) -> weights.put(width, member.weights()));
    return new FamilyWeights(weights);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream stream = new DataOutputStream(bytes)) {
      stream.writeInt(VERSION);
      stream.writeInt(members.size());
      for (Map.Entry<Double, TrainedState> member : new TreeMap<>(members).entrySet()) {
        stream.writeDouble(member.getKey());
        member.getValue().encode(stream);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns what {@link #encode} made.
   *
   * @throws IllegalArgumentException if the bytes are something else
   */
  static AdaptedState decode(byte[] bytes) {
    try (DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = stream.readInt();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "the adapted state has version %d, this program reads version %d"
                .formatted(version, VERSION));
      }
      Map<Double, TrainedState> members = new TreeMap<>();
      for (int left = stream.readInt(); left > 0; left--) {
        members.put(stream.readDouble(), TrainedState.decode(stream));
      }
      return new AdaptedState(members);
    } catch (IOException e) {
      throw new IllegalArgumentException("the adapted state is damaged: " + e.getMessage(), e);
    }
  }
}
