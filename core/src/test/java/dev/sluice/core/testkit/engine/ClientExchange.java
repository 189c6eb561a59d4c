package dev.sluice.core.testkit.engine;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.PatternBytes;
import org.jspecify.annotations.Nullable;

/** A request of a scripted client, and what came of it. */
public final class ClientExchange {
  final String method;
  final long seed;
  final int requestBytes;
  final int responseBytes;
  boolean sent;
  int stream;
  int status;
  long received;
  boolean contentSound = true;
  boolean complete;
  boolean lost;
  boolean left;
  @Nullable ResetCode resetCode;

  ClientExchange(String method, long seed, int requestBytes, int responseBytes) {
    this.method = method;
    this.seed = seed;
    this.requestBytes = requestBytes;
    this.responseBytes = responseBytes;
  }

  void onData(byte[] data, boolean end) {
    if (status == 200) {
      for (int i = 0; i < data.length; i++) {
        contentSound &= data[i] == PatternBytes.at(seed, received + i);
      }
    }
    received += data.length;
    if (end) {
      onComplete();
    }
  }

  void onComplete() {
    complete = true;
    if (status == 200) {
      contentSound &= received == responseBytes;
    }
  }

  /** The method. */
  public String method() {
    return method;
  }

  /** The number that tells it apart. */
  public long seed() {
    return seed;
  }

  /** The status, or 0 while there is none. */
  public int status() {
    return status;
  }

  /** Whether a whole answer is here. */
  public boolean complete() {
    return complete;
  }

  /** Whether the connection, or the stream, ended before the whole answer was here. */
  public boolean lost() {
    return lost;
  }

  /** Whether nothing more will come of it. */
  public boolean over() {
    return complete || lost || left;
  }

  /** Whether the client gave it up. */
  public boolean left() {
    return left;
  }

  /** How the stream was cut, or null. */
  public @Nullable ResetCode resetCode() {
    return resetCode;
  }

  /** Whether what came is what was asked for. */
  public boolean contentSound() {
    return contentSound;
  }

  /** Bytes of content that came. */
  public long received() {
    return received;
  }

  @Override
  public String toString() {
    return method
        + " "
        + seed
        + " "
        + status
        + (complete ? " complete" : "")
        + (lost ? " lost" : "")
        + (left ? " left" : "")
        + (contentSound ? "" : " UNSOUND")
        + " "
        + received
        + "/"
        + responseBytes;
  }
}
