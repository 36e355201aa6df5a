package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the state must reach before a read may be answered from it: found out without a record,
 * an instance or a clock, at any peer (Charapko et al., "Linearizable Quorum Reads in Paxos").
 *
 * <p>Guarantees: whatever was decided before the read began is not above the index. A majority
 * accepted that, and this peer hears a majority say how far up they have accepted anything; one of
 * them is in both. A leader leaves out what it proposed itself, which it knows without asking: it
 * counts up to the highest instance that it has proposed in, since others may know to be decided
 * what it does not know yet.
 *
 * <p>What is at or below the index need not be decided. Whoever owns the state waits until all of
 * it is applied, and settles what nobody drives.
 *
 * <p>One question serves all reads that wait when it leaves. Those that come while it is out wait
 * for the next: an answer may have been given before they began. Remembers nothing durably.
 */
public final class ReadIndex {
  /** Who has not answered is asked again after so many ticks. */
  static final int AGAIN_TICKS = 5;

  /** Port to the roles of the same peer. */
  public interface Ground {
    /** Sends what promises nothing. */
    void tell(int peer, Request request);

    /** How far up the own acceptor has accepted anything, but for {@code except}. */
    long accepted(Ballot except);

    /** These reads are to be answered once everything up to {@code index} is applied. */
    void answer(long index, List<Runnable> reads);
  }

  private final int me;
  private final Quorum quorum;
  private final Leadership leadership;
  private final Ground ground;
  private List<Runnable> waiting = new ArrayList<>();
  private List<Runnable> asked = new ArrayList<>();
  private ReadCheck question = new ReadCheck(0, Ballot.ZERO);
  private PeerSet answered = PeerSet.EMPTY;
  private long index;
  private long now;
  private long dueTick;

  public ReadIndex(int me, Quorum quorum, Leadership leadership, Ground ground) {
    this.me = me;
    this.quorum = quorum;
    this.leadership = leadership;
    this.ground = ground;
  }

  /** A read begins; it waits for the next question. */
  public void read(Runnable answer) {
    waiting.add(answer);
  }

  /** Asks for all that wait, unless a question is out already. */
  public void ask() {
    if (waiting.isEmpty() || !asked.isEmpty()) {
      return;
    }
    asked = waiting;
    waiting = new ArrayList<>();
    boolean isLeading = leadership.isLeading();
    question = new ReadCheck(question.number() + 1, isLeading ? leadership.ballot() : Ballot.ZERO);
    index = isLeading ? leadership.reach() : -1;
    answered = PeerSet.EMPTY;
    askOthers();
    count(me, ground.accepted(question.except()));
  }

  /** An answer to an earlier question may be older than the reads that wait now. */
  public void onReadChecked(int from, ReadChecked checked) {
    if (!asked.isEmpty() && checked.number() == question.number()) {
      count(from, checked.highest());
    }
  }

  public void tick(long tick) {
    now = tick;
    if (!asked.isEmpty() && now >= dueTick) {
      askOthers();
    }
  }

  private void askOthers() {
    dueTick = now + AGAIN_TICKS;
    for (int peer = 0; peer < quorum.peers(); peer++) {
      if (peer != me && !answered.has(peer)) {
        ground.tell(peer, question);
      }
    }
  }

  private void count(int peer, long highest) {
    answered = answered.with(peer);
    index = Math.max(index, highest);
    if (quorum.isReached(answered)) {
      List<Runnable> reads = asked;
      asked = new ArrayList<>();
      ground.answer(index, reads);
    }
  }
}
