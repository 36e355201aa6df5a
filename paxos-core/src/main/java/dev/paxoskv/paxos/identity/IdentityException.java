package dev.paxoskv.paxos.identity;

import java.io.IOException;

/** A data directory that this peer must not run on. The message is one line for the operator. */
public final class IdentityException extends IOException {
  private static final long serialVersionUID = 1L;

  IdentityException(String message) {
    super(message);
  }
}
