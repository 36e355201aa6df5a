package dev.paxoskv.server.sim;

/** A connection of a client, as its server has it. */
interface ServerEnd {
  /** This end is gone, with all that the server has not read. */
  void serverDied(boolean isSilent);

  /**
   * The server has flushed: what it wrote goes to the client. Returns whether the server is through
   * with this connection.
   */
  boolean deliverAnswers();
}
