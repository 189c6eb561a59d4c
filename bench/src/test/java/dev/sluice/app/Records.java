package dev.sluice.app;

import dev.sluice.core.observe.ByteTarget;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.CloseCause.Origin;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.RequestText;
import dev.sluice.core.observe.SessionFacts;

/** Records as the engine would write them. */
final class Records {
  static final Pairing CLEAR = new Pairing(ClientKind.CLEAR_H1, OriginKind.CLEAR);
  static final Pairing ALPN = new Pairing(ClientKind.TLS_H1, OriginKind.ALPN);
  static final Pairing IRC = new Pairing(ClientKind.TLS_H2, OriginKind.IRC);

  private Records() {}

  /** A download that went as it should. */
  static ExchangeRecord good(Pairing pairing, boolean reused) {
    ExchangeRecord record = begun(pairing.client(), "GET");
    record.routed(pairing.backend(), 1_000_000);
    record.attempt("origin");
    boolean tls = pairing.origin().tls();
    String protocol = pairing.origin().protocol();
    if (reused) {
      record.reused(protocol, SessionFacts.NONE, tls, 15_000_000);
    } else {
      record.connected(protocol, SessionFacts.NONE, tls, 250_000, tls ? 12_345_678 : 0, 15_000_000);
    }
    record.firstByte(20_000_000);
    record.status(200);
    record.addToClient(65_536);
    record.end(CloseCause.COMPLETE, Origin.NOBODY, "", 123_456_789);
    return record;
  }

  /** One that found no common protocol, twice. */
  static ExchangeRecord failed(Pairing pairing, String method) {
    ExchangeRecord record = begun(pairing.client(), method);
    record.routed(pairing.backend(), 1_000_000);
    record.attempt("origin");
    record.attempt("origin");
    record.status(502);
    record.addToClient(16);
    failWith(record, CloseCause.NO_COMMON_PROTOCOL, "server sent alert 120");
    return record;
  }

  /** Ends a record with another cause. */
  static void failWith(ExchangeRecord record, CloseCause cause, String detail) {
    record.end(cause, Origin.SERVER, detail, 2_000_000);
  }

  /** One that the engine answered by itself. */
  static ExchangeRecord answered() {
    ExchangeRecord record = begun(ClientKind.CLEAR_H1, "GET");
    record.status(404);
    record.addToClient(10_500_000);
    record.end(CloseCause.COMPLETE, Origin.NOBODY, "", 1_000_000);
    return record;
  }

  private static ExchangeRecord begun(ClientKind client, String method) {
    ExchangeRecord record = new ExchangeRecord();
    record.begin(client.entrance().frontend(), client.protocol(), ClientFacts.NONE, 0);
    record.request(new Text(method), 1_000_000);
    return record;
  }

  /** A request of which only the method counts. */
  private record Text(String methodName) implements RequestText {
    @Override
    public void writeMethodTo(ByteTarget target) {
      throw new AssertionError("the table asks for the name");
    }

    @Override
    public void writeHostTo(ByteTarget target) {
      throw new AssertionError("the table does not show the host");
    }

    @Override
    public void writePathTo(ByteTarget target) {
      throw new AssertionError("the table does not show the path");
    }
  }
}
