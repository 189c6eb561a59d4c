package dev.sluice.core.backend.balance;

/** Chooses a server by its number, so that it needs to know nothing of servers. Any thread. */
public interface Balancer {
  /**
   * The number of the server to take.
   *
   * @param count how many there are, at least 1
   * @param load what each of them carries
   * @param avoid the number of a server that has just failed, or -1; taken only if there is no
   *     other
   */
  int choose(int count, Load load, int avoid);

  /** What servers carry, by their numbers. */
  interface Load {
    /** Requests under way and waiting. */
    int requests(int server);

    /** Whether a request could not even wait there. */
    boolean full(int server);
  }
}
