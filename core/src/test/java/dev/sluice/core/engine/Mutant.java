package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The core with one line of one class changed: the class is compiled from its changed source, and a
 * class loader of its own holds it beside all the others. The library itself has no seam for this.
 */
final class Mutant implements AutoCloseable {
  private static final Path SOURCES = Path.of("src/main/java");

  private final Path directory;
  private final Loader loader;

  private Mutant(Path directory, Loader loader) {
    this.directory = directory;
    this.loader = loader;
  }

  /**
   * Makes a mutant.
   *
   * @param type the name of the class
   * @param line what its source must have, once
   * @param changed what stands there instead
   */
  static Mutant of(String type, String line, String changed) throws IOException {
    String source = Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
    assertThat(source).as("the source of " + type).containsOnlyOnce(line);
    Path directory = Files.createTempDirectory("mutant");
    compile(type, source.replace(line, changed), directory);
    List<URL> urls = new ArrayList<>();
    urls.add(directory.toUri().toURL());
    for (Path place : ownPlaces()) {
      urls.add(place.toUri().toURL());
    }
    return new Mutant(directory, new Loader(urls.toArray(new URL[0])));
  }

  /** The core as it is, loaded in the same way. */
  static Mutant none() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path place : ownPlaces()) {
      urls.add(place.toUri().toURL());
    }
    return new Mutant(Files.createTempDirectory("mutant"), new Loader(urls.toArray(new URL[0])));
  }

  /** Runs the simulation of a class with a seed; returns what it fails with, or null. */
  @Nullable Throwable run(Class<?> simulation, long seed) {
    try {
      Method run =
          Class.forName(simulation.getName(), true, loader).getDeclaredMethod("run", long.class);
      run.setAccessible(true);
      run.invoke(null, seed);
      return null;
    } catch (InvocationTargetException failure) {
      return failure.getCause();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static void compile(String type, String source, Path directory) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringBuilder path = new StringBuilder();
    for (Path place : ownPlaces()) {
      path.append(place).append(System.getProperty("path.separator"));
    }
    path.append(placeOf(Nullable.class));
    JavaFileObject unit =
        new SimpleJavaFileObject(
            URI.create("string:///" + type.replace('.', '/') + ".java"),
            JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of(
                    "-d", directory.toString(), "-cp", path.toString(), "-proc:none", "-nowarn"),
                null,
                List.of(unit))
            .call();
    assertThat(compiled).as("the mutant of " + type + " compiles").isTrue();
  }

  /** Where the classes of the core and of its tests are. */
  private static List<Path> ownPlaces() {
    return List.of(placeOf(ProxyEngine.class), placeOf(Mutant.class));
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Loads what is ours anew, and leaves the rest to its parent. */
  private static final class Loader extends URLClassLoader {
    Loader(URL[] places) {
      super(places, Mutant.class.getClassLoader());
      // The assertions of the library would notice first; here its behaviour has to show.
      setDefaultAssertionStatus(false);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.sluice.core.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }
  }
}
