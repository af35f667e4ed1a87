package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.cost.SubnetCost;
import io.github.moeanat.problem.ProblemDefinition;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.testing.NetConfigs;
import io.github.moeanat.testing.Ofa;
import io.github.moeanat.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetConfigTest {

  private static final Set<String> MISH =
      Set.of("flowers102", "stl10", "NAT-M1", "NAT-M2", "NAT-M3", "NAT-M4");

  // Depths 2 3 4 2 2 at width 0.25, 32 px.
  private static final JsonObject SUBNET =
      JsonParser.parseString(
              "{'ks':[3,5,3,5,7,3,3,5,3,7,7,5,5],'e':[3,4,6,6,6,3,3,4,3,4,4,6,6],'d':[2,3,4,2,2]}"
                  .replace('\'', '"'))
          .getAsJsonObject();

  @TempDir private Path folder;

  @Test
  void thePublishedSubnetsAreReadAndCountedToTheUnit() throws IOException {
    Path folders = Shared.path("data/nat-published-subnets");
    JsonObject golden =
        JsonParser.parseString(Files.readString(Shared.path("golden/madds.json")))
            .getAsJsonObject();
    int files = 0;
    for (JsonElement element : golden.getAsJsonArray("published")) {
      JsonObject net = element.getAsJsonObject();
      String name = net.get("folder").getAsString();
      String data = net.get("dataset").getAsString();
      NetConfig config = NetConfig.read(folders.resolve(data).resolve(name).resolve("net.config"));
      double width = net.get("width_from_config").getAsDouble();
      MobileNetV3.Activations activations =
          MISH.contains(data) || MISH.contains(name)
              ? MobileNetV3.Activations.MISH
              : MobileNetV3.Activations.DEFAULT;
      int classes = net.get("n_classes_in_config").getAsInt();
      assertEquals(new MobileNetV3(width, 2, classes, activations), config.network(), name);
      assertEquals(
          Ofa.compact(net.getAsJsonObject("config"), net.get("r").getAsInt(), width),
          config.architecture(),
          name);
      SubnetCost cost = SubnetCost.of(config.architecture(), config.network());
      JsonObject counts = net.getAsJsonObject("ofa").getAsJsonObject(String.valueOf(width));
      assertEquals(counts.get("macs_exact").getAsLong(), cost.madds(), name);
      assertEquals(net.get("nat_params").getAsLong(), cost.params(), name);
      assertEquals(net.get("torchprofile_macs").getAsLong(), cost.publishedMadds(), name);
      // The original adds up in 32 bits.
      assertEquals(
          net.get("nat_macs_full_counter").getAsDouble(), (double) cost.natMadds(), 200, name);
      files++;
    }
    assertEquals(14, files);
  }

  @Test
  void bothGenerationsOfKeysAndEveryWidthAreRead() {
    for (double width : new double[] {0.25, 0.5, 1, 1.2, 1.125}) {
      for (String strides : List.of("22212", "12212", "11111", "22222")) {
        var activations =
            strides.startsWith("2")
                ? MobileNetV3.Activations.MISH
                : MobileNetV3.Activations.DEFAULT;
        MobileNetV3 network = new MobileNetV3(width, 1, digits(strides), 10, activations);
        NetConfig expected = new NetConfig(Ofa.compact(SUBNET, 32, width), network);
        JsonObject old = NetConfigs.of(expected.architecture(), network);
        assertEquals(expected, NetConfig.parse("old", old.toString()));
        for (JsonElement block : old.getAsJsonArray("blocks")) {
          JsonObject object = block.getAsJsonObject();
          object.add("conv", object.remove("mobile_inverted_conv"));
          object.getAsJsonObject("conv").add("groups", null);
        }
        old.remove("img_size");
        NetConfig read = NetConfig.parse("new", old.toString());
        assertEquals(224, read.architecture().resolution());
        assertEquals(expected.architecture().stages(), read.architecture().stages());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "first_conv.stride                               | 3      | first_conv.stride is 3, expected"
            + " a whole number from 1 to 2",
        "first_conv.act_func                             | 'relu' | first_conv.act_func is 'relu',"
            + " expected h_swish",
        "first_conv.use_bn                               | false  | first_conv.use_bn is false,"
            + " expected true",
        "first_conv.groups                               | 3      | first_conv.groups is 3, expected"
            + " 1",
        "first_conv.colour                               | 1      | unknown key 'first_conv.colour'",
        "first_conv.out_channels                         | 16     | first_conv.out_channels is 16,"
            + " expected 8",
        "final_expand_layer.act_func                     | 'mish' | final_expand_layer.act_func is"
            + " 'mish', expected h_swish",
        "feature_mix_layer.bias                          | true   | feature_mix_layer.bias is true,"
            + " expected false",
        "feature_mix_layer.stride                        | 2      | feature_mix_layer.stride is 2,"
            + " expected 1",
        "classifier.in_features                          | 321    | classifier.in_features is 321,"
            + " expected a multiple of 8",
        "classifier.out_features                         | 1      | classifier.out_features is 1,"
            + " expected a whole number from 2",
        "classifier.bias                                 | false  | classifier.bias is false,"
            + " expected true",
        "bn.eps                                          | 0.001  | bn.eps is 0.001, expected"
            + " 1.0E-5",
        "img_size                                        | 0      | img_size is 0, expected",
        "exits                                           | []     | unknown key 'exits'",
        "blocks                                          | []     | blocks: the architecture has 0"
            + " stages, expected 5",
        "blocks                                          | 3      | blocks is 3, expected a list of"
            + " objects",
        "blocks.0.mobile_inverted_conv.expand_ratio      | 3      | blocks[0].mobile_inverted_conv"
            + ".expand_ratio is 3, expected 1",
        "blocks.1.mobile_inverted_conv.kernel_size       | 4      | blocks[1].mobile_inverted_conv"
            + ".kernel_size is 4, expected an odd number",
        "blocks.1.mobile_inverted_conv.act_func          | 'swish'| blocks[1].mobile_inverted_conv"
            + ".act_func is 'swish', expected relu",
        "blocks.2.mobile_inverted_conv.mid_channels      | 40     | blocks[2].mobile_inverted_conv"
            + ".mid_channels is 40, expected 32",
        "blocks.2.mobile_inverted_conv.expand_ratio      | 2.5    | blocks[2].mobile_inverted_conv"
            + ".expand_ratio is 2.5, expected a whole number",
        "blocks.2.mobile_inverted_conv.groups            | 1      | blocks[2].mobile_inverted_conv"
            + ".groups is 1, expected 32",
        "blocks.2.mobile_inverted_conv.use_se            | true   | blocks: the architecture has",
        "blocks.2.shortcut                               | null   | blocks[2].shortcut is null,"
            + " expected an IdentityLayer",
        "blocks.1.shortcut                               | {'name':'IdentityLayer'} |"
            + " blocks[1].shortcut is {'name':'IdentityLayer'}, expected null",
        "blocks.2.shortcut.use_bn                        | true   | blocks[2].shortcut.use_bn is"
            + " true, expected false",
      })
  void whatOurNetworksCannotBeIsNamed(String key, String value, String message) {
    JsonObject config = NetConfigs.of(Ofa.compact(SUBNET, 32, 0.25), new MobileNetV3(0.25, 2, 10));
    JsonElement place = config;
    String[] steps = key.split("\\.");
    for (int i = 0; i < steps.length - 1; i++) {
      place =
          place.isJsonArray()
              ? place.getAsJsonArray().get(Integer.parseInt(steps[i]))
              : place.getAsJsonObject().get(steps[i]);
    }
    place
        .getAsJsonObject()
        .add(steps[steps.length - 1], JsonParser.parseString(value.replace('\'', '"')));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> NetConfig.parse("net.config", config.toString()));
    String actual = error.getMessage().replace('"', '\'');
    assertTrue(actual.startsWith("net.config: " + message), actual);
  }

  @Test
  void missingKeysAndDeepStagesAreNamed() {
    MobileNetV3 network = new MobileNetV3(0.25, 2, 10);
    JsonObject config = NetConfigs.of(Ofa.compact(SUBNET, 32, 0.25), network);
    config.remove("feature_mix_layer");
    requireMessage("x: key 'feature_mix_layer' is missing", config.toString());
    JsonObject deep = NetConfigs.of(Ofa.compact(SUBNET, 32, 0.25), network);
    List<JsonElement> blocks = deep.getAsJsonArray("blocks").asList();
    blocks.add(blocks.get(blocks.size() - 1));
    blocks.add(blocks.get(blocks.size() - 1));
    blocks.add(blocks.get(blocks.size() - 1));
    requireMessage(
        "x: blocks: depth of stage 5 is 5, expected an integer from 1 to 4", deep.toString());
    requireMessage("x: not JSON, expected a net.config", "{\"blocks\": [");
    requireMessage("x: not a JSON object, expected a net.config", "[]");
  }

  @Test
  void aProblemTakesEitherKindOfFile() throws IOException {
    ProblemDefinition tiny = problem();
    var architecture = Ofa.compact(SUBNET, 8, 0.25);
    Path file = folder.resolve("net.config");
    // The classifier is the supernet's own, whatever the file's network told apart.
    MobileNetV3 other = new MobileNetV3(0.25, 1, 1000);
    Files.writeString(file, NetConfigs.of(architecture, other).toString());
    assertEquals(architecture, new SubnetFile(tiny).read(file));
    new SubnetJson(tiny.space()).write(file, architecture);
    assertEquals(architecture, new SubnetFile(tiny).read(file));
    Files.writeString(file, NetConfigs.of(architecture, new MobileNetV3(0.25, 2, 10)).toString());
    requireRefused(tiny, file, "first_conv.stride is 2, expected 1, the problem's stem.stride");
    MobileNetV3 mish = new MobileNetV3(0.25, 1, 10, MobileNetV3.Activations.MISH);
    Files.writeString(file, NetConfigs.of(architecture, mish).toString());
    requireRefused(tiny, file, "the network has MISH activations, the problem DEFAULT");
    assertEquals(architecture, new SubnetFile(problem("activation", "mish")).read(file));
    MobileNetV3 wide =
        new MobileNetV3(0.25, 1, digits("12212"), 10, MobileNetV3.Activations.DEFAULT);
    Files.writeString(file, NetConfigs.of(architecture, wide).toString());
    requireRefused(
        tiny,
        file,
        "the stages have strides [1, 2, 2, 1, 2], expected [2, 2, 2, 1, 2], the problem's strides");
    assertEquals(architecture, new SubnetFile(problem("strides", "1,2,2,1,2")).read(file));
    var large = Ofa.compact(SUBNET, 224, 0.25);
    Files.writeString(file, NetConfigs.of(large, other).toString());
    requireRefused(tiny, file, "resolution is 224, expected one of [8, 12]");
    requireRefused(tiny, Files.writeString(file, "{"), "not JSON");
    requireRefused(tiny, folder.resolve("none"), "can't read " + folder.resolve("none"));
  }

  private static List<Integer> digits(String text) {
    return text.chars().map(digit -> digit - '0').boxed().toList();
  }

  private static ProblemDefinition problem(String... overrides) {
    Map<String, String> map = overrides.length == 0 ? Map.of() : Map.of(overrides[0], overrides[1]);
    return ProblemDefinition.read("tiny", ProblemDefinition.FILES.load("tiny", map));
  }

  private static void requireRefused(ProblemDefinition problem, Path file, String part) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new SubnetFile(problem).read(file));
    assertTrue(error.getMessage().contains(part), error.getMessage());
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
  }

  private static void requireMessage(String message, String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> NetConfig.parse("x", text));
    assertEquals(message, error.getMessage());
  }
}
