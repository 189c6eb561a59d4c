package dev.sluice.mux.h2.protocol;

import java.util.Locale;

/**
 * The states of a stream (RFC 9113 5.1). The reserved states are missing, since push is never
 * allowed; the closed state is three, since what may still come depends on how it was reached.
 *
 * <pre>
 *                          +--------+
 *                          |  IDLE  |
 *                          +--------+
 *                              | send H, recv H
 *                              v
 *         recv ES         +--------+         send ES
 *        +----------------|  OPEN  |----------------+
 *        v                +--------+                v
 *  +------------+              |              +------------+
 *  | HALF_CLOSED|              | R            | HALF_CLOSED|
 *  |  _REMOTE   |              |              |   _LOCAL   |
 *  +------------+              |              +------------+
 *        |  |        R         v        R           |  |
 *        |  +--------> RESET_LOCAL  <---------------+  |
 *        |           or RESET_REMOTE                   |
 *        | send ES                             recv ES |
 *        |                 +--------+                  |
 *        +---------------->| ENDED  |<-----------------+
 *                          +--------+
 *
 *  H HEADERS   ES the flag END_STREAM   R RST_STREAM: sent leads to RESET_LOCAL,
 *  received to RESET_REMOTE
 * </pre>
 *
 * <table>
 * <caption>What the peer may send; "-&gt;" is the next state where it changes</caption>
 * <tr><th>state</th><th>HEADERS</th><th>DATA</th><th>END_STREAM</th><th>RST_STREAM</th>
 * <th>WINDOW_UPDATE</th></tr>
 * <tr><td>IDLE</td><td>-&gt; OPEN</td><td>connection error</td><td>connection error</td>
 * <td>connection error</td><td>connection error</td></tr>
 * <tr><td>OPEN</td><td>yes</td><td>yes</td><td>-&gt; HALF_CLOSED_REMOTE</td>
 * <td>-&gt; RESET_REMOTE</td><td>yes</td></tr>
 * <tr><td>HALF_CLOSED_LOCAL</td><td>yes</td><td>yes</td><td>-&gt; ENDED</td>
 * <td>-&gt; RESET_REMOTE</td><td>yes</td></tr>
 * <tr><td>HALF_CLOSED_REMOTE</td><td>stream error</td><td>stream error</td><td>stream error</td>
 * <td>-&gt; RESET_REMOTE</td><td>yes</td></tr>
 * <tr><td>ENDED</td><td>connection error</td><td>connection error</td>
 * <td>connection error</td><td>ignored</td><td>ignored</td></tr>
 * <tr><td>RESET_LOCAL</td><td>ignored</td><td>ignored</td><td>ignored</td><td>ignored</td>
 * <td>ignored</td></tr>
 * <tr><td>RESET_REMOTE</td><td>stream error</td><td>stream error</td><td>stream error</td>
 * <td>ignored</td><td>ignored</td></tr>
 * </table>
 *
 * <p>"Ignored" is about the stream alone: a field block is decoded and content is counted against
 * the connection's window in any case.
 */
public enum StreamState {
  /** Nothing was sent or received. */
  IDLE,
  /** Both directions are open. */
  OPEN,
  /** We have ended our direction. */
  HALF_CLOSED_LOCAL,
  /** The peer has ended its direction. */
  HALF_CLOSED_REMOTE,
  /** Closed: both directions were ended. */
  ENDED,
  /** Closed by our RST_STREAM. */
  RESET_LOCAL,
  /** Closed by the peer's RST_STREAM. */
  RESET_REMOTE;

  /** The next states, by state and event; the same state where the event changes nothing. */
  private static final StreamState[][] NEXT = new StreamState[values().length][];

  private static final Verdict[][] VERDICTS = new Verdict[values().length][];

  static {
    // One line for each state, in the order of StreamEvent: recv HEADERS, DATA, END, RST,
    // WINDOW_UPDATE; send HEADERS, DATA, END, RST. A bare word is a verdict, "+" is OK without a
    // change, ">X" is OK and leads to X.
    row(IDLE, ">OPEN conn conn conn conn >OPEN no no no");
    row(OPEN, "+ + >HALF_CLOSED_REMOTE >RESET_REMOTE + + + >HALF_CLOSED_LOCAL >RESET_LOCAL");
    row(HALF_CLOSED_LOCAL, "+ + >ENDED >RESET_REMOTE + no no no >RESET_LOCAL");
    row(HALF_CLOSED_REMOTE, "closed closed closed >RESET_REMOTE + + + >ENDED >RESET_LOCAL");
    // RFC 9113 5.1: after END_STREAM nothing but PRIORITY, WINDOW_UPDATE and RST_STREAM can come
    // honestly, and a peer that goes on regardless is not to be mended by a stream error.
    row(ENDED, "broken broken broken ignore ignore no no no no");
    // The peer may not have seen our RST_STREAM yet.
    row(RESET_LOCAL, "ignore ignore ignore ignore ignore no no no no");
    row(RESET_REMOTE, "closed closed closed ignore ignore no no no no");
  }

  /** What the event means in this state. */
  public Verdict verdict(StreamEvent event) {
    return VERDICTS[ordinal()][event.ordinal()];
  }

  /** The state after an event that is allowed here. */
  public StreamState next(StreamEvent event) {
    assert verdict(event) == Verdict.OK : event + " in " + this;
    return NEXT[ordinal()][event.ordinal()];
  }

  /** Whether no direction is open any more. */
  public boolean closed() {
    return this == ENDED || this == RESET_LOCAL || this == RESET_REMOTE;
  }

  /** Whether we may send content and END_STREAM. */
  public boolean sendOpen() {
    return this == OPEN || this == HALF_CLOSED_REMOTE;
  }

  /** Whether the peer may send content and END_STREAM. */
  public boolean receiveOpen() {
    return this == OPEN || this == HALF_CLOSED_LOCAL;
  }

  private static void row(StreamState state, String words) {
    String[] cells = words.split(" ", -1);
    StreamState[] next = new StreamState[cells.length];
    Verdict[] verdicts = new Verdict[cells.length];
    for (int i = 0; i < cells.length; i++) {
      next[i] = cells[i].startsWith(">") ? valueOf(cells[i].substring(1)) : state;
      verdicts[i] =
          switch (cells[i].toLowerCase(Locale.ROOT)) {
            case "ignore" -> Verdict.IGNORE;
            case "closed" -> Verdict.STREAM_CLOSED;
            case "broken" -> Verdict.CONNECTION_CLOSED;
            case "conn" -> Verdict.CONNECTION_PROTOCOL;
            case "no" -> Verdict.FORBIDDEN;
            default -> Verdict.OK;
          };
    }
    NEXT[state.ordinal()] = next;
    VERDICTS[state.ordinal()] = verdicts;
  }
}
