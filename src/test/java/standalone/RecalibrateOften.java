package standalone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureSampler;
import io.github.moeanat.supernet.Engine;
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

  /**
   * Takes the name of an engine, prints by how many kB the resident memory grew after a warm-up.
   */
  public static void main(String[] arguments) throws IOException {
    Architecture architecture = new ArchitectureSampler(Digits.SPACE).largest();
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        Engine engine = Engine.Kind.of(arguments[0]).open(manager);
        Supernet supernet = Digits.supernet()) {
      NDArray images = manager.ones(new ai.djl.ndarray.types.Shape(4, 3, 24, 24));
      recalibrate(engine, supernet, architecture, images, 100);
      long before = residentKilobytes();
      recalibrate(engine, supernet, architecture, images, 300);
      System.out.println("grown " + (residentKilobytes() - before));
    }
  }

  private static void recalibrate(
      Engine engine, Supernet supernet, Architecture architecture, NDArray images, int times) {
    for (int i = 0; i < times; i++) {
      try (NDManager scope = images.getManager().newSubManager();
          Subnet subnet = engine.extract(supernet, architecture)) {
        engine.recalibrate(subnet, List.of(images));
        try (Engine.Inference inference = engine.prepare(subnet)) {
          inference.logits(images).attach(scope);
        }
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
