package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.ClientSession;
import dev.sluice.tls.engine.TlsClientSettings;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsSessionFacts;
import dev.sluice.tls.engine.TlsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** What a client offers and accepts. One per connection. */
@SuppressWarnings({"JdkObsolete", "rawtypes"}) // BouncyCastle's interface
final class EngineTlsClient extends AbstractTlsClient {
  private final TlsClientSettings settings;
  private final @Nullable BcIdentity identity;
  private final EngineTlsCrypto crypto;
  private final EngineEvents events;
  private final @Nullable String serverName;
  private final @Nullable String expectedName;
  private final Vector<ProtocolName> offeredProtocols;
  private final @Nullable ClientResumption resumption;
  private List<X509Certificate> peerCertificates = List.of();

  /**
   * Prepares an offer.
   *
   * @param serverName the SNI to send, null for none
   * @param expectedName what the certificate must be for, null for anything
   * @param offeredProtocols the ALPN list, empty for no ALPN
   * @param resumption offers and keeps sessions, null to make a full handshake each time
   */
  EngineTlsClient(
      TlsClientSettings settings,
      @Nullable BcIdentity identity,
      EngineTlsCrypto crypto,
      EngineEvents events,
      @Nullable String serverName,
      @Nullable String expectedName,
      List<String> offeredProtocols,
      @Nullable ClientResumption resumption) {
    super(crypto);
    this.settings = settings;
    this.identity = identity;
    this.crypto = crypto;
    this.events = events;
    this.serverName = serverName;
    this.expectedName = expectedName;
    this.offeredProtocols = BcNames.protocolNames(offeredProtocols);
    this.resumption = resumption;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return BcNames.versions(settings.protocol());
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return BcNames.suites(settings.protocol());
  }

  @Override
  protected Vector getSupportedGroups(Vector namedGroupRoles) {
    Vector<Integer> groups = new Vector<>();
    for (int group : BcNames.groups(settings.protocol())) {
      groups.add(group);
    }
    return groups;
  }

  /**
   * A share for the preferred group; if that is a post-quantum one, which not every server has yet,
   * a classical one as well, since a retry would cost a round trip.
   */
  @Override
  public Vector getEarlyKeyShareGroups() {
    Vector<Integer> early = new Vector<>(2);
    for (TlsGroup group : settings.protocol().groups()) {
      early.add(group.code());
      if (!group.postQuantum()) {
        break;
      }
    }
    return early;
  }

  @Override
  protected Vector getSupportedSignatureAlgorithms() {
    return SignatureSchemes.offered();
  }

  @Override
  protected @Nullable Vector getProtocolNames() {
    return offeredProtocols.isEmpty() ? null : offeredProtocols;
  }

  @Override
  protected @Nullable Vector getSNIServerNames() {
    if (serverName == null) {
      return null;
    }
    Vector<ServerName> names = new Vector<>(1);
    names.add(new ServerName(NameType.host_name, serverName.getBytes(StandardCharsets.US_ASCII)));
    return names;
  }

  @Override
  protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
    // A stapled response that nobody looks at is not worth its bytes.
    return null;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    // Only AEAD suites are offered, so there is no MAC to order (RFC 7366 3).
    extensions.remove(TlsExtensionsUtils.EXT_encrypt_then_mac);
    RecordSizeLimit.add(
        extensions,
        limits().recordContentBytesMax(),
        settings.protocol().versions().contains(TlsVersion.TLS_1_3));
    if (resumption != null) {
      resumption.addExtensions(extensions);
    }
    return extensions;
  }

  @Override
  public @Nullable TlsSession getSessionToResume() {
    return resumption == null ? null : resumption.session12();
  }

  @Override
  public @Nullable Vector getExternalPSKs() {
    return resumption == null ? null : resumption.tickets13();
  }

  @Override
  public void notifySelectedPSK(@Nullable TlsPSK selected) {
    if (resumption != null) {
      resumption.selected13(selected != null);
    }
  }

  @Override
  public void notifyNewSessionTicket(NewSessionTicket message) {
    if (resumption != null) {
      resumption.newTicket12(message);
    }
  }

  @Override
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    // In TLS 1.3 it was taken out before.
    RecordSizeLimit.note(serverExtensions, false, events);
    ProtocolName chosen = context.getSecurityParametersHandshake().getApplicationProtocol();
    // RFC 7301 3.1: the server picks one of the offer. BouncyCastle does not look.
    if (chosen != null && !offeredProtocols.contains(chosen)) {
      events.reason(
          TlsFailureCause.PROTOCOL_NOT_OFFERED,
          "the server chose a protocol that was not offered: " + printable(chosen));
      throw new TlsFatalAlert(AlertDescription.illegal_parameter);
    }
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new Authentication();
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return settings.protocol().requireExtendedMasterSecret();
  }

  @Override
  public int getMaxHandshakeMessageSize() {
    return limits().handshakeMessageBytesMax();
  }

  @Override
  public int getMaxCertificateChainLength() {
    return limits().chainLengthMax();
  }

  @Override
  public void notifyAlertRaised(
      short level, short description, String message, @Nullable Throwable cause) {
    if (level == AlertLevel.fatal) {
      events.fatalAlertSent(description);
    }
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    events.alertReceived(description);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    SecurityParameters agreed = context.getSecurityParametersConnection();
    ClientSession before = resumption == null ? null : resumption.resumed(agreed);
    if (before != null) {
      peerCertificates = before.peerCertificates();
    }
    TlsSessionFacts facts = BcNames.facts(agreed, serverName, peerCertificates, before != null);
    if (resumption != null) {
      resumption.handshakeDone(agreed, facts);
    }
    events.handshakeDone(facts);
    supportedGroups = null;
    supportedSignatureAlgorithms = null;
    supportedSignatureAlgorithmsCert = null;
  }

  private TlsLimits limits() {
    return settings.protocol().limits();
  }

  private static String printable(ProtocolName name) {
    return name.getUtf8Decoding().replaceAll("[^\\x21-\\x7e]", "?");
  }

  private final class Authentication implements TlsAuthentication {
    @Override
    public void notifyServerCertificate(TlsServerCertificate message) throws IOException {
      peerCertificates =
          PeerCertificates.verified(
              message.getCertificate(), settings.verifier(), expectedName, events);
    }

    @Override
    public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
      if (identity == null) {
        return null;
      }
      SignatureAndHashAlgorithm algorithm =
          SignatureSchemes.choose(
              identity.keyKind(),
              TlsUtils.isTLSv13(context),
              request.getSupportedSignatureAlgorithms());
      return algorithm == null ? null : identity.signer(context, crypto, algorithm);
    }
  }
}
