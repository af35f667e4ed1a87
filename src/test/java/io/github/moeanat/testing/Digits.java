package io.github.moeanat.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.data.TestData;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.Weights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The supernet that Python trained on the digits, with its split and measurements. */
public final class Digits {

  /** The supernet's shape. */
  public static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 2, 10);

  /** The architectures that it was trained for. */
  public static final SearchSpace SPACE = SearchSpace.nat(List.of(24, 32, 40), List.of(0.25));

  /** How Python made its images. */
  public static final ImageTransform TRANSFORM =
      ImageTransform.of(ImageTransform.Resize.NEAREST, 8, 8);

  private Digits() {}

  /** Returns a file of the set. */
  public static Path file(String name) {
    try {
      return Path.of(Digits.class.getResource("/golden/w0.25_digits/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the trained weights. */
  public static Weights weights() {
    try {
      return Safetensors.read(file("supernet.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the trained supernet. */
  public static Supernet supernet() {
    return new Supernet(weights(), NETWORK, SPACE, PyTorch.device("cpu"));
  }

  /** Returns the measured subnets with their descriptions. */
  public static Map<JsonObject, Architecture> subnets() throws IOException {
    JsonObject manifest =
        JsonParser.parseString(Files.readString(file("manifest.json"))).getAsJsonObject();
    List<Architecture> architectures = Golden.subnets(manifest, 32);
    Map<JsonObject, Architecture> subnets = new LinkedHashMap<>();
    for (int i = 0; i < architectures.size(); i++) {
      subnets.put(
          manifest.getAsJsonArray("subnets").get(i).getAsJsonObject(), architectures.get(i));
    }
    return subnets;
  }

  /** Returns the images in Python's split. */
  public static DataSet data() throws IOException {
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"))) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      NDList.decode(manager, new ByteArrayInputStream(Files.readAllBytes(file("digits.npz"))))
          .forEach(array -> arrays.put(array.getName(), array));
      byte[] labels = arrays.get("labels").toByteArray();
      int[] classes = new int[labels.length];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = labels[i];
      }
      ImageSet images = new ImageSet(1, 8, 8, arrays.get("images8").toByteArray(), classes);
      SearchData search =
          new SearchData(
              10,
              images.select(arrays.get("train").toIntArray()),
              images.select(arrays.get("val").toIntArray()));
      return new DataSet(
          "digits",
          search,
          new TestData(images.select(arrays.get("test").toIntArray())),
          "",
          List.of());
    }
  }
}
