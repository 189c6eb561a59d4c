package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsEngineState.Event;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsRole;
import dev.sluice.tls.engine.TlsSessionFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * The engine: BouncyCastle for the handshake and for every record that is no application data, its
 * own record layer for those that are. See the package page for the rules that keep both in step.
 */
final class BcTlsEngine implements TlsEngine {
  /** Below this a record is mostly overhead: better to wait for room. */
  private static final int WORTHWHILE_BYTES = 512;

  /** 32 answers to key updates, each of 27 bytes. */
  private static final int ANSWERS_WAITING_BYTES_MAX = 32 * 27;

  private static final int HEADER_BYTES = AeadRecordCipher.HEADER_BYTES;
  private static final int FRAGMENT_BYTES_MAX = RECORD_BYTES_MAX - HEADER_BYTES;
  private static final int PLAIN_ALERT_BYTES = 7;
  private static final int CLIENT_HELLO = 1;

  private enum RecordOutcome {
    CONSUMED,
    NO_ROOM,
    STOP
  }

  private final TlsRole role;
  private final TlsLimits limits;
  private final EngineProtocol protocol;
  private final EngineTlsCrypto crypto;
  private final EngineEvents events;
  private final HandshakeInput input = new HandshakeInput();

  private TlsEngineState state = TlsEngineState.HANDSHAKING;
  private boolean begun;
  private boolean firstBytesSeen;
  private boolean sentAnything;
  private int handshakeBytes;
  private int quietRecords;
  private int contentBytesMax;
  private int sealedContentBytesMax;
  private @Nullable AeadRecordCipher cipher;
  private @Nullable TlsFailure failure;
  private byte[] plainAlert = TlsUtils.EMPTY_BYTES;

  BcTlsEngine(
      TlsRole role,
      TlsLimits limits,
      EngineProtocol protocol,
      EngineTlsCrypto crypto,
      EngineEvents events) {
    this.role = role;
    this.limits = limits;
    this.protocol = protocol;
    this.crypto = crypto;
    this.events = events;
  }

  @Override
  public TlsRole role() {
    return role;
  }

  @Override
  public TlsEngineState state() {
    return state;
  }

  @Override
  public @Nullable TlsFailure failure() {
    return failure;
  }

  @Override
  public @Nullable TlsSessionFacts facts() {
    return events.facts();
  }

  // Handshake

  @Override
  public void offer(ByteBuffer wire) {
    if (state != TlsEngineState.HANDSHAKING || !input.isEmpty() || !wire.hasRemaining()) {
      return;
    }
    if (!firstBytesSeen && refuseForeignBytes(wire)) {
      return;
    }
    while (wire.remaining() >= HEADER_BYTES && state == TlsEngineState.HANDSHAKING) {
      int fragment = fragmentBytes(wire, wire.position());
      if (fragment > FRAGMENT_BYTES_MAX) {
        abort(
            TlsFailureCause.PROTOCOL_VIOLATION,
            TlsAlert.RECORD_OVERFLOW,
            "a record of " + fragment + " bytes");
        return;
      }
      if (!firstBytesSeen && helloTooLarge(wire)) {
        return;
      }
      if (wire.remaining() < HEADER_BYTES + fragment) {
        return;
      }
      firstBytesSeen = true;
      input.take(wire, HEADER_BYTES + fragment);
    }
  }

  private boolean refuseForeignBytes(ByteBuffer wire) {
    TlsFailureCause foreign = FirstBytes.refused(role, wire);
    if (foreign == null) {
      return false;
    }
    String peer = role == TlsRole.CLIENT ? "the server" : "the client";
    String what =
        foreign == TlsFailureCause.PLAIN_HTTP
            ? " speaks plain HTTP, not TLS"
            : " does not speak TLS";
    // No alert: whoever does not speak TLS can't read one.
    fail(TlsFailure.silent(foreign, peer + what));
    return true;
  }

  private boolean helloTooLarge(ByteBuffer wire) {
    int at = wire.position() + HEADER_BYTES;
    if (role == TlsRole.CLIENT || wire.limit() < at + 4 || wire.get(at) != CLIENT_HELLO) {
      return false;
    }
    if (fragmentBytes(wire, wire.position()) < 4) {
      // The length goes on in the next record; the bound on messages holds all the same.
      return false;
    }
    int length =
        (wire.get(at + 1) & 0xFF) << 16
            | (wire.get(at + 2) & 0xFF) << 8
            | (wire.get(at + 3) & 0xFF);
    if (length <= limits.helloBytesMax()) {
      return false;
    }
    abort(
        TlsFailureCause.HELLO_TOO_LARGE,
        TlsAlert.ILLEGAL_PARAMETER,
        "a ClientHello of %d bytes; the limit is %d".formatted(length, limits.helloBytesMax()));
    return true;
  }

  @Override
  public boolean handshakeWorkPending() {
    return state == TlsEngineState.HANDSHAKING
        && (!input.isEmpty() || (!begun && role == TlsRole.CLIENT));
  }

  @Override
  public void runHandshakeStep() {
    if (state != TlsEngineState.HANDSHAKING) {
      return;
    }
    try {
      begin();
      while (!input.isEmpty() && state == TlsEngineState.HANDSHAKING) {
        int length = HEADER_BYTES + fragmentBytes(input.array(), input.position());
        handshakeBytes += length;
        if (handshakeBytes > limits.handshakeBytesMax()) {
          abort(
              TlsFailureCause.HANDSHAKE_TOO_LARGE,
              TlsAlert.ILLEGAL_PARAMETER,
              "a handshake of more than " + limits.handshakeBytesMax() + " bytes");
          return;
        }
        if (isEarlyData(input.array()[input.position()], length - HEADER_BYTES)) {
          input.consumed(length);
          continue;
        }
        if (isClearMessageAfterKeys(input.array()[input.position()])) {
          abort(
              TlsFailureCause.PROTOCOL_VIOLATION,
              TlsAlert.UNEXPECTED_MESSAGE,
              "a handshake message in the clear after the keys were there");
          return;
        }
        protocol().offerInput(input.array(), input.position(), length);
        input.consumed(length);
        if (protocol().isConnected()) {
          handshakeDone();
        }
      }
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  /**
   * RFC 8446 5, 2: all that follows a ServerHello is protected. BouncyCastle reads on in the clear
   * until the first protected record, for alerts of peers that did not get as far as the keys.
   */
  private boolean isClearMessageAfterKeys(byte type) {
    AeadRecordCipher keys = crypto.lastCipher();
    return keys != null && keys.isTls13() && type == ContentType.handshake;
  }

  /** Between a HelloRetryRequest and its answer there are no keys yet to try. */
  private boolean isEarlyData(byte type, int fragment) {
    return type == ContentType.application_data
        && protocol.awaitsSecondHello()
        && crypto.earlyData().skip(fragment);
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      protocol.begin();
    }
  }

  private void handshakeDone() {
    AeadRecordCipher made = crypto.lastCipher();
    if (made == null) {
      throw new IllegalStateException("a handshake without keys");
    }
    cipher = made;
    // RFC 6066 4: a negotiated maximum fragment length bounds both directions.
    int fragmentLimit = protocol().getApplicationDataLimit();
    // RFC 8449 4: each end's limit bounds only what is sent to it. A client that offered both
    // versions has allowed for the type byte of TLS 1.3.
    int own = limits.recordContentBytesMax() + (made.isTls13() ? 0 : 1);
    contentBytesMax = events.recordSizeLimited() ? Math.min(fragmentLimit, own) : fragmentLimit;
    sealedContentBytesMax = Math.min(fragmentLimit, events.peerContentBytesMax());
    state = state.after(Event.HANDSHAKE_DONE);
  }

  // Inbound

  @Override
  public TlsOpenStatus open(ByteBuffer wire, ByteBuffer plain) {
    assert state != TlsEngineState.HANDSHAKING;
    try {
      while (state.receives() && !input.isEmpty()) {
        int fragment = fragmentBytes(input.array(), input.position());
        RecordOutcome outcome = openRecord(input.array(), input.position(), fragment, plain);
        if (outcome == RecordOutcome.NO_ROOM) {
          return TlsOpenStatus.NEEDS_ROOM;
        }
        input.consumed(HEADER_BYTES + fragment);
      }
      while (state.receives() && wire.remaining() >= HEADER_BYTES) {
        int fragment = fragmentBytes(wire, wire.position());
        boolean oversize = fragment > FRAGMENT_BYTES_MAX;
        if (oversize) {
          abort(
              TlsFailureCause.PROTOCOL_VIOLATION,
              TlsAlert.RECORD_OVERFLOW,
              "a record of " + fragment + " bytes");
          break;
        }
        if (wire.remaining() < HEADER_BYTES + fragment) {
          return TlsOpenStatus.NEEDS_WIRE;
        }
        RecordOutcome outcome =
            openRecord(wire.array(), wire.arrayOffset() + wire.position(), fragment, plain);
        if (outcome == RecordOutcome.NO_ROOM) {
          return TlsOpenStatus.NEEDS_ROOM;
        }
        wire.position(wire.position() + HEADER_BYTES + fragment);
      }
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
    if (state == TlsEngineState.FAILED) {
      return TlsOpenStatus.FAILED;
    }
    if (state.receives()) {
      return TlsOpenStatus.NEEDS_WIRE;
    }
    // RFC 8446 6.1: data after a closure alert is ignored.
    wire.position(wire.limit());
    return TlsOpenStatus.ENDED;
  }

  private RecordOutcome openRecord(byte[] record, int off, int fragment, ByteBuffer plain)
      throws IOException {
    AeadRecordCipher keys = cipher();
    int type = record[off] & 0xFF;
    if (type == ContentType.application_data
        && fragment <= contentBytesMax + keys.overheadBytes()) {
      if (plain.remaining() < keys.roomBytes(fragment)) {
        return RecordOutcome.NO_ROOM;
      }
      int version = (record[off + 1] & 0xFF) << 8 | (record[off + 2] & 0xFF);
      int at = plain.arrayOffset() + plain.position();
      int length =
          keys.open(type, version, record, off + HEADER_BYTES, fragment, plain.array(), at);
      if (length >= 0 && keys.openedType() == ContentType.application_data) {
        if (keys.isTls13() && protocol.messageUnfinished()) {
          abort(
              TlsFailureCause.PROTOCOL_VIOLATION,
              TlsAlert.UNEXPECTED_MESSAGE,
              "application data within a handshake message");
          return RecordOutcome.STOP;
        }
        plain.position(plain.position() + length);
        quietRecords = length > 0 ? 0 : quietRecords + 1;
        return checkQuietRecords();
      }
      // Not for us, or broken: BouncyCastle does the rest, the alert included, with the outcome
      // that is known already.
      keys.handOn(length, plain.array(), at);
    }
    if (events.recordSizeLimited() && fragment > contentBytesMax + keys.overheadBytes()) {
      abort(
          TlsFailureCause.PROTOCOL_VIOLATION,
          TlsAlert.RECORD_OVERFLOW,
          "a record of %d bytes; the agreed limit is %d of content"
              .formatted(fragment, contentBytesMax));
      return RecordOutcome.STOP;
    }
    quietRecords++;
    protocol().offerInput(record, off, HEADER_BYTES + fragment);
    answerKeyUpdate();
    if (events.closeNotifyReceived()) {
      state = state.after(Event.PEER_CLOSE_NOTIFY);
    }
    return checkQuietRecords();
  }

  /**
   * RFC 8446 4.6.3 wants the answer before the next data; at once is the best, since the peer may
   * wait for it. Who takes none of the answers gets one for many requests.
   */
  private void answerKeyUpdate() throws IOException {
    if (events.keyUpdateRequested()
        && state.sends()
        && protocol().getAvailableOutputBytes() < ANSWERS_WAITING_BYTES_MAX) {
      protocol.sendKeyUpdate(false);
      events.keyUpdateAnswered();
    }
  }

  /**
   * Records without content cost the peer little and this end a decryption each; key updates cost
   * even more.
   */
  private RecordOutcome checkQuietRecords() {
    if (quietRecords > limits.quietRecordsMax()) {
      abort(
          TlsFailureCause.PROTOCOL_VIOLATION,
          TlsAlert.UNEXPECTED_MESSAGE,
          "more than " + limits.quietRecordsMax() + " records in a row without application data");
    }
    return state.receives() ? RecordOutcome.CONSUMED : RecordOutcome.STOP;
  }

  @Override
  public void transportEnded() {
    String peer = role == TlsRole.CLIENT ? "the server" : "the client";
    if (state == TlsEngineState.HANDSHAKING) {
      fail(
          TlsFailure.silent(
              TlsFailureCause.CLOSED_IN_HANDSHAKE, peer + " closed during the handshake"));
    } else if (state.receives()) {
      fail(TlsFailure.silent(TlsFailureCause.TRUNCATED, peer + " closed without close_notify"));
    }
  }

  // Outbound

  @Override
  public int seal(ByteBuffer plain, ByteBuffer wireOut, int recordContentBytesMax) {
    assert recordContentBytesMax > 0;
    if (!state.sends()) {
      return 0;
    }
    int before = plain.remaining();
    int contentMax = Math.min(recordContentBytesMax, sealedContentBytesMax);
    try {
      AeadRecordCipher keys = cipher();
      // The wire's order is the counter's order: what BouncyCastle sealed goes first.
      while (drainOutput(wireOut) && plain.hasRemaining()) {
        if (updateKeys(keys)) {
          continue;
        }
        int room = wireOut.remaining() - HEADER_BYTES - keys.overheadBytes();
        int length = Math.min(Math.min(plain.remaining(), room), contentMax);
        if (length <= 0
            || (length < plain.remaining() && length < WORTHWHILE_BYTES && length < contentMax)) {
          break;
        }
        sealRecord(keys, plain, length, wireOut);
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      broken(e);
    }
    return before - plain.remaining();
  }

  private static void sealRecord(
      AeadRecordCipher keys, ByteBuffer plain, int length, ByteBuffer wireOut)
      throws GeneralSecurityException {
    int written =
        keys.seal(
            ContentType.application_data,
            plain.array(),
            plain.arrayOffset() + plain.position(),
            length,
            wireOut.array(),
            wireOut.arrayOffset() + wireOut.position());
    plain.position(plain.position() + length);
    wireOut.position(wireOut.position() + written);
  }

  /**
   * RFC 8446 4.6.3: an update that the peer asked for comes before the next data; a worn key asks
   * for one itself.
   */
  private boolean updateKeys(AeadRecordCipher keys) throws IOException {
    boolean worn = keys.isTls13() && keys.sealedRecords() >= limits.recordsPerKeyMax();
    if (!worn && !events.keyUpdateRequested()) {
      return false;
    }
    protocol.sendKeyUpdate(worn && !events.keyUpdateRequested());
    events.keyUpdateAnswered();
    return true;
  }

  @Override
  public boolean outputPending() {
    return plainAlert.length > 0 || protocol().getAvailableOutputBytes() > 0;
  }

  @Override
  public boolean drainOutput(ByteBuffer wireOut) {
    int available = protocol().getAvailableOutputBytes();
    if (available > 0) {
      sentAnything = true;
      int moved = Math.min(available, wireOut.remaining());
      protocol().readOutput(wireOut, moved);
      if (moved < available) {
        return false;
      }
      if (state != TlsEngineState.HANDSHAKING) {
        protocol.shrinkOutput();
      }
    }
    if (plainAlert.length > 0) {
      if (wireOut.remaining() < plainAlert.length) {
        return false;
      }
      wireOut.put(plainAlert);
      plainAlert = TlsUtils.EMPTY_BYTES;
    }
    return true;
  }

  @Override
  public void closeOutbound() {
    try {
      if (state == TlsEngineState.HANDSHAKING) {
        if (begun) {
          protocol().close();
        }
        state = state.after(Event.CLOSE);
      } else if (state.sends()) {
        protocol.sendCloseNotify();
        state = state.after(Event.CLOSE);
      }
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  // Failure

  /** Fails by this end's own decision, with an alert. */
  private void abort(TlsFailureCause cause, int alert, String message) {
    events.reason(cause, message);
    try {
      begin();
      protocol.abort((short) alert, message);
    } catch (IOException | RuntimeException e) {
      // The connection fails in any case; what matters is the reason that was noted first.
      events.reason(TlsFailureCause.INTERNAL, String.valueOf(e.getMessage()));
    }
    broken(null);
  }

  private void broken(@Nullable Exception thrown) {
    boolean handshaking = state == TlsEngineState.HANDSHAKING;
    fail(Failures.explain(role, handshaking, events, thrown));
    TlsFailure known = failure;
    // BouncyCastle sends nothing before it has understood a ClientHello; the client is told all the
    // same.
    boolean silent =
        role == TlsRole.SERVER && !sentAnything && protocol().getAvailableOutputBytes() == 0;
    if (silent && known != null && known.alertSent() != TlsAlert.NONE) {
      plainAlert = plainAlert(known.alertSent());
    }
  }

  private void fail(TlsFailure why) {
    if (failure == null) {
      failure = why;
    }
    state = state.after(Event.FAILURE);
  }

  private static byte[] plainAlert(int alert) {
    byte[] record = new byte[PLAIN_ALERT_BYTES];
    record[0] = (byte) ContentType.alert;
    record[1] = 3;
    record[2] = 3;
    record[4] = 2;
    record[5] = 2;
    record[6] = (byte) alert;
    return record;
  }

  private TlsProtocol protocol() {
    return protocol.protocol();
  }

  private AeadRecordCipher cipher() {
    AeadRecordCipher keys = cipher;
    if (keys == null) {
      throw new IllegalStateException("the handshake is not done");
    }
    return keys;
  }

  private static int fragmentBytes(ByteBuffer wire, int at) {
    return (wire.get(at + 3) & 0xFF) << 8 | (wire.get(at + 4) & 0xFF);
  }

  private static int fragmentBytes(byte[] record, int at) {
    return (record[at + 3] & 0xFF) << 8 | (record[at + 4] & 0xFF);
  }
}
