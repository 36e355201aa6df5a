package dev.paxoskv.client;

/**
 * An operation did not succeed. Which of the two kinds it is says what the caller may conclude; the
 * message is one line for people.
 */
public sealed class KvException extends RuntimeException
    permits NotAppliedException, OutcomeUnknownException {
  private static final long serialVersionUID = 1L;

  KvException(String message) {
    super(message);
  }
}
