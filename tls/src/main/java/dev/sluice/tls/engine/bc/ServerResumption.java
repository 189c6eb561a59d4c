package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TicketSealer;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsServerSettings;
import dev.sluice.tls.engine.TlsSessionFacts;
import dev.sluice.tls.engine.TlsVersion;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Vector;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * A server's part in resuming sessions, for one connection: takes the tickets that clients bring,
 * and makes new ones. It keeps nothing itself. A ticket counts only for the name and the suite that
 * it was made with, until its session is too old, and where its client showed a certificate, as
 * long as that is trusted still. No early data is ever accepted, so that a replayed hello comes to
 * nothing.
 */
final class ServerResumption {
  /** Clocks of machines that share nothing but a ticket don't differ; ours may be set back. */
  private static final long CLOCK_SET_BACK_MILLIS = 60_000;

  /** Who offers more is only asking for work. */
  private static final int TICKETS_LOOKED_AT = 2;

  private static final int NONCE_BYTES = 1;

  /** The extension of RFC 5077. */
  static final Integer SESSION_TICKET = ExtensionType.session_ticket;

  private final TlsServerSettings settings;
  private final TicketSealer sealer;
  private final EngineTlsCrypto crypto;
  private @Nullable HandshakeTranscript transcript = new HandshakeTranscript();
  private int @Nullable [] offeredSuites;
  private byte @Nullable [] ticket12;
  private @Nullable TicketState accepted;
  private final List<byte[]> newTickets = new ArrayList<>(2);

  ServerResumption(TlsServerSettings settings, TicketSealer sealer, EngineTlsCrypto crypto) {
    this.settings = settings;
    this.sealer = sealer;
    this.crypto = crypto;
  }

  /** The handshake's messages so far, null once it is done. */
  @Nullable HandshakeTranscript transcript() {
    return transcript;
  }

  /** A hello came; a second one, after a retry, is judged anew. */
  void hello(int[] suites) {
    accepted = null;
    offeredSuites = suites;
  }

  /** The session that goes on, null for a full handshake. */
  @Nullable TicketState accepted() {
    return accepted;
  }

  // TLS 1.3

  /** The first offered ticket that counts, as BouncyCastle wants it. */
  @SuppressWarnings({"JdkObsolete", "rawtypes", "unchecked"}) // BouncyCastle's interface
  @Nullable TlsPSKExternal select(Vector identities, @Nullable String serverName) {
    for (int i = 0; i < Math.min(identities.size(), TICKETS_LOOKED_AT); i++) {
      byte[] ticket = ((PskIdentity) identities.get(i)).getIdentity();
      TicketState state = open(ticket, TlsVersion.TLS_1_3, serverName);
      if (state != null) {
        accepted = state;
        // BouncyCastle finds the place of its choice by comparing, with an age of zero.
        identities.set(i, new PskIdentity(ticket, 0));
        return ResumptionSecrets.offer(crypto, ticket, state.secret, state.suite);
      }
    }
    return null;
  }

  /** To be called while the master secret is alive: at the end of the handshake, within it. */
  void handshakeDone13(SecurityParameters agreed, boolean clientTakesTickets, TlsSessionFacts facts)
      throws IOException {
    HandshakeTranscript messages = Objects.requireNonNull(transcript);
    transcript = null;
    if (!clientTakesTickets) {
      return;
    }
    TicketState before = accepted;
    long authenticatedAt = before == null ? sealer.nowMillis() : before.authenticatedAtMillis;
    byte[] master = ResumptionSecrets.master(crypto, agreed, messages);
    int count = before == null ? sealer.ticketsPerHandshake() : 1;
    for (int i = 0; i < count; i++) {
      byte[] nonce = {(byte) i};
      TicketState state =
          new TicketState(
              facts.suite(),
              ResumptionSecrets.ticketKey(crypto, master, facts.suite(), nonce),
              facts.serverName(),
              authenticatedAt,
              facts.peerCertificates());
      byte[] encoded = state.encode();
      if (encoded != null) {
        newTickets.add(message(nonce, sealer.seal(encoded), secondsLeft(authenticatedAt)));
      }
    }
  }

  /** RFC 8446 4.6.1. */
  private byte[] message(byte[] nonce, byte[] ticket, long lifetimeSeconds) {
    int body = 4 + 4 + 1 + NONCE_BYTES + 2 + ticket.length + 2;
    byte[] message = new byte[4 + body];
    TlsUtils.writeUint8(HandshakeType.new_session_ticket, message, 0);
    TlsUtils.writeUint24(body, message, 1);
    TlsUtils.writeUint32(lifetimeSeconds, message, 4);
    TlsUtils.writeUint32(crypto.getSecureRandom().nextInt() & 0xFFFFFFFFL, message, 8);
    TlsUtils.writeUint8(NONCE_BYTES, message, 12);
    message[13] = nonce[0];
    TlsUtils.writeUint16(ticket.length, message, 14);
    System.arraycopy(ticket, 0, message, 16, ticket.length);
    return message;
  }

  /** The NewSessionTicket messages to send; they are then forgotten. */
  List<byte[]> takeNewTickets() {
    List<byte[]> all = List.copyOf(newTickets);
    newTickets.clear();
    return all;
  }

  // TLS 1.2

  /** What the hello said of tickets: null nothing, empty that the client wants one. */
  void ticket12(byte @Nullable [] ticket) {
    ticket12 = ticket;
  }

  boolean wantsTicket12() {
    return ticket12 != null;
  }

  /**
   * The session of the client's ticket.
   *
   * @param id the client's, which is given back to it to say that the ticket was good (RFC 5077
   *     3.4)
   */
  @Nullable TlsSession resume12(byte[] id, @Nullable String serverName) {
    byte[] ticket = ticket12;
    if (ticket == null || ticket.length == 0 || id.length == 0) {
      return null;
    }
    TicketState state = open(ticket, TlsVersion.TLS_1_2, serverName);
    accepted = state;
    return state == null ? null : session12(id, state.suite, state.secret, crypto);
  }

  /** A session as BouncyCastle takes it. */
  static TlsSession session12(
      byte[] id, TlsCipherSuite suite, byte[] secret, EngineTlsCrypto crypto) {
    return TlsUtils.importSession(
        id,
        new SessionParameters.Builder()
            .setCipherSuite(suite.code())
            .setExtendedMasterSecret(true)
            .setMasterSecret(crypto.createSecret(secret))
            .setNegotiatedVersion(ProtocolVersion.TLSv12)
            .build());
  }

  /** A ticket for the session that is being made; an empty one says that there is none. */
  NewSessionTicket newTicket12(
      SecurityParameters handshake,
      TlsCipherSuite suite,
      @Nullable String serverName,
      List<X509Certificate> peerCertificates) {
    long now = sealer.nowMillis();
    byte[] secret = crypto.adoptSecret(handshake.getMasterSecret()).extract();
    byte[] state = new TicketState(suite, secret, serverName, now, peerCertificates).encode();
    return state == null
        ? new NewSessionTicket(0, TlsUtils.EMPTY_BYTES)
        : new NewSessionTicket(secondsLeft(now), sealer.seal(state));
  }

  void handshakeDone12() {
    transcript = null;
    ticket12 = null;
  }

  // Both

  private @Nullable TicketState open(
      byte[] ticket, TlsVersion version, @Nullable String serverName) {
    byte[] opened = sealer.open(ticket);
    TicketState state = opened == null ? null : TicketState.decode(opened);
    return state != null && state.version() == version && counts(state, serverName) ? state : null;
  }

  private boolean counts(TicketState state, @Nullable String serverName) {
    long age = sealer.nowMillis() - state.authenticatedAtMillis;
    boolean fresh = age >= -CLOCK_SET_BACK_MILLIS && age < sealer.lifetimeMillis();
    return fresh
        && Objects.equals(state.serverName, serverName)
        && settings.protocol().suites().contains(state.suite)
        && contains(offeredSuites, state.suite.code())
        && isTrustedStill(state.peerCertificates);
  }

  /** RFC 8446 4.6.1 leaves it to the server; a certificate ends, and so does what hangs on it. */
  private boolean isTrustedStill(List<X509Certificate> chain) {
    PeerVerifier verifier = settings.clientVerifier();
    return chain.isEmpty() || (verifier != null && verifier.check(chain, null) == null);
  }

  private static boolean contains(int @Nullable [] suites, int suite) {
    if (suites != null) {
      for (int each : suites) {
        if (each == suite) {
          return true;
        }
      }
    }
    return false;
  }

  private long secondsLeft(long authenticatedAtMillis) {
    long left = authenticatedAtMillis + sealer.lifetimeMillis() - sealer.nowMillis();
    return Math.max(1, left / 1000);
  }
}
