package dev.paxoskv.paxos.journal;

import java.io.IOException;

/**
 * The log has lost something that was durable, and it cannot be told what: the peer that wrote it
 * must not vote again under its identity.
 */
public final class LostDiskException extends IOException {
  private static final long serialVersionUID = 1L;

  LostDiskException(String what) {
    super(what + "; this server's disk counts as lost: replace the server with kv replace INDEX");
  }
}
