package dev.sluice.core.testkit.handshake;

import dev.sluice.core.transport.ProxyHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a scripted peer does in the handshake of one connection.
 *
 * @param negotiates whether there is a handshake at all
 * @param answer what a server answers
 * @param protocol the protocol it names, or empty for none
 * @param moment when the connection ends by the peer's hand
 * @param byReset whether it ends with a RST instead of a FIN
 * @param delayNanos how long a server thinks before it answers
 * @param readsHeader whether a server expects a PROXY header ahead of everything
 * @param header the PROXY header that a client sends ahead of everything, or null
 */
public record PeerScript(
    boolean negotiates,
    Answer answer,
    String protocol,
    Moment moment,
    boolean byReset,
    long delayNanos,
    boolean readsHeader,
    @Nullable ProxyHeader header) {

  /** What a server says to a client's first record. */
  public enum Answer {
    /** A stated protocol, offered or not, or none. */
    PROTOCOL,
    /** The first that was offered. */
    FIRST_OFFERED,
    /** The alert of "no common protocol". */
    ALERT,
    /** Something that is no handshake. */
    GARBAGE,
    /** Nothing. */
    SILENCE
  }

  /** When a peer ends the connection. */
  public enum Moment {
    /** Not in the handshake. */
    NEVER,
    /** As soon as the connection stands. */
    AFTER_ACCEPT,
    /** When the client's whole first record is here. */
    AFTER_HELLO,
    /** In the middle of the answer. */
    IN_ANSWER,
    /** When the handshake is done, before any plain byte. */
    AFTER_HANDSHAKE
  }

  /** Plain bytes from the start. */
  public static PeerScript clear() {
    return new PeerScript(false, Answer.SILENCE, "", Moment.NEVER, false, 0, false, null);
  }

  /** Agrees on this protocol; on none if it is empty. */
  public static PeerScript agreeing(String protocol) {
    return new PeerScript(true, Answer.PROTOCOL, protocol, Moment.NEVER, false, 0, false, null);
  }

  /** Agrees on whatever the client likes best. */
  public static PeerScript agreeing() {
    return answering(Answer.FIRST_OFFERED);
  }

  /** Answers in this way. */
  public static PeerScript answering(Answer answer) {
    return new PeerScript(true, answer, "", Moment.NEVER, false, 0, false, null);
  }

  /** The same, but the connection ends at a moment. */
  public PeerScript dying(Moment when, boolean reset) {
    return new PeerScript(
        negotiates, answer, protocol, when, reset, delayNanos, readsHeader, header);
  }

  /** The same, with time to think. */
  public PeerScript after(long nanos) {
    return new PeerScript(
        negotiates, answer, protocol, moment, byReset, nanos, readsHeader, header);
  }

  /** The same server, behind a PROXY header. */
  public PeerScript readingHeader() {
    return new PeerScript(negotiates, answer, protocol, moment, byReset, delayNanos, true, header);
  }

  /** The same client, with a PROXY header ahead of everything. */
  public PeerScript sendingHeader(ProxyHeader sent) {
    return new PeerScript(
        negotiates, answer, protocol, moment, byReset, delayNanos, readsHeader, sent);
  }
}
