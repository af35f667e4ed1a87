package io.github.moeanat.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.moeanat.internal.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An object within a JSON file, read strictly: every refusal names the file, the key from its root,
 * the value and what was expected.
 *
 * @param source the file
 * @param path what stands before a key of this object, such as {@code blocks[3].}
 * @param json the object
 */
record JsonPart(String source, String path, JsonObject json) {

  boolean has(String key) {
    return json.has(key);
  }

  /** Returns whether a key is missing or null. */
  boolean isNull(String key) {
    return !json.has(key) || json.get(key).isJsonNull();
  }

  JsonPart part(String key) {
    JsonElement value = get(key);
    if (!value.isJsonObject()) {
      throw refusal(key, "an object");
    }
    return new JsonPart(source, path + key + ".", value.getAsJsonObject());
  }

  /** Returns the objects of a list. */
  List<JsonPart> parts(String key) {
    JsonElement value = get(key);
    if (!value.isJsonArray()) {
      throw refusal(key, "a list of objects");
    }
    JsonArray array = value.getAsJsonArray();
    List<JsonPart> parts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String name = "%s%s[%d]".formatted(path, key, i);
      if (!array.get(i).isJsonObject()) {
        throw new IllegalArgumentException(
            "%s: %s is %s, expected an object".formatted(source, name, array.get(i)));
      }
      parts.add(new JsonPart(source, name + ".", array.get(i).getAsJsonObject()));
    }
    return parts;
  }

  int integer(String key, int low, int high) {
    JsonElement value = get(key);
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      double number = primitive.getAsDouble();
      if (number == Math.rint(number) && number >= low && number <= high) {
        return (int) number;
      }
    }
    throw refusal(key, "a whole number from " + low + " to " + high);
  }

  boolean flag(String key) {
    JsonElement value = get(key);
    if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    throw refusal(key, "true or false");
  }

  String text(String key) {
    JsonElement value = get(key);
    if (value instanceof JsonPrimitive primitive && primitive.isString()) {
      return primitive.getAsString();
    }
    throw refusal(key, "a text");
  }

  /** Requires a number, text or truth value to be there and to be this one. */
  void require(String key, Object expected) {
    Object wanted = expected instanceof Number number ? number.doubleValue() : expected;
    if (!Objects.equals(plain(get(key)), wanted)) {
      throw refusal(key, String.valueOf(expected));
    }
  }

  /** The same for a key that may be missing or null. */
  void requireIfThere(String key, Object expected) {
    if (!isNull(key)) {
      require(key, expected);
    }
  }

  /** Refuses keys other than these. */
  void requireKeys(List<String> known) {
    for (String key : json.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "%s: unknown key '%s%s'%s"
                .formatted(source, path, key, Suggestions.forName(key, known)));
      }
    }
  }

  IllegalArgumentException refusal(String key, String expected) {
    return new IllegalArgumentException(
        "%s: %s%s is %s, expected %s".formatted(source, path, key, json.get(key), expected));
  }

  private JsonElement get(String key) {
    JsonElement value = json.get(key);
    if (value == null) {
      throw new IllegalArgumentException("%s: key '%s%s' is missing".formatted(source, path, key));
    }
    return value;
  }

  private static Object plain(JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive)) {
      return null;
    }
    if (primitive.isNumber()) {
      return primitive.getAsDouble();
    }
    return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : primitive.getAsString();
  }
}
