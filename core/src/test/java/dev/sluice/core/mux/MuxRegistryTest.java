package dev.sluice.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MuxRegistryTest {
  private static final Provider H1 =
      new Provider("h1", "http/1.1").byDefault(Mode.HTTP).in(Mode.HTTP);
  private static final Provider H2 = new Provider("h2", "h2").in(Mode.HTTP);
  private static final Provider BACK_ONLY =
      new Provider("back-only", "back/1").in(Mode.HTTP).on(Side.BACK);
  private static final Provider TCP = new Provider("tcp").byDefault(Mode.TCP).in(Mode.TCP);

  private static final MuxRegistry REGISTRY =
      MuxRegistry.of(List.of(H1, H2, BACK_ONLY, TCP), List.of(), new ArrayList<>());

  // ---- select

  /**
   * Every combination: the side, the mode, what is forced, what was agreed on (- for nothing), what
   * was offered (- for nothing), and what follows: a mux or a cause.
   */
  @ParameterizedTest
  @CsvSource({
    // Nothing to negotiate: the default of the mode.
    "BACK,  HTTP, -,  -,        -,                 h1",
    "FRONT, HTTP, -,  -,        -,                 h1",
    "BACK,  TCP,  -,  -,        -,                 tcp",
    "FRONT, TCP,  -,  -,        -,                 tcp",
    // Agreed on what was offered: the mux that claims it.
    "BACK,  HTTP, -,  h2,       h2 http/1.1,       h2",
    "BACK,  HTTP, -,  http/1.1, h2 http/1.1,       h1",
    "FRONT, HTTP, -,  h2,       h2 http/1.1,       h2",
    "FRONT, HTTP, -,  http/1.1, h2 http/1.1,       h1",
    "BACK,  HTTP, -,  back/1,   back/1,            back-only",
    // Agreed on nothing: the default if its token was offered, whatever else was.
    "BACK,  HTTP, -,  -,        h2 http/1.1,       h1",
    "BACK,  HTTP, -,  -,        http/1.1,          h1",
    "FRONT, HTTP, -,  -,        h2 http/1.1,       h1",
    "BACK,  HTTP, -,  -,        h2,                NO_COMMON_PROTOCOL",
    "FRONT, HTTP, -,  -,        h2,                NO_COMMON_PROTOCOL",
    "BACK,  HTTP, -,  -,        unknown/1,         NO_COMMON_PROTOCOL",
    // Agreed on what was not offered.
    "BACK,  HTTP, -,  h2,       http/1.1,          PROTOCOL_NOT_OFFERED",
    "BACK,  HTTP, -,  spdy/3,   h2 http/1.1,       PROTOCOL_NOT_OFFERED",
    "FRONT, HTTP, -,  h2,       http/1.1,          PROTOCOL_NOT_OFFERED",
    // Agreed on what nobody speaks here: never the default by silence.
    "BACK,  HTTP, -,  unknown/1, unknown/1,        NO_MUX",
    "FRONT, HTTP, -,  back/1,   back/1 http/1.1,   NO_MUX",
    // A name of a mux is no protocol, and the reverse.
    "BACK,  HTTP, -,  h1,       h1 http/1.1,       NO_MUX",
    // In TCP mode the bytes pass, whatever was agreed on.
    "BACK,  TCP,  -,  h2,       h2 http/1.1,       tcp",
    "BACK,  TCP,  -,  -,        h2,                tcp",
    "BACK,  TCP,  -,  spdy/3,   h2,                tcp",
    "FRONT, TCP,  -,  h2,       h2,                tcp",
    // What is forced wins over everything.
    "BACK,  HTTP, h2, -,        -,                 h2",
    "BACK,  HTTP, h1, h2,       h2,                h1",
    "BACK,  HTTP, h2, -,        http/1.1,          h2",
    "FRONT, HTTP, h2, spdy/3,   h2,                h2",
    "BACK,  TCP,  h1, -,        -,                 h1",
  })
  void selectionIsATable(
      Side side, Mode mode, String forced, String agreed, String offered, String expected) {
    Selection selection =
        REGISTRY.select(
            side,
            mode,
            forced.equals("-") ? null : provider(forced),
            agreed.equals("-") ? ApplicationProtocol.NONE : ApplicationProtocol.of(agreed),
            offered.equals("-")
                ? List.of()
                : ApplicationProtocol.listOf(List.of(offered.split(" "))));

    assertThat(outcome(selection)).isEqualTo(expected);
  }

  @Test
  void selectionHasNoMemory() {
    List<ApplicationProtocol> both = ApplicationProtocol.listOf(List.of("h2", "http/1.1"));
    for (int i = 0; i < 3; i++) {
      assertThat(outcome(select(ApplicationProtocol.H2, both))).isEqualTo("h2");
      assertThat(outcome(select(ApplicationProtocol.HTTP_1_1, both))).isEqualTo("h1");
      assertThat(outcome(select(ApplicationProtocol.NONE, both))).isEqualTo("h1");
    }
  }

  @Test
  void absentNullAndEmptyProtocolsAreTheSame() {
    List<ApplicationProtocol> both = ApplicationProtocol.listOf(List.of("h2", "http/1.1"));
    assertThat(select(ApplicationProtocol.of(null), both))
        .isEqualTo(select(ApplicationProtocol.NONE, both))
        .isEqualTo(select(ApplicationProtocol.of(""), both));
  }

  @Test
  void modeWithoutAnyMuxHasNone() {
    MuxRegistry none = MuxRegistry.of(List.of(H2), List.of(), new ArrayList<>());

    assertThat(outcome(none.select(Side.BACK, Mode.TCP, null, ApplicationProtocol.NONE, List.of())))
        .isEqualTo("NO_MUX");
    assertThat(
            outcome(none.select(Side.BACK, Mode.HTTP, null, ApplicationProtocol.NONE, List.of())))
        .isEqualTo("NO_MUX");
    assertThat(
            outcome(
                none.select(
                    Side.BACK,
                    Mode.HTTP,
                    null,
                    ApplicationProtocol.NONE,
                    List.of(ApplicationProtocol.H2))))
        .isEqualTo("NO_MUX");
  }

  @Test
  void everyCombinationLeadsToExactlyOneOutcome() {
    List<ApplicationProtocol> tokens =
        ApplicationProtocol.listOf(List.of("h2", "http/1.1", "back/1", "unknown/1"));
    int combinations = 0;
    for (Side side : Side.values()) {
      for (Mode mode : Mode.values()) {
        for (int set = 0; set < 1 << tokens.size(); set++) {
          List<ApplicationProtocol> offered = new ArrayList<>();
          for (int i = 0; i < tokens.size(); i++) {
            if ((set & 1 << i) != 0) {
              offered.add(tokens.get(i));
            }
          }
          for (int agreed = -1; agreed < tokens.size(); agreed++) {
            ApplicationProtocol protocol =
                agreed < 0 ? ApplicationProtocol.NONE : tokens.get(agreed);
            check(REGISTRY.select(side, mode, null, protocol, offered), side, mode, protocol);
            combinations++;
          }
        }
      }
    }
    assertThat(combinations).isEqualTo(2 * 2 * 16 * 5);
  }

  private static void check(
      Selection selection, Side side, Mode mode, ApplicationProtocol protocol) {
    MuxProvider provider = selection.provider();
    if (provider != null) {
      assertThat(provider.sides()).contains(side);
      assertThat(provider.modes()).contains(mode);
      assertThat(selection.failure()).isNull();
      if (mode == Mode.HTTP && !protocol.isNone() && !provider.defaultFor(mode)) {
        assertThat(provider.applicationProtocols()).contains(protocol);
      }
    } else {
      assertThat(selection.failure()).isNotNull();
      assertThat(mode).as("TCP mode always has a mux").isEqualTo(Mode.HTTP);
    }
  }

  // ---- the table

  @Test
  void explicitProviderWinsOverAServiceOfTheSameName() {
    Provider own = new Provider("h1", "http/1.1").byDefault(Mode.HTTP).in(Mode.HTTP);
    List<String> problems = new ArrayList<>();

    MuxRegistry registry = MuxRegistry.of(List.of(own), List.of(H1, H2), problems);

    assertThat(problems).isEmpty();
    assertThat(registry.named("h1", Side.BACK, Mode.HTTP)).isSameAs(own);
    assertThat(registry.providers()).containsExactly(own, H2);
  }

  @Test
  void explicitProviderOfAnotherNameForTheSameTokenIsAnErrorAtTheStart() {
    Provider rival = new Provider("rival", "h2").in(Mode.HTTP);

    assertThat(problems(List.of(rival), List.of(H1, H2)))
        .isNotEmpty()
        .allMatch(line -> line.contains("\"rival\"") && line.contains("\"h2\""));
  }

  @Test
  void twoProvidersForOneTokenAreAnErrorOnlyWhereTheyMeet() {
    Provider front = new Provider("front-only", "x/1").in(Mode.HTTP).on(Side.FRONT);
    Provider back = new Provider("back-too", "x/1").in(Mode.HTTP).on(Side.BACK);

    assertThat(problems(List.of(front, back), List.of())).isEmpty();
    assertThat(problems(List.of(front, new Provider("both", "x/1").in(Mode.HTTP)), List.of()))
        .hasSize(1);
  }

  @Test
  void twoDefaultsOfOneModeAreAnErrorAtTheStart() {
    Provider rival = new Provider("rival", "rival/1").byDefault(Mode.HTTP).in(Mode.HTTP);

    assertThat(problems(List.of(), List.of(H1, rival)))
        .hasSize(2)
        .allMatch(line -> line.contains("default of mode HTTP"));
  }

  @Test
  void twoServicesOfOneNameAreAnErrorAtTheStart() {
    MuxProvider other = new Other();

    assertThat(problems(List.of(), List.of(H1, other)))
        .anyMatch(line -> line.contains("two mux providers named \"h1\""));
  }

  @Test
  void twoExplicitProvidersOfOneNameAreAnErrorAtTheStart() {
    assertThat(problems(List.of(H2, new Provider("h2", "h2").in(Mode.HTTP)), List.of()))
        .anyMatch(line -> line.contains("two mux providers named \"h2\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2", "back-only"})
  void nameIsFoundOnlyWhereTheProviderServes(String name) {
    assertThat(REGISTRY.named(name, Side.BACK, Mode.HTTP)).isNotNull();
    assertThat(REGISTRY.named(name, Side.BACK, Mode.TCP)).isNull();
    assertThat(REGISTRY.named(name, Side.FRONT, Mode.HTTP) != null)
        .isEqualTo(!name.equals("back-only"));
  }

  @Test
  void recognizersAreThoseThatCanTellOnThisSide() {
    Provider able = new Provider("able", "able/1").in(Mode.HTTP).with(MuxTrait.RECOGNIZABLE);
    Provider behind =
        new Provider("behind", "behind/1").in(Mode.HTTP).on(Side.BACK).with(MuxTrait.RECOGNIZABLE);
    MuxRegistry registry =
        MuxRegistry.of(List.of(H1, able, behind, TCP), List.of(), new ArrayList<>());

    assertThat(registry.recognizers(Mode.HTTP)).containsExactly(able);
    assertThat(registry.recognizers(Mode.TCP)).isEmpty();
  }

  private static List<String> problems(List<MuxProvider> explicit, List<MuxProvider> services) {
    List<String> problems = new ArrayList<>();
    MuxRegistry.of(explicit, services, problems);
    return problems;
  }

  private static Selection select(ApplicationProtocol agreed, List<ApplicationProtocol> offered) {
    return REGISTRY.select(Side.BACK, Mode.HTTP, null, agreed, offered);
  }

  private static String outcome(Selection selection) {
    Failure failure = selection.failure();
    if (failure != null) {
      CloseCause cause = failure.cause();
      return cause.name();
    }
    MuxProvider provider = selection.provider();
    assertThat(provider).isNotNull();
    return provider.name();
  }

  private static MuxProvider provider(String name) {
    for (MuxProvider provider : REGISTRY.providers()) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new AssertionError(name);
  }

  /** A provider that makes nothing. */
  private static class Provider implements MuxProvider {
    private final String name;
    private final Set<ApplicationProtocol> protocols;
    private final Set<Side> sides = EnumSet.allOf(Side.class);
    private final Set<Mode> modes = EnumSet.noneOf(Mode.class);
    private final Set<Mode> defaults = EnumSet.noneOf(Mode.class);
    private final Set<MuxTrait> traits = EnumSet.noneOf(MuxTrait.class);

    Provider(String name, String... tokens) {
      this.name = name;
      this.protocols = Set.copyOf(ApplicationProtocol.listOf(List.of(tokens)));
    }

    Provider in(Mode mode) {
      modes.add(mode);
      return this;
    }

    Provider on(Side side) {
      sides.clear();
      sides.add(side);
      return this;
    }

    Provider byDefault(Mode mode) {
      defaults.add(mode);
      return this;
    }

    Provider with(MuxTrait trait) {
      traits.add(trait);
      return this;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Set<ApplicationProtocol> applicationProtocols() {
      return protocols;
    }

    @Override
    public Set<Side> sides() {
      return sides;
    }

    @Override
    public Set<Mode> modes() {
      return modes;
    }

    @Override
    public Set<MuxTrait> traits() {
      return traits;
    }

    @Override
    public boolean defaultFor(Mode mode) {
      return defaults.contains(mode);
    }

    @Override
    public Mux openFront(MuxHost host, StreamAcceptor acceptor) throws MuxOpenException {
      throw new MuxOpenException("this one makes nothing");
    }

    @Override
    public Mux openBack(MuxHost host) throws MuxOpenException {
      throw new MuxOpenException("this one makes nothing");
    }
  }

  /** Another class of the same name. */
  private static final class Other extends Provider {
    Other() {
      super("h1", "other/1");
    }
  }
}
