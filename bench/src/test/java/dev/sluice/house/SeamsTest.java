package dev.sluice.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Time, chance, sockets and the console are reached in few places, so that a simulation can hold
 * them all.
 */
class SeamsTest {

  private static final Set<String> SANS_IO =
      LayersTest.TABLE.stream()
          .filter(Layer::sansIo)
          .flatMap(layer -> layer.packages().stream())
          .collect(Collectors.toUnmodifiableSet());

  /** What reads a clock; a {@code Clock} that is passed in, or chosen by default, is a seam. */
  private static final Map<String, Set<String>> CLOCKS =
      Map.of(
          "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.OffsetDateTime", Set.of("now"));

  private static final Map<String, Set<String>> CHANCE =
      Map.of(
          "java.lang.Math", Set.of("random"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"));

  @Test
  void codecsAndProtocolsKnowNoSocketFileOrThread() {
    noClasses()
        .that(are(inSansIoPackage()))
        .should()
        .dependOnClassesThat(
            describe(
                "do input and output",
                type ->
                    type.getPackageName().startsWith("java.nio.channels")
                        || type.getPackageName().startsWith("java.nio.file")
                        || type.getName().startsWith("java.io.File")
                        || type.getName().equals("java.lang.Thread")
                        || (type.getPackageName().equals("java.net")
                            && type.getSimpleName().contains("Socket")
                            && !type.getSimpleName().endsWith("SocketAddress"))))
        .allowEmptyShould(true)
        .check(House.allClasses());
  }

  @Test
  void onlyTheTimePackageReadsAClock() {
    noClasses()
        .that(are(ofALibraryOutside("dev.sluice.core.time")))
        // Made for a demo; it also takes the instant from its caller.
        .and()
        .doNotHaveFullyQualifiedName("dev.sluice.tls.DevelopmentCertificates")
        .should()
        .accessTargetWhere(calls(CLOCKS))
        .allowEmptyShould(true)
        .check(House.allClasses());
  }

  @Test
  void librariesTakeChanceOnlyFromASeam() {
    noClasses()
        .that(are(ofALibraryOutside("")))
        .should()
        .accessTargetWhere(calls(CHANCE))
        .allowEmptyShould(true)
        .check(House.allClasses());
  }

  @Test
  void onlyCommandsWriteToTheConsole() {
    noClasses()
        .that(are(ofALibraryOutside("dev.sluice.core.cli")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .accessTargetWhere(calls(Map.of("java.lang.Throwable", Set.of("printStackTrace"))))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .allowEmptyShould(true)
        .check(House.allClasses());
  }

  private static DescribedPredicate<JavaClass> inSansIoPackage() {
    return describe("without input and output", type -> SANS_IO.contains(type.getPackageName()));
  }

  private static DescribedPredicate<JavaClass> ofALibraryOutside(String excepted) {
    return describe(
        "of a library, outside " + excepted,
        type ->
            !type.getPackageName().equals("dev.sluice.app")
                && !type.getPackageName().equals(excepted));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Map<String, Set<String>> methods) {
    return describe(
        "calls, without an argument, one of " + methods,
        access -> {
          AccessTarget target = access.getTarget();
          Set<String> names = methods.get(target.getOwner().getName());
          return names != null
              && names.contains(target.getName())
              && access.getTarget() instanceof AccessTarget.CodeUnitCallTarget call
              && call.getRawParameterTypes().isEmpty();
        });
  }
}
