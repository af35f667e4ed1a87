package io.github.moeanat.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void theScheduleStandsWhereverRoundsOrSpendingAreFurther() {
    Budget both = new Budget(200, 9);
    assertEquals(0.3, both.position(3, 20));
    assertEquals(0.5, both.position(3, 100));
    assertEquals(1, both.position(3, 230));
  }

  @Test
  void whatBoundsNothingDoesNotMoveTheSchedule() {
    assertEquals(0.25, new Budget(400, Budget.UNLIMITED).position(7, 100));
    assertEquals(0.7, new Budget(Budget.UNLIMITED, 9).position(7, 100));
    assertEquals(0, new Budget(Budget.UNLIMITED, Budget.UNLIMITED).position(7, 100));
    assertEquals(Budget.UNLIMITED, new Budget(Budget.UNLIMITED, 9).left(100));
    assertEquals(0, new Budget(90, 9).left(100));
  }
}
