package dev.sluice.core.mux;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of muxes. Immutable; any thread. {@link #select} is a pure function of its arguments:
 * nothing that happened on another connection has a part in it.
 */
public final class MuxRegistry {
  private final List<MuxProvider> providers;

  private MuxRegistry(List<MuxProvider> providers) {
    this.providers = List.copyOf(providers);
  }

  /**
   * The table of some providers.
   *
   * @param explicit those that the program gave; each wins over a service of the same name
   * @param services those that were found
   * @param problems receives one line for each thing that is wrong
   */
  public static MuxRegistry of(
      List<MuxProvider> explicit, List<MuxProvider> services, List<String> problems) {
    Map<String, MuxProvider> byName = new LinkedHashMap<>();
    for (MuxProvider provider : explicit) {
      if (byName.put(provider.name(), provider) != null) {
        problems.add("two mux providers named \"" + provider.name() + "\" were given: keep one");
      }
    }
    Map<String, MuxProvider> found = new LinkedHashMap<>();
    for (MuxProvider provider : services) {
      MuxProvider twin = found.put(provider.name(), provider);
      if (twin != null && twin.getClass() != provider.getClass()) {
        problems.add(
            "two mux providers named \"%s\" were found, %s and %s: keep one on the path"
                .formatted(
                    provider.name(), twin.getClass().getName(), provider.getClass().getName()));
      }
    }
    found.forEach(byName::putIfAbsent);
    MuxRegistry registry = new MuxRegistry(new ArrayList<>(byName.values()));
    registry.checkUnique(problems);
    return registry;
  }

  private void checkUnique(List<String> problems) {
    for (int i = 0; i < providers.size(); i++) {
      for (int j = i + 1; j < providers.size(); j++) {
        MuxProvider one = providers.get(i);
        MuxProvider two = providers.get(j);
        for (Side side : Side.values()) {
          for (Mode mode : Mode.values()) {
            if (serves(one, side, mode) && serves(two, side, mode)) {
              checkPair(one, two, side, mode, problems);
            }
          }
        }
      }
    }
  }

  private static void checkPair(
      MuxProvider one, MuxProvider two, Side side, Mode mode, List<String> problems) {
    for (ApplicationProtocol protocol : one.applicationProtocols()) {
      if (two.applicationProtocols().contains(protocol)) {
        problems.add(
            "the muxes \"%s\" and \"%s\" both claim the protocol %s (%s, %s): keep one"
                .formatted(one.name(), two.name(), protocol, side, mode));
      }
    }
    if (one.defaultFor(mode) && two.defaultFor(mode)) {
      problems.add(
          "the muxes \"%s\" and \"%s\" both are the default of mode %s (%s): keep one"
              .formatted(one.name(), two.name(), mode, side));
    }
  }

  /** All providers, the explicit ones first. */
  public List<MuxProvider> providers() {
    return providers;
  }

  /**
   * The provider of a name, if it serves this side and mode.
   *
   * @return null if there is none
   */
  public @Nullable MuxProvider named(String name, Side side, Mode mode) {
    for (MuxProvider provider : providers) {
      if (provider.name().equals(name) && serves(provider, side, mode)) {
        return provider;
      }
    }
    return null;
  }

  /**
   * The provider that speaks a protocol on this side and in this mode.
   *
   * @return null if there is none
   */
  public @Nullable MuxProvider speaking(ApplicationProtocol protocol, Side side, Mode mode) {
    for (MuxProvider provider : providers) {
      if (serves(provider, side, mode) && provider.applicationProtocols().contains(protocol)) {
        return provider;
      }
    }
    return null;
  }

  /**
   * The provider that a mode takes when nothing was agreed on.
   *
   * @return null if there is none
   */
  public @Nullable MuxProvider defaultOf(Side side, Mode mode) {
    for (MuxProvider provider : providers) {
      if (provider.defaultFor(mode) && serves(provider, side, mode)) {
        return provider;
      }
    }
    return null;
  }

  /** The providers that can tell their protocol by its first bytes on a clear listener. */
  public List<MuxProvider> recognizers(Mode mode) {
    List<MuxProvider> found = new ArrayList<>();
    for (MuxProvider provider : providers) {
      if (provider.traits().contains(MuxTrait.RECOGNIZABLE) && serves(provider, Side.FRONT, mode)) {
        found.add(provider);
      }
    }
    return found;
  }

  /**
   * The mux of a connection whose handshake is done. In this order: the forced one; in TCP mode the
   * default, whatever was agreed on; the one that claims the negotiated protocol; and if none was
   * agreed on, the mode's default, unless protocols were offered and its own is not among them.
   *
   * @param side the connection's side
   * @param mode what is forwarded
   * @param forced the provider that configuration forces, or null
   * @param negotiated what this connection's handshake agreed on
   * @param offered what was offered, or by a listener accepted; empty if there was nothing to
   *     negotiate
   */
  public Selection select(
      Side side,
      Mode mode,
      @Nullable MuxProvider forced,
      ApplicationProtocol negotiated,
      List<ApplicationProtocol> offered) {
    if (forced != null) {
      return Selection.of(forced);
    }
    MuxProvider modeDefault = defaultOf(side, mode);
    if (mode == Mode.TCP || offered.isEmpty()) {
      return modeDefault != null ? Selection.of(modeDefault) : noDefault(side, mode);
    }
    if (negotiated.isNone()) {
      if (modeDefault == null) {
        return noDefault(side, mode);
      }
      for (ApplicationProtocol protocol : modeDefault.applicationProtocols()) {
        if (offered.contains(protocol)) {
          return Selection.of(modeDefault);
        }
      }
      return Selection.none(
          new Failure(
              CloseCause.NO_COMMON_PROTOCOL,
              "peer chose none of " + offered + " in its handshake"));
    }
    if (!offered.contains(negotiated)) {
      return Selection.none(
          new Failure(
              CloseCause.PROTOCOL_NOT_OFFERED,
              "peer chose " + negotiated + ", offered were " + offered));
    }
    MuxProvider speaking = speaking(negotiated, side, mode);
    if (speaking != null) {
      return Selection.of(speaking);
    }
    return Selection.none(
        new Failure(
            CloseCause.NO_MUX,
            "no mux for the negotiated protocol " + negotiated + " is registered"));
  }

  private static Selection noDefault(Side side, Mode mode) {
    return Selection.none(
        new Failure(CloseCause.NO_MUX, "no default mux for mode " + mode + " on side " + side));
  }

  private static boolean serves(MuxProvider provider, Side side, Mode mode) {
    return provider.sides().contains(side) && provider.modes().contains(mode);
  }
}
