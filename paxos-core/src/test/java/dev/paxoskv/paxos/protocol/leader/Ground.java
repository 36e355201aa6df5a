package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;

/** Stands for the roles of peer 0, and notes what it is asked to do; pings are left out. */
final class Ground implements Leadership.Ground, ReadIndex.Ground {
  final List<String> notes = new ArrayList<>();
  long accepted = -1;
  private long rounds;

  static Ballot ballot(long round, int peer) {
    return new Ballot(round, peer, 1);
  }

  /** Has {@code leadership} lead under a new ballot: 0 and 1 promise all, and have {@code said}. */
  static void lead(Leadership leadership, long tick, Report... said) {
    leadership.takeOver(tick);
    RangePromise all = new RangePromise(leadership.ballot(), 0, Long.MAX_VALUE, List.of(said));
    leadership.onRangePromise(0, all);
    leadership.onRangePromise(1, all);
  }

  @Override
  public Ballot nextBallot() {
    return ballot(++rounds, 0);
  }

  @Override
  public void ask(int peer, Request request) {
    notes.add("ask " + peer + " from " + ((PrepareRange) request).from());
  }

  @Override
  public void askSelf(PrepareRange request) {
    notes.add("ask self from " + request.from());
  }

  @Override
  public void tell(int peer, Request request) {
    if (request instanceof ReadCheck check) {
      notes.add("check " + peer + " #" + check.number() + " except " + check.except());
    } else if (!(request instanceof Ping)) {
      notes.add("tell " + peer + " " + request);
    }
  }

  @Override
  public long firstMissing() {
    return 0;
  }

  @Override
  public void learn(long seq, Value value) {
    notes.add("learn " + seq + " " + value);
  }

  @Override
  public void propose(long seq, Value value) {
    notes.add("propose " + seq + " " + value);
  }

  @Override
  public long accepted(Ballot except) {
    return accepted;
  }

  @Override
  public void answer(long index, List<Runnable> reads) {
    notes.add("answer " + reads.size() + " at " + index);
  }
}
