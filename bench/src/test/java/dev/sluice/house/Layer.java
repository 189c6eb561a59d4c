package dev.sluice.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One row of the import table: a layer's packages, the layers that it sees, and the libraries that
 * it may use besides {@code java.*} and the annotations of JSpecify.
 *
 * @param packages full names, without their sub-packages
 * @param sees full names of packages that it may import besides its own
 * @param seesInPart full names of packages of which it may import enums and the application
 *     protocol
 * @param libraries prefixes of names
 * @param sansIo whether its classes know neither socket, file, thread nor clock
 */
record Layer(
    Set<String> packages,
    Set<String> sees,
    Set<String> seesInPart,
    List<String> libraries,
    boolean sansIo) {

  private static final String CORE = "dev.sluice.core.";
  private static final List<String> EVERYWHERE = List.of("java.", "org.jspecify.");

  static Layer of(String... packages) {
    return new Layer(Set.of(packages), Set.of(), Set.of(), List.of(), false);
  }

  static Layer core(String... names) {
    return of(Stream.of(names).map(CORE::concat).toArray(String[]::new));
  }

  Layer sees(Layer... others) {
    Set<String> all =
        Stream.concat(sees.stream(), Stream.of(others).flatMap(other -> other.packages.stream()))
            .collect(Collectors.toUnmodifiableSet());
    return new Layer(packages, all, seesInPart, libraries, sansIo);
  }

  /** Adds all that {@code next} sees, and itself: the arrow of the table. */
  Layer above(Layer next) {
    Set<String> all =
        Stream.of(sees, next.sees, next.packages)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
    return new Layer(packages, all, seesInPart, libraries, sansIo);
  }

  Layer seesInPart(Layer... others) {
    Set<String> all =
        Stream.of(others)
            .flatMap(other -> other.packages.stream())
            .collect(Collectors.toUnmodifiableSet());
    return new Layer(packages, sees, all, libraries, sansIo);
  }

  Layer uses(String... prefixes) {
    return new Layer(packages, sees, seesInPart, List.of(prefixes), sansIo);
  }

  Layer withoutIo() {
    return new Layer(packages, sees, seesInPart, libraries, true);
  }

  boolean mayImport(JavaClass target) {
    String home = target.getPackageName();
    if (!target.getName().startsWith("dev.sluice.")) {
      return Stream.concat(EVERYWHERE.stream(), libraries.stream())
          .anyMatch(target.getName()::startsWith);
    }
    return packages.contains(home)
        || sees.contains(home)
        || (seesInPart.contains(home) && (target.isEnum() || isApplicationProtocol(target)));
  }

  private static boolean isApplicationProtocol(JavaClass target) {
    return target.getName().equals(CORE + "transport.ApplicationProtocol");
  }
}
