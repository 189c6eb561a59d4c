package dev.sluice.tls;

import dev.sluice.tls.engine.TlsProtocolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a configuration, so that one start tells all of it. */
final class ConfigProblems {
  private static final int ALPN_BYTES_MAX = 255;

  private final List<String> problems = new ArrayList<>();

  void add(String problem) {
    problems.add(problem);
  }

  /** Makes a value; what its maker has to complain about is noted with where it was asked for. */
  <T> @Nullable T attempt(String where, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      problems.add(where + ": " + e.getMessage());
      return null;
    }
  }

  /** RFC 7301 3.1: names of 1 to 255 bytes; here also printable ASCII and without repetition. */
  void checkProtocols(List<String> protocols) {
    for (String protocol : protocols) {
      if (!protocol.matches("[\\x21-\\x7e]{1," + ALPN_BYTES_MAX + "}")) {
        problems.add(
            "application protocol '"
                + protocol
                + "': must be 1 to 255 printable ASCII characters, like http/1.1");
      }
    }
    if (protocols.stream().distinct().count() != protocols.size()) {
      problems.add("application protocols " + protocols + ": each may stand there once");
    }
  }

  void checkSessionLifetime(TlsProtocolParts parts) {
    Duration lifetime = parts.sessionLifetime;
    if (lifetime.isNegative() || lifetime.compareTo(TlsProtocolParts.SESSION_LIFETIME_MAX) > 0) {
      problems.add(
          "session lifetime %s: must be 0 (no session is resumed) to %s"
              .formatted(lifetime, TlsProtocolParts.SESSION_LIFETIME_MAX));
    }
  }

  @Nullable TlsProtocolSettings protocol(TlsProtocolParts parts) {
    return attempt("protocol", parts::settings);
  }

  void throwIfAny(String what) {
    if (!problems.isEmpty()) {
      throw new TlsConfigException(what, problems);
    }
  }
}
