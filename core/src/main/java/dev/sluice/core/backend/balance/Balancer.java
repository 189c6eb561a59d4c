package dev.sluice.core.backend.balance;

/** Chooses a server by its number, so that it needs to know nothing of servers. Any thread. */
public interface Balancer {
  /**
   * The number of the server to take.
   *
   * @param count how many there are, at least 1
   * @param load what each of them carries
   * @param avoided servers that have failed already; taken only if there are no others
   */
  int choose(int count, Load load, Avoided avoided);

  /** What servers carry, by their numbers. */
  interface Load {
    /** Requests under way and waiting. */
    int requests(int server);

    /** Whether a request could not even wait there. */
    boolean full(int server);
  }

  /** Servers that should not be taken, by their numbers. */
  interface Avoided {
    /** None. */
    Avoided NONE = server -> false;

    /** Whether it is one of them. */
    boolean contains(int server);
  }
}
