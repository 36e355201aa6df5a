package dev.paxoskv.server.snapshot;

import java.io.IOException;

/** The disk is too full for a snapshot. What was begun of it is gone again. */
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRoomException(String message) {
    super(message);
  }
}
