package io.github.moeanat.problem;

import io.github.moeanat.internal.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The property files of one folder: those packed into the jar, and those in a folder of the same
 * name in the working directory, which win. The name of a file without its ending is its name.
 *
 * @param folder name of the folder, for example {@code problems}
 */
public record PropertyFiles(String folder) {

  private static final String ENDING = ".properties";

  /** Returns all names in alphabetical order. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    try {
      Path local = Path.of(folder);
      if (Files.isDirectory(local)) {
        names.addAll(listed(local));
      }
      for (URL url : Collections.list(loader().getResources(folder))) {
        names.addAll(listed(url.toURI()));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("can't list the property files of " + folder, e);
    }
    return names;
  }

  /**
   * Returns the file of a name.
   *
   * @param overrides keys and values that win over the file
   * @throws IllegalArgumentException if there is no such file, it can't be read, or a key is there
   *     twice
   */
  public PropertyFile load(String name, Map<String, String> overrides) {
    Properties properties = read(name, new Once());
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return new PropertyFile(folder + "/" + name + ENDING, values, overrides);
  }

  /**
   * Returns the text of a key, the last one if it is there twice: what a file is called even if
   * {@link #load} refuses it.
   *
   * @throws IllegalArgumentException if there is no such file or it can't be read
   */
  Optional<String> lastText(String name, String key) {
    return Optional.ofNullable(read(name, new Properties()).getProperty(key)).map(String::trim);
  }

  private Properties read(String name, Properties properties) {
    String file = folder + "/" + name + ENDING;
    try {
      Path local = Path.of(file);
      if (Files.exists(local)) {
        try (Reader reader = Files.newBufferedReader(local)) {
          load(file, properties, reader);
        }
      } else {
        try (InputStream packed = loader().getResourceAsStream(file)) {
          if (packed == null) {
            throw new IllegalArgumentException(
                "no file " + file + Suggestions.forName(name, names()));
          }
          load(file, properties, new InputStreamReader(packed, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(unreadable(file, e), e);
    }
    return properties;
  }

  /**
   * Reads a property file.
   *
   * @param file its name, for messages
   * @throws IllegalArgumentException if it is no property file
   * @throws IOException if it can't be read
   */
  public static void load(String file, Properties properties, Reader reader) throws IOException {
    try {
      properties.load(reader);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(unreadable(file, e), e);
    }
  }

  /** Refuses a key that is there twice. */
  private static final class Once extends Properties {

    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Object put(Object key, Object value) {
      Object earlier = super.put(key, value);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "key '%s' is there twice, as '%s' and as '%s'".formatted(key, earlier, value));
      }
      return null;
    }
  }

  private static String unreadable(String file, Exception error) {
    String reason =
        error instanceof CharacterCodingException ? "it is no text in UTF-8" : error.getMessage();
    return "can't read " + file + ": " + reason;
  }

  private static Set<String> listed(URI uri) throws IOException {
    if (!uri.getScheme().equals("jar")) {
      return listed(Path.of(uri));
    }
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      return listed(jar.provider().getPath(uri));
    } catch (FileSystemAlreadyExistsException e) {
      return listed(FileSystems.getFileSystem(uri).provider().getPath(uri));
    }
  }

  private static Set<String> listed(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ENDING))
          .forEach(file -> names.add(file.substring(0, file.length() - ENDING.length())));
      return names;
    }
  }

  private static ClassLoader loader() {
    return PropertyFiles.class.getClassLoader();
  }
}
