package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.ClientSession;
import dev.sluice.tls.engine.ClientSessionStore;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsClientSettings;
import dev.sluice.tls.engine.TlsSessionFacts;
import dev.sluice.tls.engine.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.Vector;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * A client's part in resuming sessions, for one connection: offers one that the store has, and
 * stores what the server gives. A session is offered once and then taken out of the store; one of
 * TLS 1.2, which is good for more, goes back when it has served.
 */
@SuppressWarnings("JdkObsolete") // BouncyCastle's interface
final class ClientResumption {
  /** RFC 5077 3.4: what a client that brings a ticket calls its session is up to it. */
  private static final int MADE_UP_ID_BYTES = 32;

  /** Of one connection; a server that sends more only fills the store. */
  private static final int TICKETS_MAX = 4;

  private static final long SECONDS_MAX = 7 * 24 * 3600;

  private final TlsClientSettings settings;
  private final ClientSessionStore store;
  private final String key;
  private final EngineTlsCrypto crypto;
  private @Nullable HandshakeTranscript transcript = new HandshakeTranscript();
  private @Nullable ClientSession offered;
  private boolean looked;
  private boolean selected13;
  private int tickets;
  private byte[] master = TlsUtils.EMPTY_BYTES;
  private byte[] ticket12 = TlsUtils.EMPTY_BYTES;
  private @Nullable ClientSession current;

  ClientResumption(
      TlsClientSettings settings, ClientSessionStore store, String key, EngineTlsCrypto crypto) {
    this.settings = settings;
    this.store = store;
    this.key = key;
    this.crypto = crypto;
  }

  /** The handshake's messages so far, null once it is done. */
  @Nullable HandshakeTranscript transcript() {
    return transcript;
  }

  private @Nullable ClientSession offered(TlsVersion version) {
    if (!looked) {
      looked = true;
      ClientSession found = store.take(key);
      boolean usable =
          found != null
              && store.nowMillis() < found.expiresAtMillis()
              && settings.protocol().versions().contains(found.version())
              && settings.protocol().suites().contains(found.suite());
      offered = usable ? found : null;
    }
    ClientSession session = offered;
    return session != null && session.version() == version ? session : null;
  }

  // The offer

  /** Says that tickets are welcome, and brings one of TLS 1.2. */
  void addExtensions(Hashtable<Integer, byte[]> extensions) throws IOException {
    if (settings.protocol().versions().contains(TlsVersion.TLS_1_2)) {
      ClientSession session = offered(TlsVersion.TLS_1_2);
      extensions.put(
          ServerResumption.SESSION_TICKET,
          session == null ? TlsUtils.EMPTY_BYTES : session.ticket());
    }
    if (settings.protocol().versions().contains(TlsVersion.TLS_1_3)) {
      // Without it a server gives no tickets (RFC 8446 4.2.9).
      TlsExtensionsUtils.addPSKKeyExchangeModesExtension(
          extensions, new short[] {PskKeyExchangeMode.psk_dhe_ke});
    }
  }

  /** The session of TLS 1.2 to offer. */
  @Nullable TlsSession session12() {
    ClientSession session = offered(TlsVersion.TLS_1_2);
    if (session == null) {
      return null;
    }
    byte[] id = session.id();
    if (id.length == 0) {
      id = new byte[MADE_UP_ID_BYTES];
      crypto.getSecureRandom().nextBytes(id);
    }
    return ServerResumption.session12(id, session.suite(), session.secret(), crypto);
  }

  /** The ticket of TLS 1.3 to offer. */
  @Nullable Vector<TlsPSKExternal> tickets13() {
    ClientSession session = offered(TlsVersion.TLS_1_3);
    if (session == null) {
      return null;
    }
    Vector<TlsPSKExternal> one = new Vector<>(1);
    one.add(ResumptionSecrets.offer(crypto, session.ticket(), session.secret(), session.suite()));
    return one;
  }

  // The answer

  void selected13(boolean selected) {
    selected13 = selected;
  }

  void newTicket12(NewSessionTicket message) {
    ticket12 = message.getTicket();
  }

  /** The session that goes on, null for a full handshake. */
  @Nullable ClientSession resumed(SecurityParameters agreed) {
    return selected13 || agreed.isResumedSession() ? offered : null;
  }

  /** To be called while the master secret is alive: at the end of the handshake, within it. */
  void handshakeDone(SecurityParameters agreed, TlsSessionFacts facts) throws IOException {
    HandshakeTranscript messages = Objects.requireNonNull(transcript);
    transcript = null;
    ClientSession before = resumed(agreed);
    offered = null;
    long authenticatedAt = before == null ? store.nowMillis() : before.authenticatedAtMillis();
    if (facts.version() == TlsVersion.TLS_1_3) {
      master = ResumptionSecrets.master(crypto, agreed, messages);
      current =
          session(
              facts,
              TlsUtils.EMPTY_BYTES,
              TlsUtils.EMPTY_BYTES,
              TlsUtils.EMPTY_BYTES,
              authenticatedAt);
    } else if (agreed.isExtendedMasterSecret()) {
      keep12(agreed, facts, before, authenticatedAt);
    }
  }

  private void keep12(
      SecurityParameters agreed,
      TlsSessionFacts facts,
      @Nullable ClientSession before,
      long authenticatedAt) {
    byte[] secret = crypto.adoptSecret(agreed.getMasterSecret()).extract();
    if (ticket12.length > 0) {
      put(session(facts, secret, TlsUtils.EMPTY_BYTES, ticket12, authenticatedAt));
    } else if (before != null) {
      put(before);
    } else if (agreed.getSessionID() != null && agreed.getSessionID().length > 0) {
      put(session(facts, secret, agreed.getSessionID(), TlsUtils.EMPTY_BYTES, authenticatedAt));
    }
  }

  /** A ticket of TLS 1.3 came (RFC 8446 4.6.1); its form was checked. */
  void newTicket13(byte[] message) throws IOException {
    ClientSession like = current;
    if (like == null || tickets >= TICKETS_MAX) {
      return;
    }
    tickets++;
    ByteArrayInputStream in = new ByteArrayInputStream(message);
    long seconds = Math.min(TlsUtils.readUint32(in), SECONDS_MAX);
    // The age is obfuscated for early data's sake, which is not used here.
    TlsUtils.readUint32(in);
    byte[] nonce = TlsUtils.readOpaque8(in);
    byte[] ticket = TlsUtils.readOpaque16(in, 1);
    long expires = Math.min(like.expiresAtMillis(), store.nowMillis() + seconds * 1000);
    put(
        new ClientSession(
            TlsVersion.TLS_1_3,
            like.suite(),
            ResumptionSecrets.ticketKey(crypto, master, like.suite(), nonce),
            TlsUtils.EMPTY_BYTES,
            ticket,
            like.peerCertificates(),
            like.authenticatedAtMillis(),
            expires));
  }

  private void put(ClientSession session) {
    if (store.nowMillis() < session.expiresAtMillis()) {
      store.put(key, session);
    }
  }

  private ClientSession session(
      TlsSessionFacts facts, byte[] secret, byte[] id, byte[] ticket, long authenticatedAt) {
    List<X509Certificate> chain = facts.peerCertificates();
    long expires = authenticatedAt + store.lifetimeMillis();
    if (!chain.isEmpty()) {
      expires = Math.min(expires, chain.get(0).getNotAfter().toInstant().toEpochMilli());
    }
    TlsCipherSuite suite = facts.suite();
    return new ClientSession(
        facts.version(), suite, secret, id, ticket, chain, authenticatedAt, expires);
  }
}
