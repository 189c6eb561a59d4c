package dev.sluice.core.observe;

/** Why a pool gave up a connection to a server that was well, as far as it knew. */
public enum Retirement {
  /** It was idle for as long as it may be. */
  IDLE,
  /** It was as old as it may become. */
  AGE,
  /** It had carried as many requests as it may. */
  REQUESTS,
  /** There were as many idle connections as are kept. */
  SURPLUS,
  /** It was idle, and more were than had been needed of late. */
  PURGED,
  /** Its permit was needed for a connection on another loop or of another key. */
  YIELDED,
  /** A request on it was not answered in time, and nothing else came meanwhile. */
  UNANSWERED,
  /** It belonged to one client connection, and that is over. */
  CLIENT_LEFT,
  /** It leads to an address that the name of its server does not stand for any more. */
  MOVED_AWAY,
  /** Its transport was set up with settings that were renewed since, such as certificates. */
  RENEWED;

  private static final Retirement[] VALUES = values();

  /** The number of reasons, for tables of counters. */
  public static int count() {
    return VALUES.length;
  }

  /** The reason with that ordinal; allocates nothing. */
  public static Retirement of(int ordinal) {
    return VALUES[ordinal];
  }
}
