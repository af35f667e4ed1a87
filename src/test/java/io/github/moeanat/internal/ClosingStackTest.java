package io.github.moeanat.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingStackTest {

  @Test
  void theLastIsClosedFirstAndAFailureKeepsNoneFromIt() {
    List<String> closed = new ArrayList<>();
    ClosingStack stack = new ClosingStack();
    stack.push(() -> closed.add("first"));
    stack.push(
        () -> {
          throw new IllegalStateException("second");
        });
    stack.push(() -> closed.add("third"));
    assertEquals("second", assertThrows(IllegalStateException.class, stack::close).getMessage());
    assertEquals(List.of("third", "first"), closed);
    stack.close();
    assertEquals(List.of("third", "first"), closed);
  }
}
