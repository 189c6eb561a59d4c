package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.KeyUpdateRequest;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** BouncyCastle's server, with alerts, close and key updates in the engine's hands. */
final class EngineServerProtocol extends TlsServerProtocol implements EngineProtocol {
  private static final int SSL_3 = 0x0300;

  private final EngineTlsServer peer;
  private final EngineTlsCrypto crypto;
  private final EngineEvents events;
  private final HandshakeFraming framing = new HandshakeFraming();
  private final @Nullable ServerResumption resumption;

  EngineServerProtocol(
      EngineTlsServer peer,
      EngineTlsCrypto crypto,
      EngineEvents events,
      @Nullable ServerResumption resumption) {
    this.peer = peer;
    this.crypto = crypto;
    this.events = events;
    this.resumption = resumption;
  }

  @Override
  public TlsProtocol protocol() {
    return this;
  }

  @Override
  public void begin() throws IOException {
    accept(peer);
  }

  @Override
  public void abort(short alert, String message) throws IOException {
    handleException(alert, message, null);
  }

  @Override
  protected void handleException(short alert, String message, @Nullable Throwable cause)
      throws IOException {
    super.handleException(PeerFaults.alert(alert, cause, events), message, cause);
  }

  @Override
  protected ServerHello generate13HelloRetryRequest(ClientHello clientHello) throws IOException {
    // A cookie keeps state with the client (RFC 8446 4.2.2); over TCP it only lengthens the hello.
    retryCookie = null;
    HandshakeTranscript transcript = transcript();
    if (transcript != null) {
      SecurityParameters agreed = getContext().getSecurityParameters();
      transcript.retrySent(crypto, agreed.getPRFCryptoHashAlgorithm());
    }
    return super.generate13HelloRetryRequest(clientHello);
  }

  @Override
  public boolean awaitsSecondHello() {
    return connection_state == CS_SERVER_HELLO_RETRY_REQUEST;
  }

  private @Nullable HandshakeTranscript transcript() {
    return resumption == null ? null : resumption.transcript();
  }

  @Override
  protected ClientHello receiveClientHelloMessage(ByteArrayInputStream body) throws IOException {
    byte[] content = body.readAllBytes();
    int version = content.length < 2 ? 0 : (content[0] & 0xFF) << 8 | (content[1] & 0xFF);
    if (version > TlsVersion.TLS_1_2.code()) {
      // RFC 5246 E.1, RFC 8446 4.1.2: whatever it is, it is later than what this field can agree
      // on.
      content[0] = (byte) (TlsVersion.TLS_1_2.code() >>> 8);
      content[1] = (byte) TlsVersion.TLS_1_2.code();
    } else if (version < SSL_3) {
      throw new TlsFatalAlert(AlertDescription.protocol_version);
    }
    ClientHello hello = super.receiveClientHelloMessage(new ByteArrayInputStream(content));
    peer.hello(hello);
    return hello;
  }

  @Override
  protected void handleHandshakeMessage(short type, HandshakeMessageInput message)
      throws IOException {
    HandshakeTranscript transcript = transcript();
    if (transcript != null) {
      transcript.received(message);
    }
    super.handleHandshakeMessage(type, message);
  }

  @Override
  protected void completeHandshake() throws IOException {
    super.completeHandshake();
    if (resumption != null) {
      for (byte[] message : resumption.takeNewTickets()) {
        int most = getApplicationDataLimit();
        for (int at = 0; at < message.length; at += most) {
          safeWriteRecord(ContentType.handshake, message, at, Math.min(most, message.length - at));
        }
      }
    }
  }

  @Override
  protected void processRecord(short type, byte[] content, int off, int len) throws IOException {
    if (type == ContentType.application_data && crypto.earlyData().expected()) {
      // It could not be opened: had it been, no more would be expected.
      return;
    }
    framing.record(type, content, off, len);
    checkFraming();
    super.processRecord(type, content, off, len);
    checkFraming();
  }

  private void checkFraming() throws IOException {
    ProtocolVersion version = getContext().getServerVersion();
    if (version != null && TlsUtils.isTLSv13(version)) {
      framing.check();
    }
  }

  @Override
  public boolean messageUnfinished() {
    return framing.unfinished();
  }

  @Override
  public void sendCloseNotify() throws IOException {
    raiseAlertWarning(AlertDescription.close_notify, "closing");
  }

  @Override
  public void sendKeyUpdate(boolean requestUpdate) throws IOException {
    send13KeyUpdate(requestUpdate);
  }

  @Override
  protected void safeWriteRecord(short type, byte[] buf, int offset, int len) throws IOException {
    // RFC 8449 4: the peer's limit holds for every protected record, those of the handshake too.
    boolean bounded = type == ContentType.handshake && crypto.lastCipher() != null;
    HandshakeTranscript transcript = transcript();
    if (transcript != null && type == ContentType.handshake) {
      transcript.sent(buf, offset, len);
    }
    int most = bounded ? events.peerContentBytesMax() : len;
    int at = 0;
    do {
      int part = Math.min(len - at, most);
      super.safeWriteRecord(type, buf, offset + at, part);
      at += part;
    } while (at < len);
  }

  @Override
  public void shrinkOutput() {
    outputBuffer.getBuffer().shrink();
  }

  @Override
  protected void handleAlertMessage(short level, short description) throws IOException {
    // RFC 8446 6: in TLS 1.3 the level is no longer to be believed; all but these two are errors.
    // Before the ServerHello there is no version yet.
    ProtocolVersion version = getContext().getServerVersion();
    boolean closing =
        description == AlertDescription.close_notify
            || description == AlertDescription.user_canceled;
    boolean fatal = !closing && version != null && TlsUtils.isTLSv13(version);
    super.handleAlertMessage(fatal ? AlertLevel.fatal : level, description);
  }

  @Override
  protected void handleAlertWarningMessage(short description) throws IOException {
    if (description == AlertDescription.close_notify && isConnected()) {
      // Not answered here, as BouncyCastle would: what was taken from the layer above is still to
      // be sealed before.
      events.closeNotify();
      return;
    }
    super.handleAlertWarningMessage(description);
  }

  @Override
  protected void receive13KeyUpdate(ByteArrayInputStream body) throws IOException {
    // BouncyCastle's message input can't be reset, so its content goes on in another one.
    byte[] content = body.readAllBytes();
    super.receive13KeyUpdate(new ByteArrayInputStream(content));
    int request = content[0];
    if (request == KeyUpdateRequest.update_requested) {
      events.keyUpdateRequest();
    }
  }
}
