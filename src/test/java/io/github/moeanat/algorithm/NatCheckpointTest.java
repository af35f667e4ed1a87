package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.AdaptiveGrid;
import io.github.moeanat.testing.Rows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.moeaframework.core.FrameworkException;
import org.moeaframework.core.PRNG;
import org.moeaframework.problem.Problem;

class NatCheckpointTest {

  private static final int TOTAL = 150;

  private final AdaptiveGrid grid = new AdaptiveGrid(6, 8);

  @Test
  void aRunResumedAtAnyStepEndsAsAnUnbrokenOne() throws IOException, ClassNotFoundException {
    NAT whole = seeded(grid);
    whole.run(TOTAL);
    int steps = whole.history().size();
    assertTrue(steps > 4);
    for (int step = 1; step < steps; step++) {
      NAT broken = seeded(grid);
      broken.getSettings().setMaxEvaluations(TOTAL);
      for (int i = 0; i < step; i++) {
        broken.step();
      }
      byte[] state = save(broken);
      PRNG.setSeed(step);
      NAT resumed = NatTest.nat(grid);
      load(resumed, state);
      resumed.run(TOTAL - resumed.getNumberOfEvaluations());
      assertEquals(
          Rows.of(whole.getResult()), Rows.of(resumed.getResult()), "resumed after step " + step);
      assertEquals(whole.history(), resumed.history());
      assertEquals(whole.runSeed(), resumed.runSeed());
      broken.terminate();
    }
    assertEquals(0, grid.open());
  }

  @Test
  void savingChangesNothing() throws IOException {
    NAT whole = seeded(grid);
    whole.run(TOTAL);
    NAT saved = seeded(grid);
    saved.getSettings().setMaxEvaluations(TOTAL);
    while (!saved.isTerminated()) {
      saved.step();
      save(saved);
    }
    assertEquals(Rows.of(whole.getResult()), Rows.of(saved.getResult()));
  }

  @Test
  void aTerminatedRunGoesOnFromItsOwnWeights() {
    NAT whole = seeded(grid);
    whole.getSettings().setIterations(5);
    whole.run(10_000);
    NAT twice = seeded(grid);
    twice.getSettings().setIterations(5);
    twice.run(whole.history().get(2).evaluations());
    assertEquals(0, grid.open(), "native memory is freed between runs");
    twice.run(10_000);
    assertEquals(whole.history().size(), twice.history().size());
  }

  @Test
  void aDamagedCheckpointIsRefusedAndTouchesNothing() throws IOException {
    NAT nat = seeded(grid);
    nat.step();
    byte[] state = save(nat);
    for (int position = 0; position < state.length; position += 97) {
      byte[] damaged = state.clone();
      damaged[position] ^= 0x20;
      assertRefused(damaged);
    }
    for (int length = 0; length < state.length; length += 211) {
      assertRefused(Arrays.copyOf(state, length));
    }
  }

  @Test
  void aCheckpointOfAnotherProblemIsRefused() throws IOException {
    NAT nat = seeded(grid);
    nat.step();
    byte[] state = save(nat);
    NAT other = NatTest.nat(new AdaptiveGrid(5, 8));
    var error = assertThrows(FrameworkException.class, () -> load(other, state));
    assertTrue(error.getMessage().contains("6 variables"), error.getMessage());
  }

  private void assertRefused(byte[] state) {
    NAT fresh = seeded(grid);
    // Damage in the stream's own header is found by the stream, before the algorithm is asked.
    assertThrows(Exception.class, () -> load(fresh, state));
    assertFalse(fresh.isInitialized());
    fresh.getSettings().setMaxEvaluations(12);
    fresh.run(12);
    assertEquals(12, fresh.getNumberOfEvaluations());
  }

  private static NAT seeded(Problem problem) {
    NAT nat = NatTest.nat(problem);
    nat.getSettings().setSeed("9");
    return nat;
  }

  private static byte[] save(NAT nat) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      nat.saveState(stream);
    }
    return bytes.toByteArray();
  }

  private static void load(NAT nat, byte[] state) throws IOException, ClassNotFoundException {
    try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(state))) {
      nat.loadState(stream);
    }
  }
}
