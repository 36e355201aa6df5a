package dev.paxoskv.client;

/**
 * A server was given the write and no answer came in time. It took effect once, or will yet, or
 * never; reading the key tells, if nobody else writes it. The same call again is another operation
 * and may take effect as well.
 */
public final class OutcomeUnknownException extends KvException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(String message) {
    super(message);
  }
}
