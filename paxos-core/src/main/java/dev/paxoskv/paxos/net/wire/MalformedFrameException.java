package dev.paxoskv.paxos.net.wire;

/** A frame that no correct peer sends. The connection it came on is closed. */
public final class MalformedFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super(message);
  }
}
