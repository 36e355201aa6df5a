package dev.paxoskv.paxos.host.purity;

import dev.paxoskv.paxos.protocol.purity.Pure;

/** The host may see the protocol. */
public final class HostFixture {
  private final Pure pure = new Pure(new byte[0]);

  public int size() {
    return pure.size();
  }
}
