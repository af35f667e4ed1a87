package io.github.moeanat.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.ArchitectureCodec;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.SearchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetJsonTest {

  private static final SearchSpace SPACE = SearchSpace.nat(List.of(24, 32, 40), List.of(1.0, 1.2));

  // Depths 2 3 4 2 2: 13 layers.
  private static final String VALID =
      "{'ks':[3,5,0,0,3,5,7,0,3,3,3,3,7,7,0,0,5,5,0,0],"
          + "'e':[3,4,0,0,6,6,6,0,3,3,3,3,4,4,0,0,6,6,0,0],"
          + "'d':[2,3,4,2,2],'r':32,'w':1.2}";

  @TempDir private Path folder;

  private final SubnetJson json = new SubnetJson(SPACE);

  @Test
  void theTextIsOfasWithZerosInAbsentSlots() {
    String text = VALID.replace('\'', '"');
    Architecture architecture = json.parse("x", text);
    assertEquals(32, architecture.resolution());
    assertEquals(1.2, architecture.width());
    assertEquals(
        List.of(new Layer(3, 6), new Layer(5, 6), new Layer(7, 6)), architecture.stages().get(1));
    assertEquals(text, json.toJson(architecture));
  }

  @Test
  void everySubnetComesBackFromItsFile() throws IOException {
    ArchitectureCodec codec = new ArchitectureCodec(SPACE);
    RandomGenerator random = new Seeds(1).generator("test");
    Path file = folder.resolve("01.json");
    for (int n = 0; n < 50; n++) {
      int[] genes = new int[SPACE.genes()];
      for (int i = 0; i < genes.length; i++) {
        genes[i] = random.nextInt(SPACE.lowerBound(i), SPACE.upperBound(i) + 1);
      }
      Architecture architecture = codec.decode(genes);
      json.write(file, architecture);
      assertEquals(architecture, json.read(file));
    }
  }

  @Test
  void aListMayNameActiveLayersOnlyAndAbsentSlotsMayHoldAnything() {
    Architecture expected = json.parse("x", VALID.replace('\'', '"'));
    String compact =
        "{\"wid\":null,\"ks\":[3,5,3,5,7,3,3,3,3,7,7,5,5],\"e\":[3,4,6,6,6,3,3,3,3,4,4,6,6],"
            + "\"d\":[2,3,4,2,2],\"r\":32.0,\"w\":1.2}";
    assertEquals(expected, json.parse("x", compact));
    assertEquals(expected, json.parse("x", VALID.replace('\'', '"').replace("0", "9")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'ks':            | 'kz':            | key 'ks' is missing",
        "'e':             | 'f':             | key 'e' is missing",
        "'d':             | 'f':             | key 'd' is missing",
        "'r':32,          | ~~               | key 'r' is missing",
        ",'w':1.2         | ~~               | key 'w' is missing",
        "'d':[2,3,4,2,2]  | 'd':3            | d is 3, expected a list of whole numbers",
        "'d':[2,3,4,2,2]  | 'd':[2,3,4,2]    | d is [2,3,4,2], expected a list of 5 depths, one for"
            + " each stage",
        "'d':[2,3,4,2,2]  | 'd':[2,3,5,2,2]  | d[2] is 5, expected one of 2, 3, 4",
        "'d':[2,3,4,2,2]  | 'd':[2,3,1,2,2]  | d[2] is 1, expected one of 2, 3, 4",
        "'d':[2,3,4,2,2]  | 'd':[3,3,4,2,2]  | ks[2] is 0, expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3,4        | ks[1] is 4, expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3,'5'      | ks[1] is '5', expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3,5.5      | ks[1] is 5.5, expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3,null     | ks[1] is null, expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3,[5]      | ks[1] is [5], expected one of 3, 5, 7",
        "'ks':[3,5        | 'ks':[3          | ks has 19 entries, expected 20 (one for each slot) or"
            + " 13 (one for each layer in d)",
        "'e':[3,4         | 'e':[3,5         | e[1] is 5, expected one of 3, 4, 6",
        "0,5,5,0,0]       | 0,5,9,0,0]       | ks[17] is 9, expected one of 3, 5, 7",
        "'r':32           | 'r':36           | r is 36, expected one of 24, 32, 40",
        "'r':32           | 'r':1e999        | r is 1e999, expected one of 24, 32, 40",
        "'r':32           | 'r':[32]         | r is [32], expected one of 24, 32, 40",
        "'w':1.2          | 'w':1.1          | w is 1.1, expected one of 1.0, 1.2",
        "'w':1.2          | 'w':'1.2'        | w is '1.2', expected one of 1.0, 1.2",
        "'w':1.2          | 'w':NaN          | not JSON, expected an object with the keys ks, e, d,"
            + " r, w",
        "'w':1.2}         | 'w':1.2          | not JSON, expected an object with the keys ks, e, d,"
            + " r, w",
        "'w':1.2}         | 'w':1.2}}        | not JSON, expected an object with the keys ks, e, d,"
            + " r, w",
      })
  void wrongInputIsNamed(String part, String replacement, String message) {
    assertTrue(VALID.contains(part), part);
    String text = VALID.replace(part, replacement).replace('\'', '"');
    var error = assertThrows(IllegalArgumentException.class, () -> json.parse("a.json", text));
    assertEquals("a.json: " + message, error.getMessage().replace('"', '\''));
  }

  @ParameterizedTest
  @CsvSource({"[1]", "3", "null", "''"})
  void whatIsNotAnObjectIsRefused(String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> json.parse("a.json", text));
    assertEquals(
        "a.json: not a JSON object, expected one with the keys ks, e, d, r, w", error.getMessage());
  }

  @Test
  void filesThatCantBeReadAreNamed() throws IOException {
    Path file = folder.resolve("none.json");
    assertUnreadable("the file is missing", file);
    assertUnreadable("it is a folder", folder);
    Path latin = Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xE9, '"'});
    assertUnreadable("it is not a text in UTF-8", latin);
  }

  @Test
  void aSubnetOfAnotherSpaceIsNotWritten() {
    Layer layer = new Layer(3, 3);
    Architecture other =
        new Architecture(48, 1.0, Collections.nCopies(5, Collections.nCopies(2, layer)));
    Path file = folder.resolve("01.json");
    assertThrows(IllegalArgumentException.class, () -> json.write(file, other));
    assertTrue(Files.notExists(file));
  }

  private void assertUnreadable(String reason, Path file) {
    var error = assertThrows(IllegalArgumentException.class, () -> json.read(file));
    assertEquals("can't read " + file + ": " + reason, error.getMessage());
  }
}
