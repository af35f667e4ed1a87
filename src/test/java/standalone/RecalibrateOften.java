package standalone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.BatchNorm;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Extracts and recalibrates subnets again and again, in a process whose heap can't grow. */
public final class RecalibrateOften {

  private RecalibrateOften() {}

  /** Prints by how many kB the resident memory grew after a warm-up. */
  public static void main(String[] arguments) throws IOException {
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).largest();
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        Supernet supernet = Digits.supernet()) {
      NDArray images = manager.ones(new ai.djl.ndarray.types.Shape(4, 3, 24, 24));
      recalibrate(supernet, architecture, images, 100);
      long before = residentKilobytes();
      recalibrate(supernet, architecture, images, 300);
      System.out.println("grown " + (residentKilobytes() - before));
    }
  }

  private static void recalibrate(
      Supernet supernet, Architecture architecture, NDArray images, int times) {
    for (int i = 0; i < times; i++) {
      try (NDManager scope = images.getManager().newSubManager();
          Subnet subnet = supernet.extract(architecture)) {
        subnet.recalibrate(List.of(images));
        subnet.forward(images, BatchNorm.RUNNING).attach(scope);
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
