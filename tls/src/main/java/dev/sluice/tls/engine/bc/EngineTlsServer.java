package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsServerSettings;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsSessionFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Vector;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.KeyExchangeAlgorithm;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** What a server accepts and answers. One per connection. */
@SuppressWarnings({"JdkObsolete", "rawtypes"}) // BouncyCastle's interface
final class EngineTlsServer extends AbstractTlsServer {
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,253}");

  private final TlsServerSettings settings;
  private final Map<TlsIdentity, BcIdentity> identities;
  private final EngineTlsCrypto crypto;
  private final EngineEvents events;
  private final @Nullable ServerResumption resumption;
  private final Vector<ProtocolName> protocols;
  private final int[] groups;
  private @Nullable List<TlsIdentity> candidates;
  private @Nullable String serverName;
  private boolean recordSizeLimited;
  private @Nullable BcIdentity chosen;
  private @Nullable SignatureAndHashAlgorithm chosenAlgorithm;
  private List<X509Certificate> peerCertificates = List.of();
  private @Nullable ClientHello firstHello;

  EngineTlsServer(
      TlsServerSettings settings,
      Map<TlsIdentity, BcIdentity> identities,
      EngineTlsCrypto crypto,
      EngineEvents events,
      @Nullable ServerResumption resumption) {
    super(crypto);
    this.settings = settings;
    this.identities = identities;
    this.crypto = crypto;
    this.events = events;
    this.resumption = resumption;
    this.protocols = BcNames.protocolNames(settings.applicationProtocols());
    this.groups = BcNames.groups(settings.protocol());
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return BcNames.versions(settings.protocol());
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return BcNames.suites(settings.protocol());
  }

  /**
   * BouncyCastle takes the first of these that the client has too, with or without a share for it:
   * a post-quantum group is worth a round trip; among the others the client's order decides, since
   * it has sent a share for its first.
   */
  @Override
  public int[] getSupportedGroups() {
    int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
    if (offered == null) {
      return groups.clone();
    }
    int[] ordered = new int[groups.length];
    int count = 0;
    for (int group : groups) {
      if (isPostQuantum(group)) {
        ordered[count++] = group;
      }
    }
    for (int group : offered) {
      if (contains(groups, group) && !contains(Arrays.copyOf(ordered, count), group)) {
        ordered[count++] = group;
      }
    }
    for (int group : groups) {
      if (!contains(Arrays.copyOf(ordered, count), group)) {
        ordered[count++] = group;
      }
    }
    return ordered;
  }

  @Override
  public boolean preferLocalSupportedGroups() {
    return true;
  }

  private static boolean isPostQuantum(int code) {
    TlsGroup group = TlsGroup.byCode(code);
    return group != null && group.postQuantum();
  }

  @Override
  protected boolean preferLocalCipherSuites() {
    return true;
  }

  @Override
  protected boolean allowCertificateStatus() {
    return false;
  }

  /**
   * The first of the client's groups that is also ours: its first has a key share, which saves a
   * round trip.
   */
  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
    if (offered == null) {
      // RFC 8422 4: a client that does not say may be given any.
      return contains(groups, NamedGroup.secp256r1) ? NamedGroup.secp256r1 : classical();
    }
    for (int group : offered) {
      if (contains(groups, group) && !isPostQuantum(group)) {
        return group;
      }
    }
    return -1;
  }

  private int classical() {
    for (int group : groups) {
      if (!isPostQuantum(group)) {
        return group;
      }
    }
    return -1;
  }

  /** A hello came, the first or the one after a retry. */
  void hello(ClientHello hello) throws IOException {
    if (firstHello == null) {
      firstHello = hello;
      serverName = hostName(TlsExtensionsUtils.getServerNameExtensionClient(hello.getExtensions()));
      if (TlsUtils.getExtensionData(hello.getExtensions(), TlsExtensionsUtils.EXT_early_data)
          != null) {
        crypto.earlyData().offered();
      }
    } else {
      crypto.earlyData().over();
    }
    if (resumption != null) {
      resumption.hello(hello.getCipherSuites());
    }
  }

  @Override
  public @Nullable TlsPSKExternal getExternalPSK(Vector identities) {
    return resumption == null ? null : resumption.select(identities, serverName);
  }

  @Override
  public @Nullable TlsSession getSessionToResume(byte[] id) {
    return resumption == null ? null : resumption.resume12(id, serverName);
  }

  @Override
  public NewSessionTicket getNewSessionTicket() {
    SecurityParameters handshake = context.getSecurityParametersHandshake();
    return Objects.requireNonNull(resumption)
        .newTicket12(handshake, BcNames.suite(handshake), serverName, peerCertificates);
  }

  @Override
  public int getSelectedCipherSuite() throws IOException {
    SecurityParameters handshake = context.getSecurityParametersHandshake();
    TicketState session = resumption == null ? null : resumption.accepted();
    if (session != null && TlsUtils.isTLSv13(context)) {
      // Should the ticket be gone from the hello after a retry, a certificate is needed after all.
      choose(handshake, KeyExchangeAlgorithm.NULL);
      selectCipherSuite(session.suite.code());
      return session.suite.code();
    }
    if (TlsUtils.isTLSv13(context) && !choose(handshake, KeyExchangeAlgorithm.NULL)) {
      events.reason(
          TlsFailureCause.NO_COMMON_PARAMETERS,
          "the client can't verify the signature of any certificate for its name");
      throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }
    return super.getSelectedCipherSuite();
  }

  @Override
  protected boolean isSelectableCipherSuite(
      int cipherSuite, int availCurveBits, int availFiniteFieldBits, Vector sigAlgs) {
    // TLS 1.2 only: there the suite says what kind of key signs.
    return TlsUtils.isValidVersionForCipherSuite(cipherSuite, context.getServerVersion())
        && selectECDH(0) >= 0
        && choose(
            context.getSecurityParametersHandshake(),
            TlsUtils.getKeyExchangeAlgorithm(cipherSuite));
  }

  /**
   * Finds the first identity for the client's name that it can verify and that fits the key
   * exchange.
   */
  private boolean choose(SecurityParameters handshake, int keyExchange) {
    for (TlsIdentity candidate : candidates()) {
      boolean rsa = candidate.keyKind() == TlsIdentity.KeyKind.RSA;
      boolean fits =
          switch (keyExchange) {
            case KeyExchangeAlgorithm.NULL -> true;
            case KeyExchangeAlgorithm.ECDHE_RSA -> rsa;
            case KeyExchangeAlgorithm.ECDHE_ECDSA -> !rsa;
            default -> false;
          };
      SignatureAndHashAlgorithm algorithm =
          SignatureSchemes.choose(
              candidate.keyKind(), TlsUtils.isTLSv13(context), handshake.getClientSigAlgs());
      BcIdentity identity = identities.get(candidate);
      if (fits && algorithm != null && identity != null) {
        chosen = identity;
        chosenAlgorithm = algorithm;
        return true;
      }
    }
    return false;
  }

  private List<TlsIdentity> candidates() {
    List<TlsIdentity> known = candidates;
    if (known == null) {
      known = settings.selector().select(serverName);
      candidates = known;
    }
    return known;
  }

  @Override
  protected String getDetailMessageNoCipherSuite() {
    return "no suite, group or signature algorithm in common with the client";
  }

  @Override
  public TlsCredentials getCredentials() throws IOException {
    BcIdentity identity = chosen;
    SignatureAndHashAlgorithm algorithm = chosenAlgorithm;
    if (identity == null || algorithm == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    return identity.signer(context, crypto, algorithm);
  }

  @Override
  public void processClientExtensions(@Nullable Hashtable clientExtensions) throws IOException {
    if (TlsUtils.isTLSv13(context)) {
      requireKeyShare(clientExtensions);
    }
    refuseUnknownName();
    super.processClientExtensions(clientExtensions);
    if (resumption != null && !TlsUtils.isTLSv13(context)) {
      resumption.ticket12(
          TlsUtils.getExtensionData(clientExtensions, ServerResumption.SESSION_TICKET));
    }
    recordSizeLimited = RecordSizeLimit.note(clientExtensions, TlsUtils.isTLSv13(context), events);
    if (recordSizeLimited) {
      // RFC 8449 5: the older extension is ignored then.
      maxFragmentLengthOffered = -1;
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    if (resumption != null
        && resumption.wantsTicket12()
        && context.getSecurityParametersHandshake().isExtendedMasterSecret()) {
      extensions.put(ServerResumption.SESSION_TICKET, TlsUtils.EMPTY_BYTES);
    }
    if (recordSizeLimited) {
      RecordSizeLimit.add(extensions, limits().recordContentBytesMax(), TlsUtils.isTLSv13(context));
    }
    return extensions;
  }

  /** RFC 8446 9.2: groups and shares come together or not at all. */
  private void requireKeyShare(@Nullable Hashtable clientExtensions) throws IOException {
    boolean groupsOffered =
        clientExtensions != null
            && clientExtensions.containsKey(TlsExtensionsUtils.EXT_supported_groups);
    boolean sharesSent =
        clientExtensions != null && clientExtensions.containsKey(TlsExtensionsUtils.EXT_key_share);
    if (groupsOffered != sharesSent || !groupsOffered) {
      throw new TlsFatalAlert(
          AlertDescription.missing_extension, "supported_groups and key_share must come together");
    }
  }

  /** RFC 6066 3: a server that does not know the name may abort, and then with this alert. */
  private void refuseUnknownName() throws IOException {
    if (candidates().isEmpty()) {
      events.reason(
          TlsFailureCause.UNKNOWN_SERVER_NAME,
          serverName == null
              ? "the client sent no server name"
              : "no certificate for the name " + serverName);
      throw new TlsFatalAlert(AlertDescription.unrecognized_name);
    }
  }

  @Override
  protected Vector getProtocolNames() {
    return protocols;
  }

  @Override
  protected @Nullable ProtocolName selectProtocolName() throws IOException {
    if (protocols.isEmpty()) {
      return null;
    }
    ProtocolName common = selectProtocolName(clientProtocolNames, protocols);
    if (common == null && !settings.continueWithoutCommonProtocol()) {
      events.reason(
          TlsFailureCause.NO_COMMON_PROTOCOL,
          "none of the protocols that the client offers is among "
              + settings.applicationProtocols());
      throw new TlsFatalAlert(AlertDescription.no_application_protocol);
    }
    return common;
  }

  @Override
  public @Nullable CertificateRequest getCertificateRequest() throws IOException {
    if (settings.clientAuthentication() == ClientAuthentication.NONE) {
      return null;
    }
    Vector<X500Name> authorities = new Vector<>();
    for (X500Principal authority : settings.clientAuthorities()) {
      authorities.add(X500Name.getInstance(authority.getEncoded()));
    }
    Vector<SignatureAndHashAlgorithm> algorithms = SignatureSchemes.offered();
    if (TlsUtils.isTLSv13(context)) {
      return new CertificateRequest(
          TlsUtils.EMPTY_BYTES, algorithms, null, authorities.isEmpty() ? null : authorities);
    }
    short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
    return new CertificateRequest(types, algorithms, authorities);
  }

  @Override
  public void notifyClientCertificate(Certificate message) throws IOException {
    if (message.isEmpty()) {
      if (settings.clientAuthentication() == ClientAuthentication.REQUIRED) {
        events.reason(TlsFailureCause.CERTIFICATE_MISSING, "the client showed no certificate");
        // RFC 8446 4.4.2.4; TLS 1.2 has no alert of its own for it (RFC 5246 7.4.6).
        throw new TlsFatalAlert(
            TlsUtils.isTLSv13(context)
                ? AlertDescription.certificate_required
                : AlertDescription.handshake_failure);
      }
      return;
    }
    PeerVerifier verifier = settings.clientVerifier();
    if (verifier == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    peerCertificates = PeerCertificates.verified(message, verifier, null, events);
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return settings.protocol().requireExtendedMasterSecret();
  }

  @Override
  public int getMaxHandshakeMessageSize() {
    return Math.max(limits().handshakeMessageBytesMax(), limits().helloBytesMax());
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
    boolean tls13 = TlsUtils.isTLSv13(agreed.getNegotiatedVersion());
    TicketState session = resumption == null ? null : resumption.accepted();
    boolean resumed = session != null && (tls13 || agreed.isResumedSession());
    if (session != null && resumed) {
      peerCertificates = session.peerCertificates;
    }
    TlsSessionFacts facts = BcNames.facts(agreed, serverName, peerCertificates, resumed);
    if (resumption != null && tls13) {
      resumption.handshakeDone13(agreed, takesTickets(), facts);
    } else if (resumption != null) {
      resumption.handshakeDone12();
    }
    events.handshakeDone(facts);
    forgetHello();
  }

  /** BouncyCastle holds on to what the client said: a hello of some kilobytes, as a rule. */
  private void forgetHello() {
    firstHello = null;
    candidates = null;
    clientExtensions = null;
    clientProtocolNames = null;
    offeredCipherSuites = null;
    serverExtensions.clear();
  }

  /** RFC 8446 4.2.9: without this extension a client can do nothing with a ticket. */
  private boolean takesTickets() throws IOException {
    ClientHello hello = firstHello;
    short[] modes =
        hello == null
            ? null
            : TlsExtensionsUtils.getPSKKeyExchangeModesExtension(hello.getExtensions());
    for (int i = 0; modes != null && i < modes.length; i++) {
      if (modes[i] == PskKeyExchangeMode.psk_dhe_ke) {
        return true;
      }
    }
    return false;
  }

  private TlsLimits limits() {
    return settings.protocol().limits();
  }

  /**
   * The client's name in lower case. What is no host name counts as none: it can match no
   * certificate, and would only carry strange characters into logs.
   */
  private static @Nullable String hostName(@Nullable Vector<?> serverNames) {
    if (serverNames != null) {
      for (Object each : serverNames) {
        if (each instanceof ServerName name && name.getNameType() == NameType.host_name) {
          String text = new String(name.getNameData(), StandardCharsets.ISO_8859_1);
          return HOST_NAME.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : null;
        }
      }
    }
    return null;
  }

  private static boolean contains(int[] values, int value) {
    for (int each : values) {
      if (each == value) {
        return true;
      }
    }
    return false;
  }
}
