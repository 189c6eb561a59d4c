package dev.sluice.core.connection;

/** Is shown connections, on their loop. */
public interface ConnectionVisitor {
  /**
   * Here is one.
   *
   * @param exchanges how many exchanges it has carried, those on it now included
   */
  void visit(Connection connection, long exchanges);
}
