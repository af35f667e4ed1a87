package io.github.moeanat.cli;

import com.google.gson.GsonBuilder;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.TorchCheckpoint;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Turns a published supernet into our own form: {@code nat import FILE}. */
final class ImportCommand implements Command {

  private static final String OUTPUT = "output";
  private static final String OVERWRITE = "overwrite";
  private static final String HALF = "half";
  private static final String CLASSES = "classes";
  private static final String ENDING = ".pth";
  private static final int MOST_CLASSES = 100_000;
  private static final long DEFAULT_SEED = 1;

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String usage() {
    return "FILE [options]";
  }

  @Override
  public String summary() {
    return "read a supernet from a PyTorch file (.pth), write it as safetensors";
  }

  @Override
  public Options options() {
    return CommonOptions.basic()
        .addOption(
            CommonOptions.valued(OUTPUT, "FILE", "what is written; FILE.safetensors if absent"))
        .addOption(
            CommonOptions.valued(
                CLASSES, "N", "classes of the result; another number gets a fresh classifier"))
        .addOption(CommonOptions.valued("seed", "N", "seed of a fresh classifier; 1 if absent"))
        .addOption(CommonOptions.flag(HALF, "round to 16 bits: half the size"))
        .addOption(CommonOptions.flag(OVERWRITE, "replace a file that is there"));
  }

  @Override
  public void run(Invocation invocation) throws IOException {
    Path file = found(invocation.arguments("FILE").get(0));
    Path output =
        invocation.value(OUTPUT).map(Path::of).orElseGet(() -> file.resolveSibling(written(file)));
    if (output.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException("--output is " + output + ", the file that is read");
    }
    OutputFile.require(OUTPUT, output, invocation.has(OVERWRITE));
    Optional<Long> classes = invocation.whole(CLASSES, 2, MOST_CLASSES);
    long seed = invocation.seed().orElse(DEFAULT_SEED);
    TorchCheckpoint checkpoint = read(file);
    int had = checkpoint.network().classes();
    int has = classes.map(Long::intValue).orElse(had);
    boolean half = invocation.has(HALF);
    Weights weights = checkpoint.weightsFor(has, seed);
    if (half) {
      writeHalf(weights, file, output);
    } else {
      Safetensors.write(weights, output);
    }
    if (invocation.has("json")) {
      invocation.console().result(json(checkpoint, file, had, has, half, output));
    } else {
      lines(checkpoint, file, had, has, half, output).forEach(invocation.console()::result);
    }
  }

  private static Path found(String name) {
    Path file = Path.of(name);
    Path ended = Path.of(name + ENDING);
    if (!Files.exists(file) && Files.exists(ended)) {
      return ended;
    }
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          name.endsWith(ENDING)
              ? "no file " + file
              : "neither a file " + file + " nor a file " + ended);
    }
    return file;
  }

  private static String written(Path file) {
    String name = file.getFileName().toString();
    return (name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name)
        + ".safetensors";
  }

  private static TorchCheckpoint read(Path file) {
    try {
      return TorchCheckpoint.read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void writeHalf(Weights weights, Path file, Path output) throws IOException {
    try {
      Safetensors.writeHalf(weights, Map.of(), output);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> lines(
      TorchCheckpoint checkpoint, Path file, int had, int has, boolean half, Path output) {
    return List.of(
        "read         %s: %d tensors of %s"
            .formatted(file, checkpoint.entries(), String.join(", ", checkpoint.types())),
        "block names  "
            + (checkpoint.published()
                ? "as published, blocks.N.mobile_inverted_conv"
                : "of later versions, blocks.N.conv"),
        "kernels      "
            + (checkpoint.transforms()
                ? "with their transforms"
                : "without transforms: the identity stands in for them"),
        "width        " + checkpoint.network().width(),
        had == has
            ? "classes      " + had
            : "classes      %d in the file: a fresh classifier for %d, the rest is kept"
                .formatted(had, has),
        "written      " + output + (half ? ", in 16 bits" : ""));
  }

  private static String json(
      TorchCheckpoint checkpoint, Path file, int had, int has, boolean half, Path output) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("tensors", checkpoint.entries());
    json.put("types", checkpoint.types());
    json.put("published_names", checkpoint.published());
    json.put("kernel_transforms", checkpoint.transforms());
    json.put("width", checkpoint.network().width());
    json.put("classes_in_file", had);
    json.put("classes", has);
    json.put("fresh_classifier", had != has);
    json.put("half", half);
    json.put("output", output.toString());
    return new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json);
  }
}
