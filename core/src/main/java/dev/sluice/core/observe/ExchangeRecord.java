package dev.sluice.core.observe;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange when it ends: exactly one for each. Lent to the observer for the
 * call, on the loop of the exchange; {@link #snapshot()} makes a copy to keep. Times are
 * nanoseconds of the loop's clock; a stage that did not happen has the duration 0.
 */
public final class ExchangeRecord {
  // Written by the stream package through the setters below, one exchange at a time.
  private String frontend = "";
  private String backend = "";
  private String server = "";
  private String frontProtocol = "";
  private String backProtocol = "";
  private String method = "";
  private @Nullable PathSource path;
  private long beganNanos;
  private long headNanos;
  private long routedNanos;
  private long queueNanos;
  private long connectNanos;
  private long handshakeNanos;
  private long firstByteNanos;
  private long endNanos;
  private long bytesFromClient;
  private long bytesToClient;
  private int status;
  private int retries;
  private boolean reused;
  private boolean muxAfterHandshake;
  private ExchangePhase phase = ExchangePhase.REQUEST;
  private CloseCause cause = CloseCause.COMPLETE;
  private String detail = "";

  /** Where the target of the request can be read without making a string for every exchange. */
  public interface PathSource {
    /** Appends the target of the request to a line. */
    void appendPathTo(StringBuilder line);
  }

  /** A record of nothing yet. */
  public ExchangeRecord() {}

  /** Begins a new exchange; everything else is as if nothing had happened. */
  public void begin(String frontendName, String protocol, long nowNanos) {
    frontend = frontendName;
    frontProtocol = protocol;
    backend = "";
    server = "";
    backProtocol = "";
    method = "";
    path = null;
    beganNanos = nowNanos;
    headNanos = nowNanos;
    routedNanos = nowNanos;
    queueNanos = 0;
    connectNanos = 0;
    handshakeNanos = 0;
    firstByteNanos = 0;
    endNanos = nowNanos;
    bytesFromClient = 0;
    bytesToClient = 0;
    status = 0;
    retries = 0;
    reused = false;
    muxAfterHandshake = false;
    phase = ExchangePhase.REQUEST;
    cause = CloseCause.COMPLETE;
    detail = "";
  }

  /** The request's head is here. */
  public void request(String methodName, @Nullable PathSource target, long nowNanos) {
    method = methodName;
    path = target;
    headNanos = nowNanos;
    phase = ExchangePhase.ROUTING;
  }

  /** The backend is chosen. */
  public void routed(String backendName, long nowNanos) {
    backend = backendName;
    routedNanos = nowNanos;
  }

  /** A server is chosen for an attempt. */
  public void server(String serverName) {
    server = serverName;
  }

  /** It has waited in a line. */
  public void queued(long nanos) {
    queueNanos += nanos;
  }

  /**
   * The request goes out on a connection.
   *
   * @param protocol the name of the connection's mux
   * @param again whether the connection had been used before; its connect and handshake times are
   *     those of another exchange then, and not told
   */
  public void connected(String protocol, boolean again, long connectTook, long handshakeTook) {
    backProtocol = protocol;
    reused = again;
    connectNanos = again ? 0 : connectTook;
    handshakeNanos = again ? 0 : handshakeTook;
    phase = ExchangePhase.WAITING;
  }

  /** Whether the connection's mux could only be chosen once a handshake was over. */
  public void muxAfterHandshake(boolean late) {
    muxAfterHandshake = late;
  }

  /** Another attempt. */
  public void retried() {
    retries++;
  }

  /** The first byte of the final response is here. */
  public void firstByte(long nowNanos) {
    if (firstByteNanos == 0) {
      firstByteNanos = nowNanos;
    }
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

  /** Content that went to the client. */
  public void addToClient(long bytes) {
    bytesToClient += bytes;
  }

  /**
   * It is over.
   *
   * @param why the cause; the phase stays where the exchange was when it ended
   * @param words more of it, a constant or made on the error path; empty if nothing
   */
  public void end(CloseCause why, String words, long nowNanos) {
    cause = why;
    detail = words;
    endNanos = nowNanos;
    if (why == CloseCause.COMPLETE) {
      phase = ExchangePhase.DONE;
    }
  }

  /** A copy that may be kept. */
  public ExchangeRecord snapshot() {
    ExchangeRecord copy = new ExchangeRecord();
    copy.frontend = frontend;
    copy.backend = backend;
    copy.server = server;
    copy.frontProtocol = frontProtocol;
    copy.backProtocol = backProtocol;
    copy.method = method;
    String text = path();
    copy.path = path == null ? null : line -> line.append(text);
    copy.beganNanos = beganNanos;
    copy.headNanos = headNanos;
    copy.routedNanos = routedNanos;
    copy.queueNanos = queueNanos;
    copy.connectNanos = connectNanos;
    copy.handshakeNanos = handshakeNanos;
    copy.firstByteNanos = firstByteNanos;
    copy.endNanos = endNanos;
    copy.bytesFromClient = bytesFromClient;
    copy.bytesToClient = bytesToClient;
    copy.status = status;
    copy.retries = retries;
    copy.reused = reused;
    copy.muxAfterHandshake = muxAfterHandshake;
    copy.phase = phase;
    copy.cause = cause;
    copy.detail = detail;
    return copy;
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

  /** The request's method; empty in TCP mode and if no head came. */
  public String method() {
    return method;
  }

  /** The request's target; empty in TCP mode and if no head came. Makes a string. */
  public String path() {
    StringBuilder line = new StringBuilder();
    appendPathTo(line);
    return line.toString();
  }

  /** Appends the request's target to a line. */
  public void appendPathTo(StringBuilder line) {
    PathSource source = path;
    if (source != null) {
      source.appendPathTo(line);
    }
  }

  /** When it began, by the loop's clock. */
  public long beganNanos() {
    return beganNanos;
  }

  /** From the beginning to the whole head of the request. */
  public long requestNanos() {
    return headNanos - beganNanos;
  }

  /** From the head to the choice of the backend. */
  public long routingNanos() {
    return Math.max(0, routedNanos - headNanos);
  }

  /** In the waiting line, all attempts together. */
  public long queueNanos() {
    return queueNanos;
  }

  /** The TCP connect of the last attempt; 0 on a reused connection. */
  public long connectNanos() {
    return connectNanos;
  }

  /** The handshake of the last attempt; 0 on a reused connection. */
  public long handshakeNanos() {
    return handshakeNanos;
  }

  /** From the request's head to the first byte of the final response; 0 if none came. */
  public long firstByteNanos() {
    return firstByteNanos == 0 ? 0 : firstByteNanos - headNanos;
  }

  /** From the beginning to the end. */
  public long totalNanos() {
    return endNanos - beganNanos;
  }

  /** Content from the client. */
  public long bytesFromClient() {
    return bytesFromClient;
  }

  /** Content to the client. */
  public long bytesToClient() {
    return bytesToClient;
  }

  /** The status that the client got; 0 if it got none, and in TCP mode. */
  public int status() {
    return status;
  }

  /** Attempts after the first. */
  public int retries() {
    return retries;
  }

  /** Whether the last attempt ran on a connection that had been used before. */
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
    return cause.origin();
  }

  /** More of the cause; empty if there is nothing more to say. */
  public String detail() {
    return detail;
  }

  @Override
  public String toString() {
    return "%s %s %s -> %s/%s %d %s %s"
            .formatted(frontend, method, path(), backend, server, status, phase, cause)
        + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
