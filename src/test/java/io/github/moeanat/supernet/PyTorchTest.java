package io.github.moeanat.supernet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchTest {

  @Test
  void engineStaysOffline() {
    assertEquals(Device.cpu(), PyTorch.device("cpu"));
    PyTorch.newManager(Device.cpu()).close();
    assertEquals("true", System.getProperty("ai.djl.offline"));
    assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tpu", "gpu:999", "gpu:-1", "CPU", ""})
  void devicesThatAreNotThereAreRefused(String name) {
    var e = assertThrows(IllegalArgumentException.class, () -> PyTorch.device(name));
    assertTrue(e.getMessage().contains("device is " + name), e::getMessage);
  }
}
