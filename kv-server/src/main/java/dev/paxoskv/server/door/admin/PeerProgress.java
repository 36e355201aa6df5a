package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Arrays;

/**
 * Hears how far the other servers have come: each asks for the first decision that it misses, ten
 * times a second, one server after the other. Protocol thread only.
 */
public final class PeerProgress implements Observer {
  private final Observer next;
  private final long[] firstMissing;

  /**
   * Makes one that has heard nobody.
   *
   * @param peers how many there are
   * @param next hears everything, too
   */
  public PeerProgress(int peers, Observer next) {
    this.next = next;
    this.firstMissing = new long[peers];
    Arrays.fill(firstMissing, -1);
  }

  /**
   * How many of the instances below {@code until} server {@code peer} did not know when it said so
   * last; -1 if it has not said anything.
   */
  long lag(int peer, long until) {
    return firstMissing[peer] < 0 ? -1 : Math.max(0, until - firstMissing[peer]);
  }

  @Override
  public void requested(int from, Message.Request request) {
    if (request instanceof Message.Fetch fetch) {
      firstMissing[from] = fetch.first();
    }
    next.requested(from, request);
  }

  @Override
  public void unanswered(int from, Message.Request request) {
    next.unanswered(from, request);
  }

  @Override
  public void decided(long seq, Value value) {
    next.decided(seq, value);
  }
}
