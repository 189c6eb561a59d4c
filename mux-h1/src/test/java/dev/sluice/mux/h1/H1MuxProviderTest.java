package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class H1MuxProviderTest {
  private final List<String> problems = new ArrayList<>();
  private final MuxRegistry registry =
      MuxRegistry.of(List.of(), List.of(new H1MuxProvider()), problems);

  @Test
  void serviceIsFound() {
    assertThat(ServiceLoader.load(MuxProvider.class))
        .anyMatch(provider -> provider instanceof H1MuxProvider);
  }

  @Test
  void tokenAndAbsenceOfATokenBothSelectIt() {
    List<ApplicationProtocol> offered = List.of(ApplicationProtocol.HTTP_1_1);
    for (Side side : Side.values()) {
      for (ApplicationProtocol agreed :
          List.of(ApplicationProtocol.HTTP_1_1, ApplicationProtocol.NONE)) {
        assertThat(registry.select(side, Mode.HTTP, null, agreed, offered).provider())
            .isInstanceOf(H1MuxProvider.class);
      }
      assertThat(registry.named("h1", side, Mode.HTTP)).isNotNull();
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void nameIsNoProtocolAndTcpIsNotItsMode() {
    ApplicationProtocol name = ApplicationProtocol.of("h1");
    assertThat(registry.select(Side.BACK, Mode.HTTP, null, name, List.of(name)).provider())
        .isNull();
    assertThat(registry.named("h1", Side.BACK, Mode.TCP)).isNull();
  }
}
