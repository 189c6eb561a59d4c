package dev.sluice.app;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one request.
 *
 * @param pairing the way it went
 * @param method its method
 * @param record what the engine recorded, or null if nothing
 * @param problems everything that is not as it should be, one line each
 */
record Outcome(
    Pairing pairing, String method, @Nullable ExchangeRecord record, List<String> problems) {

  Outcome {
    problems = List.copyOf(problems);
  }

  /**
   * Holds a record against what the pairing should give.
   *
   * @param again whether the pairing's connection should have been there already
   */
  static List<String> compare(Pairing pairing, boolean again, ExchangeRecord record) {
    OriginKind origin = pairing.origin();
    Comparison is = new Comparison();
    is.equal("status", record.status(), origin.reachable() ? 200 : 502);
    is.equal("protocol of the client", record.frontProtocol(), pairing.client().protocol());
    if (!origin.reachable()) {
      is.equal("cause", record.cause(), CloseCause.NO_COMMON_PROTOCOL);
      is.equal("protocol of the origin", record.backProtocol(), "");
      return is.problems;
    }
    is.equal("cause", record.cause(), CloseCause.COMPLETE);
    is.equal("protocol of the origin", record.backProtocol(), origin.protocol());
    is.equal("mux installed after a handshake", record.muxAfterHandshake(), origin.tls());
    is.equal("connection reused", record.reused(), again);
    is.equal("retries", record.retries(), 0);
    return is.problems;
  }

  /** Collects what differs. */
  static final class Comparison {
    private final List<String> problems = new ArrayList<>();

    void equal(String what, Object got, Object expected) {
      if (!got.equals(expected)) {
        problems.add(what + " is " + shown(got) + ", should be " + shown(expected));
      }
    }

    void add(String problem) {
      problems.add(problem);
    }

    void addAll(List<String> more) {
      problems.addAll(more);
    }

    List<String> problems() {
      return problems;
    }

    private static String shown(Object value) {
      return value.equals("") ? "none" : value.toString();
    }
  }
}
