package dev.paxoskv.client;

/**
 * The operation certainly had no effect and will have none: it was refused, or no server was given
 * it, or every server that was given it answered that it did not propose it. A read that fails
 * fails with this, as it has no effect anyway.
 */
public final class NotAppliedException extends KvException {
  private static final long serialVersionUID = 1L;

  public NotAppliedException(String message) {
    super(message);
  }
}
