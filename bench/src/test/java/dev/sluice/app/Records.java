package dev.sluice.app;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;

/** Records as the engine would write them. */
final class Records {
  static final Pairing CLEAR = new Pairing(Entrance.CLEAR, OriginKind.CLEAR);
  static final Pairing ALPN = new Pairing(Entrance.TLS, OriginKind.ALPN);
  static final Pairing IRC = new Pairing(Entrance.TLS, OriginKind.IRC);

  private Records() {}

  /** A download that went as it should. */
  static ExchangeRecord good(Pairing pairing, boolean reused) {
    ExchangeRecord record = begun(pairing, "GET");
    boolean tls = pairing.origin().tls();
    record.connected("h1", reused, 250_000, tls ? 12_345_678 : 0);
    record.muxAfterHandshake(tls);
    record.firstByte(20_000_000);
    record.status(200);
    record.addToClient(65_536);
    record.end(CloseCause.COMPLETE, "", 123_456_789);
    return record;
  }

  /** One that found no common protocol, twice. */
  static ExchangeRecord failed(Pairing pairing, String method) {
    ExchangeRecord record = begun(pairing, method);
    record.retried();
    record.status(502);
    record.addToClient(16);
    record.end(CloseCause.NO_COMMON_PROTOCOL, "server sent alert 120", 2_000_000);
    return record;
  }

  /** One that the engine answered by itself. */
  static ExchangeRecord answered() {
    ExchangeRecord record = new ExchangeRecord();
    record.begin(Entrance.CLEAR.frontend(), "h1", 0);
    record.request("GET", null, 0);
    record.status(404);
    record.addToClient(10_500_000);
    record.end(CloseCause.COMPLETE, "", 0);
    return record;
  }

  private static ExchangeRecord begun(Pairing pairing, String method) {
    ExchangeRecord record = new ExchangeRecord();
    record.begin(pairing.entrance().frontend(), "h1", 0);
    record.request(method, null, 1_000_000);
    record.routed(pairing.backend(), 1_000_000);
    record.server("origin");
    return record;
  }
}
