package dev.sluice.core.observe;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange when it ends: exactly one for each. Lent to the observer for the
 * call, on the loop of the exchange; {@link #snapshot()} makes a copy to keep. What allocates says
 * so.
 *
 * <p>Times are nanoseconds of the loop's clock; a stage that did not happen took 0. The stages
 * follow on each other without a gap, and make up the whole:
 *
 * <pre>
 * total = request + routing + queue + lost + connect + handshake + wait + response
 * firstByte = routing + queue + lost + connect + handshake + wait
 * </pre>
 *
 * <p>Server, protocol, connect, handshake and new or reused are those of the last attempt, even if
 * it failed.
 */
public final class ExchangeRecord {
  // Written by the stream package through the setters below, one exchange at a time.
  private final ExchangeTimes times = new ExchangeTimes();
  private ClientFacts client = ClientFacts.NONE;
  private String frontend = "";
  private String backend = "";
  private String server = "";
  private String frontProtocol = "";
  private String backProtocol = "";
  private SessionFacts backSession = SessionFacts.NONE;
  private @Nullable RequestText request;
  private long bytesFromClient;
  private long bytesToClient;
  private int status;
  private int attempts;
  private @Nullable RetryKind lastRetry;
  private boolean reused;
  private boolean muxAfterHandshake;
  private ExchangePhase phase = ExchangePhase.REQUEST;
  private CloseCause.Origin endedBy = CloseCause.Origin.NOBODY;
  private CloseCause cause = CloseCause.COMPLETE;
  private String detail = "";

  /** A record of nothing yet. */
  public ExchangeRecord() {}

  /**
   * Begins a new exchange; everything else is as if nothing had happened.
   *
   * @param frontendName where it came in
   * @param protocol the name of the client's mux; empty if there is none
   * @param from the client
   * @param nowNanos the loop's time
   */
  public void begin(String frontendName, String protocol, ClientFacts from, long nowNanos) {
    times.begin(nowNanos);
    client = from;
    frontend = frontendName;
    backend = "";
    server = "";
    frontProtocol = protocol;
    backProtocol = "";
    backSession = SessionFacts.NONE;
    request = null;
    bytesFromClient = 0;
    bytesToClient = 0;
    status = 0;
    attempts = 0;
    lastRetry = null;
    reused = false;
    muxAfterHandshake = false;
    phase = ExchangePhase.REQUEST;
    endedBy = CloseCause.Origin.NOBODY;
    cause = CloseCause.COMPLETE;
    detail = "";
  }

  /**
   * The request's head is here.
   *
   * @param text read when somebody asks, at the end: what a router rewrote is told as rewritten
   * @param nowNanos the loop's time
   */
  public void request(RequestText text, long nowNanos) {
    request = text;
    times.head(nowNanos);
    phase = ExchangePhase.ROUTING;
  }

  /** The backend is chosen; empty if the engine answers by itself. */
  public void routed(String backendName, long nowNanos) {
    backend = backendName;
    times.routed(nowNanos);
  }

  /** Another attempt begins, with this server; what an earlier one told is forgotten. */
  public void attempt(String serverName) {
    attempts++;
    server = serverName;
    backProtocol = "";
    backSession = SessionFacts.NONE;
    reused = false;
    muxAfterHandshake = false;
    times.attempt();
  }

  /** The next attempt follows one that ended so. */
  public void retry(RetryKind kind) {
    lastRetry = kind;
  }

  /** It has waited in a line. */
  public void queued(long nanos) {
    times.queued(nanos);
  }

  /**
   * The request goes out on a connection that was made for it.
   *
   * @param protocol the name of the connection's mux
   * @param session what the handshake told
   * @param afterHandshake whether the mux was installed after a handshake
   * @param connectTook the TCP connect, in nanoseconds
   * @param handshakeTook the handshake, in nanoseconds
   * @param nowNanos the loop's time
   */
  public void connected(
      String protocol,
      SessionFacts session,
      boolean afterHandshake,
      long connectTook,
      long handshakeTook,
      long nowNanos) {
    on(protocol, session, afterHandshake);
    times.sent(connectTook, handshakeTook, nowNanos);
  }

  /**
   * The request goes out on a connection that another exchange has opened: how long its connect and
   * its handshake took is not told, as they were not part of this one.
   *
   * @param protocol the name of the connection's mux
   * @param session what the handshake told
   * @param afterHandshake whether the mux was installed after a handshake
   * @param nowNanos the loop's time
   */
  public void reused(String protocol, SessionFacts session, boolean afterHandshake, long nowNanos) {
    on(protocol, session, afterHandshake);
    reused = true;
    times.sent(0, 0, nowNanos);
  }

  private void on(String protocol, SessionFacts session, boolean afterHandshake) {
    backProtocol = protocol;
    backSession = session;
    muxAfterHandshake = afterHandshake;
    phase = ExchangePhase.WAITING;
  }

  /** The first byte of the answer is here, whoever made it; later calls are without effect. */
  public void firstByte(long nowNanos) {
    times.firstByte(nowNanos);
  }

  /** The client got, or is getting, this status. */
  public void status(int code) {
    status = code;
  }

  /** It has come so far. */
  public void phase(ExchangePhase reached) {
    phase = reached;
  }

  /** Content that came from the client. */
  public void addFromClient(long bytes) {
    bytesFromClient += bytes;
  }

  /** Content that was given to the client's connection. */
  public void addToClient(long bytes) {
    bytesToClient += bytes;
  }

  /**
   * It is over.
   *
   * @param why the cause; the phase stays where the exchange was when it ended
   * @param by who ended it
   * @param words more of it, a constant or made on the error path; empty if nothing
   * @param nowNanos the loop's time
   */
  public void end(CloseCause why, CloseCause.Origin by, String words, long nowNanos) {
    cause = why;
    endedBy = by;
    detail = words;
    times.end(nowNanos);
    if (why == CloseCause.COMPLETE) {
      phase = ExchangePhase.DONE;
    }
  }

  /** A copy that may be kept, and be read by any thread. Allocates. */
  public ExchangeRecord snapshot() {
    ExchangeRecord copy = new ExchangeRecord();
    copy.times.copyFrom(times);
    copy.client = client;
    copy.frontend = frontend;
    copy.backend = backend;
    copy.server = server;
    copy.frontProtocol = frontProtocol;
    copy.backProtocol = backProtocol;
    copy.backSession = backSession;
    RequestText text = request;
    copy.request = text == null ? null : KeptText.of(text);
    copy.bytesFromClient = bytesFromClient;
    copy.bytesToClient = bytesToClient;
    copy.status = status;
    copy.attempts = attempts;
    copy.lastRetry = lastRetry;
    copy.reused = reused;
    copy.muxAfterHandshake = muxAfterHandshake;
    copy.phase = phase;
    copy.endedBy = endedBy;
    copy.cause = cause;
    copy.detail = detail;
    return copy;
  }

  // ---- who and what ----

  /** The client's connection. */
  public ClientFacts client() {
    return client;
  }

  /** The client's address, or null. */
  public @Nullable SocketAddress clientAddress() {
    return client.address();
  }

  /** The frontend's name. */
  public String frontend() {
    return frontend;
  }

  /** The backend's name; empty if none was chosen. */
  public String backend() {
    return backend;
  }

  /** The name of the server of the last attempt; empty if none was chosen. */
  public String server() {
    return server;
  }

  /** The mux towards the client. */
  public String frontProtocol() {
    return frontProtocol;
  }

  /** The mux towards the server; empty if no connection came about. */
  public String backProtocol() {
    return backProtocol;
  }

  /** What the client's handshake told; {@link SessionFacts#NONE} if there was none. */
  public SessionFacts frontSession() {
    return client.session();
  }

  /**
   * What the server's handshake told, of a reused connection too; {@link SessionFacts#NONE} if
   * there was none.
   */
  public SessionFacts backSession() {
    return backSession;
  }

  /** The request's method; empty in TCP mode and if no head came. May allocate. */
  public String method() {
    RequestText text = request;
    return text == null ? "" : text.methodName();
  }

  /** Host and port as the client asked for them; empty if it named none. Allocates. */
  public String host() {
    RequestText text = request;
    return text == null ? "" : latin(KeptText.bytes(text, RequestText::writeHostTo));
  }

  /** Path and query; empty in TCP mode, for CONNECT, and if no head came. Allocates. */
  public String path() {
    RequestText text = request;
    return text == null ? "" : latin(KeptText.bytes(text, RequestText::writePathTo));
  }

  /** The texts of the request as bytes, or null if no head came. */
  public @Nullable RequestText requestText() {
    return request;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  // ---- when ----

  /** When it began, by the loop's clock. */
  public long beganNanos() {
    return times.beganNanos();
  }

  /** From the beginning to the whole head of the request. */
  public long requestNanos() {
    return times.request();
  }

  /** From the head to the choice of the backend, or to the engine's own answer. */
  public long routingNanos() {
    return times.routing();
  }

  /** In the waiting line, all attempts together. */
  public long queueNanos() {
    return times.queue();
  }

  /**
   * In attempts that came to nothing, their connects, handshakes and waits together, and between
   * attempts.
   */
  public long lostNanos() {
    return times.lost();
  }

  /** The TCP connect of the attempt that was answered; 0 on a reused connection. */
  public long connectNanos() {
    return times.connect();
  }

  /**
   * The handshake of the attempt that was answered; 0 on a reused connection, and without a
   * handshake.
   */
  public long handshakeNanos() {
    return times.handshake();
  }

  /** From the moment the request went out to the first byte of the answer, or to the end. */
  public long waitNanos() {
    return times.waiting();
  }

  /** From the first byte of the answer to the end; 0 if none came. */
  public long responseNanos() {
    return times.response();
  }

  /**
   * From the request's head to the first byte of the final response, of an answer of the engine's
   * own too; 0 if none came.
   */
  public long firstByteNanos() {
    return times.toFirstByte();
  }

  /** From the beginning to the end. */
  public long totalNanos() {
    return times.total();
  }

  // ---- how much, and how it ended ----

  /**
   * Content from the client in bytes, without heads and framing, each byte once however many
   * attempts were made; dropped content included.
   */
  public long bytesFromClient() {
    return bytesFromClient;
  }

  /** Content given to the client's connection in bytes, without heads and framing. */
  public long bytesToClient() {
    return bytesToClient;
  }

  /** The status that the client got; 0 if it got none, and in TCP mode. */
  public int status() {
    return status;
  }

  /** How often a server was chosen for it. */
  public int attempts() {
    return attempts;
  }

  /** Attempts after the first. */
  public int retries() {
    return Math.max(0, attempts - 1);
  }

  /** How the attempt ended that the last one followed; null if there was but one. */
  public @Nullable RetryKind lastRetry() {
    return lastRetry;
  }

  /** Whether the last attempt ran on a connection that another exchange had opened. */
  public boolean reused() {
    return reused;
  }

  /**
   * Whether the mux of the last attempt's connection was installed after a handshake, instead of as
   * soon as TCP was connected; false if no connection came about.
   */
  public boolean muxAfterHandshake() {
    return muxAfterHandshake;
  }

  /** How far it had come when it ended. */
  public ExchangePhase phase() {
    return phase;
  }

  /** Why it ended. */
  public CloseCause cause() {
    return cause;
  }

  /** Who ended it. */
  public CloseCause.Origin endedBy() {
    return endedBy;
  }

  /** Phase, who and cause in one. */
  public TerminationState termination() {
    return TerminationState.of(phase, endedBy, cause);
  }

  /** More of the cause; empty if there is nothing more to say. */
  public String detail() {
    return detail;
  }

  /** For tests and debuggers: what the client sent is not escaped. */
  @Override
  public String toString() {
    return "%s %s %s -> %s/%s %d %s"
            .formatted(frontend, method(), path(), backend, server, status, termination())
        + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
