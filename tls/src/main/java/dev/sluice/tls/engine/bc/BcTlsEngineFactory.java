package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.ClientSessionStore;
import dev.sluice.tls.engine.TicketSealer;
import dev.sluice.tls.engine.TlsClientSettings;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsRole;
import dev.sluice.tls.engine.TlsServerSettings;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes engines. What all engines of one configuration share is prepared here once. Immutable and
 * thread-safe.
 */
public final class BcTlsEngineFactory {
  private BcTlsEngineFactory() {}

  private static EngineTlsCrypto crypto(SecureRandom random, TlsProtocolSettings protocol) {
    return new EngineTlsCrypto(random, protocol.primitives());
  }

  /** Makes client engines of one configuration. */
  public static final class Clients {
    private final TlsClientSettings settings;
    private final @Nullable BcIdentity identity;

    /**
     * Prepares.
     *
     * @throws IllegalArgumentException if the client's identity can't be used
     */
    public Clients(TlsClientSettings settings) {
      this.settings = settings;
      TlsIdentity own = settings.identity();
      this.identity =
          own == null ? null : new BcIdentity(own, crypto(settings.random(), settings.protocol()));
    }

    /**
     * A new engine, which has its ClientHello still to make.
     *
     * @param serverName the SNI to send, a DNS name in ASCII; null for none
     * @param expectedName the name or address that the certificate must be for, null for any
     * @param applicationProtocols the ALPN offer, the preferred first; empty for no ALPN
     * @param address tells the servers of one name apart: only the one that gave a ticket knows it;
     *     empty if that is not known
     */
    public TlsEngine engine(
        @Nullable String serverName,
        @Nullable String expectedName,
        List<String> applicationProtocols,
        String address) {
      EngineTlsCrypto crypto = crypto(settings.random(), settings.protocol());
      EngineEvents events = new EngineEvents();
      ClientSessionStore store = settings.sessions();
      ClientResumption resumption =
          store == null
              ? null
              : new ClientResumption(
                  settings,
                  store,
                  sessionKey(serverName, expectedName, applicationProtocols, address),
                  crypto);
      EngineTlsClient client =
          new EngineTlsClient(
              settings,
              identity,
              crypto,
              events,
              serverName,
              expectedName,
              applicationProtocols,
              resumption);
      EngineProtocol protocol = new EngineClientProtocol(client, crypto, events, resumption);
      return new BcTlsEngine(
          TlsRole.CLIENT, settings.protocol().limits(), protocol, crypto, events);
    }

    private static String sessionKey(
        @Nullable String serverName,
        @Nullable String expectedName,
        List<String> applicationProtocols,
        String address) {
      return serverName + "\n" + expectedName + "\n" + address + "\n" + applicationProtocols;
    }
  }

  /** Makes server engines of one configuration. */
  public static final class Servers {
    private final TlsServerSettings settings;
    private final Map<TlsIdentity, BcIdentity> identities;

    /**
     * Prepares.
     *
     * @throws IllegalArgumentException if an identity can't be used
     */
    public Servers(TlsServerSettings settings) {
      this.settings = settings;
      EngineTlsCrypto crypto = crypto(settings.random(), settings.protocol());
      Map<TlsIdentity, BcIdentity> converted = new HashMap<>();
      for (TlsIdentity identity : settings.identities()) {
        converted.put(identity, new BcIdentity(identity, crypto));
      }
      this.identities = Map.copyOf(converted);
    }

    /** A new engine, waiting for a ClientHello. */
    public TlsEngine engine() {
      EngineTlsCrypto crypto = crypto(settings.random(), settings.protocol());
      EngineEvents events = new EngineEvents();
      TicketSealer tickets = settings.tickets();
      ServerResumption resumption =
          tickets == null ? null : new ServerResumption(settings, tickets, crypto);
      EngineTlsServer server =
          new EngineTlsServer(settings, identities, crypto, events, resumption);
      EngineProtocol protocol = new EngineServerProtocol(server, crypto, events, resumption);
      return new BcTlsEngine(
          TlsRole.SERVER, settings.protocol().limits(), protocol, crypto, events);
    }
  }
}
