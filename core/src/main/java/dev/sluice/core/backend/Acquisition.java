package dev.sluice.core.backend;

import dev.sluice.core.backend.pool.Shortage;
import dev.sluice.core.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Server#acquire} came to. Belongs to the caller, who uses it again for the next
 * attempt. Confined to its loop.
 */
public final class Acquisition {
  private Result result = Result.MUST_WAIT;
  private Shortage shortage = Shortage.TURN;
  private @Nullable Connection connection;

  /** The possible results. */
  public enum Result {
    /** Attached to a connection that was here. */
    REUSED,
    /** Dialled, ready at once, attached. */
    READY,
    /** Dialled; the owner will be called. */
    PENDING,
    /** Dialled, and failed at once; the owner is not called. */
    FAILED,
    /** A limit is reached, or others wait already. Nothing is held. */
    MUST_WAIT
  }

  /** Of nothing yet. */
  public Acquisition() {}

  void mustWait(Shortage lacks) {
    result = Result.MUST_WAIT;
    shortage = lacks;
    connection = null;
  }

  void reused(Connection pooled) {
    result = Result.REUSED;
    connection = pooled;
  }

  void dialled(Connection dialled) {
    connection = dialled;
    result =
        switch (dialled.dialResult()) {
          case READY -> Result.READY;
          case PENDING -> Result.PENDING;
          case FAILED -> Result.FAILED;
        };
  }

  /** What it came to. */
  public Result result() {
    return result;
  }

  /** What the caller could not have, if it must wait. */
  public Shortage shortage() {
    return shortage;
  }

  /** The connection, unless the caller must wait. */
  public Connection connection() {
    Connection c = connection;
    assert c != null : result;
    return c;
  }

  /** Lets go of the connection, so that it is not held longer than the exchange. */
  public void clear() {
    mustWait(Shortage.TURN);
  }
}
