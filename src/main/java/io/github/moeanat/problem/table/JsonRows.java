package io.github.moeanat.problem.table;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Rows of JSON; a class of its own, so that tables in CSV need no library for it. */
final class JsonRows {

  private JsonRows() {}

  static List<TableRow> read(Path file, String text) throws IOException {
    List<TableRow> rows = new ArrayList<>();
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      boolean named = json.peek() == JsonToken.BEGIN_OBJECT;
      if (named) {
        json.beginObject();
      } else {
        json.beginArray();
      }
      while (json.hasNext()) {
        Map<String, String> cells = new LinkedHashMap<>();
        String row = String.valueOf(rows.size() + 1);
        if (named) {
          row = json.nextName();
          cells.put(TableFile.KEY, row);
        }
        addCells(json, cells, "%s: row %s".formatted(file, row));
        rows.add(new TableRow("%s: row %s".formatted(file, row), cells));
      }
      if (named) {
        json.endObject();
      } else {
        json.endArray();
      }
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalStateException("more behind the table");
      }
    } catch (MalformedJsonException | EOFException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "%s: row %d is no JSON of rows: %s"
              .formatted(file, rows.size() + 1, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
    return rows;
  }

  private static void addCells(JsonReader json, Map<String, String> cells, String place)
      throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String column = json.nextName();
      if (cells.containsKey(column)) {
        throw new IllegalArgumentException(
            "%s has the column %s twice, expected each once".formatted(place, column));
      }
      if (json.peek() == JsonToken.BEGIN_OBJECT) {
        // No cell of ours looks like that.
        json.skipValue();
      } else {
        cells.put(column, cell(json));
      }
    }
    json.endObject();
  }

  private static String cell(JsonReader json) throws IOException {
    return switch (json.peek()) {
      case BEGIN_ARRAY -> {
        StringJoiner list = new StringJoiner(" ");
        json.beginArray();
        while (json.hasNext()) {
          list.add(json.nextString());
        }
        json.endArray();
        yield list.toString();
      }
      case NULL -> {
        json.nextNull();
        yield "";
      }
      case BOOLEAN -> String.valueOf(json.nextBoolean());
      default -> json.nextString();
    };
  }
}
