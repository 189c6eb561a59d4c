package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The mux slot of a connection has one writer, and its owner two. */
class MuxSlotTest {
  private static final String CONNECTION = "dev.sluice.core.connection.Connection";
  private static final String INSTALLER = "dev.sluice.core.connection.MuxInstaller";

  @Test
  void onlyTheInstallerWritesTheSlot() {
    assertThat(writers("mux")).containsExactly(INSTALLER);
  }

  @Test
  void onlyTheInstallerAndTheConnectionWriteTheOwner() {
    assertThat(writers("owner")).containsExactlyInAnyOrder(INSTALLER, CONNECTION);
  }

  private static Set<String> writers(String field) {
    return House.allClasses().get(CONNECTION).getField(field).getAccessesToSelf().stream()
        .filter(access -> access.getAccessType() == AccessType.SET)
        .map(access -> access.getOriginOwner())
        .map(MuxSlotTest::outermost)
        .collect(Collectors.toSet());
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(MuxSlotTest::outermost).orElse(type.getName());
  }
}
