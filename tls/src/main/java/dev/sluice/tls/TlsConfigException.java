package dev.sluice.tls;

import java.util.List;

/**
 * A TLS configuration that can't work. Lists everything that is wrong with it, not only the first.
 */
public final class TlsConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * Reports problems.
   *
   * @param what what was being configured
   * @param problems each one sentence: what is wrong, where, and what would be right
   */
  public TlsConfigException(String what, List<String> problems) {
    super(what + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems one by one. */
  public List<String> problems() {
    return problems;
  }
}
