package dev.sluice.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds what the reactor holds on disk, compiled and as source. */
final class House {

  /** The modules with a descriptor, in the order of the reactor. */
  static final List<String> LIBRARIES = List.of("core", "tls", "mux-h1", "mux-h2");

  static final List<String> MODULES = List.of("core", "tls", "mux-h1", "mux-h2", "bench");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(MODULES.stream().map(House::classes).filter(Files::isDirectory).toList());

  private House() {}

  /** Every class of ours that is not a test. */
  static JavaClasses allClasses() {
    return CLASSES;
  }

  /** Where Maven put the main classes of {@code module}. */
  static Path classes(String module) {
    return root().resolve(module).resolve("target/classes");
  }

  /** All Java files below {@code module/tree}, for example {@code core/src/main/java}; sorted. */
  static List<Path> javaFiles(String module, String tree) {
    Path top = root().resolve(module).resolve(tree);
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory of the root POM, wherever in the tree the tests were started. */
  static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("core/pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("no reactor above " + start);
  }
}
