package dev.sluice.core.observe;

import org.jspecify.annotations.Nullable;

/**
 * What the handshake of a connection agreed on; made once for each connection, and the same for all
 * its exchanges. Immutable; any thread. Reading it allocates nothing.
 */
public final class SessionFacts {
  /** Of a connection without a handshake, or whose handshake is not over. */
  public static final SessionFacts NONE = new SessionFacts("", "", "", null, "", false);

  private final String version;
  private final String suite;
  private final String group;
  private final @Nullable String serverName;
  private final String applicationProtocol;
  private final boolean resumed;
  private final String text;

  /**
   * Facts.
   *
   * @param version the version of the protocol, as {@code TLSv1.3}
   * @param suite the cipher suite by its registered name
   * @param group the group of the key exchange; empty if it is not known
   * @param serverName the host name that the client asked for (SNI), or null
   * @param applicationProtocol the name that ALPN agreed on (RFC 7301); empty if none
   * @param resumed whether an earlier session was resumed, instead of a full handshake
   */
  public SessionFacts(
      String version,
      String suite,
      String group,
      @Nullable String serverName,
      String applicationProtocol,
      boolean resumed) {
    this.version = version;
    this.suite = suite;
    this.group = group;
    this.serverName = serverName;
    this.applicationProtocol = applicationProtocol;
    this.resumed = resumed;
    this.text = line(version, suite, group, resumed);
  }

  private static String line(String version, String suite, String group, boolean resumed) {
    StringBuilder line = new StringBuilder(version);
    for (String part : new String[] {suite, group, resumed ? "resumed" : ""}) {
      if (!part.isEmpty()) {
        line.append(' ').append(part);
      }
    }
    return line.toString();
  }

  /** Whether there was no handshake. */
  public boolean isNone() {
    return version.isEmpty();
  }

  /** The version of the protocol, as {@code TLSv1.3}; empty if there was no handshake. */
  public String version() {
    return version;
  }

  /** The cipher suite by its registered name; empty if there was no handshake. */
  public String suite() {
    return suite;
  }

  /** The group of the key exchange; empty if it is not known. */
  public String group() {
    return group;
  }

  /** The host name that the client asked for (SNI, RFC 6066 3), or null. */
  public @Nullable String serverName() {
    return serverName;
  }

  /** The name that ALPN agreed on (RFC 7301); empty if none. */
  public String applicationProtocol() {
    return applicationProtocol;
  }

  /** Whether an earlier session was resumed, instead of a full handshake. */
  public boolean resumed() {
    return resumed;
  }

  /** Version, suite, group and whether resumed, in one line; empty if there was no handshake. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
