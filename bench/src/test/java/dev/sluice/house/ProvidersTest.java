package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A provider is found on the module path by the descriptor and on the class path by the file under
 * META-INF/services: a module that names one in only one of the two works for half of its users.
 */
class ProvidersTest {

  static final List<String> LIBRARIES = House.LIBRARIES;

  @ParameterizedTest
  @FieldSource("LIBRARIES")
  void descriptorAndServiceFilesNameTheSameProviders(String module) throws IOException {
    assertThat(providersByServiceFile(module)).isEqualTo(providersByDescriptor(module));
  }

  @ParameterizedTest
  @FieldSource("LIBRARIES")
  void moduleIsNamedAfterItsDirectory(String module) {
    assertThat(descriptor(module).name()).isEqualTo("dev.sluice." + module.replace('-', '.'));
  }

  private static Map<String, List<String>> providersByDescriptor(String module) {
    return descriptor(module).provides().stream()
        .collect(
            Collectors.toMap(
                ModuleDescriptor.Provides::service,
                ModuleDescriptor.Provides::providers,
                (one, other) -> one,
                TreeMap::new));
  }

  private static Map<String, List<String>> providersByServiceFile(String module)
      throws IOException {
    Path services = House.classes(module).resolve("META-INF/services");
    Map<String, List<String>> providers = new TreeMap<>();
    if (Files.isDirectory(services)) {
      try (Stream<Path> files = Files.list(services)) {
        for (Path file : files.toList()) {
          providers.put(
              file.getFileName().toString(),
              Files.readAllLines(file).stream()
                  .map(line -> line.replaceFirst("#.*", "").strip())
                  .filter(line -> !line.isEmpty())
                  .toList());
        }
      }
    }
    return providers;
  }

  private static ModuleDescriptor descriptor(String module) {
    return ModuleFinder.of(House.classes(module)).findAll().iterator().next().descriptor();
  }
}
