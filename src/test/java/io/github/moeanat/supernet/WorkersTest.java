package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void whatRunsAloneMeetsNoTaskOfAnyWorkers() throws Exception {
    AtomicInteger working = new AtomicInteger();
    List<Integer> met = Collections.synchronizedList(new ArrayList<>());
    ExecutorService callers = Executors.newFixedThreadPool(3);
    try (Workers many = new Workers("test", 2, false);
        Workers others = new Workers("test", 2, false);
        Workers timing = new Workers("test", 1, false)) {
      List<Future<?>> running = new ArrayList<>();
      for (Workers workers : List.of(many, others)) {
        Callable<Integer> task =
            () -> {
              working.incrementAndGet();
              Thread.sleep(2);
              return working.decrementAndGet();
            };
        running.add(
            callers.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    workers.run(List.of(task, task));
                  }
                }));
      }
      running.add(
          callers.submit(
              () -> {
                for (int i = 0; i < 20; i++) {
                  timing.runAlone(
                      () -> {
                        met.add(working.get());
                        Thread.sleep(2);
                        met.add(working.get());
                        return null;
                      });
                }
              }));
      for (Future<?> caller : running) {
        caller.get(1, TimeUnit.MINUTES);
      }
    } finally {
      callers.shutdownNow();
    }
    assertEquals(Collections.nCopies(40, 0), met);
  }

  @Test
  void tasksOfTwoCallersRunAtTheSameTime() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(2);
    CountDownLatch both = new CountDownLatch(2);
    try (Workers one = new Workers("test", 1, false);
        Workers two = new Workers("test", 1, false)) {
      Callable<Boolean> task =
          () -> {
            both.countDown();
            return both.await(1, TimeUnit.MINUTES);
          };
      Future<List<Boolean>> first = callers.submit(() -> one.run(List.of(task)));
      Future<List<Boolean>> second = callers.submit(() -> two.run(List.of(task)));
      assertTrue(first.get().get(0) && second.get().get(0));
    } finally {
      callers.shutdownNow();
    }
  }
}
