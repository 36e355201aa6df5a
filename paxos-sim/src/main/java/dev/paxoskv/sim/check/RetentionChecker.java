package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import java.util.Arrays;

/**
 * G7: nobody forgets an instance, or calls it forgotten, before the application of every peer has
 * said that it is done with it. And what a peer has forgotten stays so.
 */
final class RetentionChecker implements Witness {
  static final String RULE = "G7 kept until all are done";

  private final long[] done;
  private final long[] mins;
  private long allowed;

  RetentionChecker(int peers) {
    this.done = new long[peers];
    this.mins = new long[peers];
    Arrays.fill(done, -1);
  }

  @Override
  public void done(int peer, long seq) {
    done[peer] = Math.max(done[peer], seq);
    allowed = 1 + Arrays.stream(done).min().orElse(-1);
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    if (record instanceof Floor) {
      check(peer, record.seq(), "a floor record");
    }
  }

  @Override
  public void sent(Hop hop) {
    if (hop.message() instanceof Forgotten forgotten) {
      check(hop.from(), forgotten.seq() + 1, "an answer");
    }
  }

  @Override
  public void settled(int peer, Host host) {
    long min = host.min();
    check(peer, min, "min");
    if (min < mins[peer]) {
      throw new Violation(RULE, "min of peer " + peer + " falls from " + mins[peer] + " to " + min);
    }
    mins[peer] = min;
  }

  private void check(int peer, long floor, String what) {
    if (floor > allowed) {
      throw new Violation(
          RULE,
          what + " of peer " + peer + " forgets all below " + floor + ", done marks are "
              + Arrays.toString(done));
    }
  }
}
