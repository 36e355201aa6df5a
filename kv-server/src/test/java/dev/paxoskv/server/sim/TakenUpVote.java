package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Why a leader's reads wait for what was reported to it. A leader decides with the vote of one
 * other, tells its client, and is cut off. A third leads next: it hears of that vote, proposes the
 * value again, and the one that had cast it accepts, and is restarted. Its only vote there is now
 * under the new leader's own ballot, which is left out where that one asks; and the new leader does
 * not know that the value is decided. If the one that had voted leads instead there is nothing to
 * see.
 */
final class TakenUpVote {
  private static final int SERVERS = 3;

  /** Such that servers choose a leader. */
  private static final int SEEDS_APART = 4;

  /** Loses the decision for the voter, and then the voter's answer to the next leader. */
  private final class Losses implements Witness {
    int first = -1;
    long seq = -1;
    boolean isTakenUp;

    private int voter() {
      return (first + 1) % SERVERS;
    }

    private int next() {
      return (first + 2) % SERVERS;
    }

    @Override
    public void sent(Hop hop) {
      if (first < 0 || hop.from() != voter() || !(hop.message() instanceof Accepted vote)) {
        return;
      }
      if (hop.to() == first && seq < 0) {
        seq = vote.seq();
        sim.network().cut(first, voter());
      }
      isTakenUp |= hop.to() == next() && vote.seq() == seq;
    }

    @Override
    public void arrived(Hop hop) {
      boolean isToVoter = first >= 0 && hop.from() == next() && hop.to() == voter();
      if (!isTakenUp
          && isToVoter
          && hop.message() instanceof Accept accept
          && accept.seq() == seq) {
        sim.network().cut(voter(), next());
      }
    }
  }

  private final Losses losses = new Losses();
  private final StoreSim sim;

  private TakenUpVote(long seed) {
    SimDirectory.Sizes sizes =
        new SimDirectory.Sizes(16_384, new Pace(Long.MAX_VALUE, 512), 1200, 32);
    this.sim = new StoreSim(
        SERVERS,
        SEEDS_APART * seed,
        Oracle.ofMessages(SERVERS, List.of(losses)),
        Stream.generate(() -> new SimDirectory(sizes)).limit(SERVERS).toList());
  }

  /** Plays it; returns how long that took, in microseconds; fails if a read saw too little. */
  static long play(long seed) {
    TakenUpVote scene = new TakenUpVote(seed);
    scene.play();
    return scene.sim.simulator().nowMicros();
  }

  private void play() {
    sim.run(SECOND);
    int first = sim.server(0).host().leader();
    require(first >= 0, "nobody leads");
    SimClerk clerk = sim.clerk(Duration.ofSeconds(10), first);
    sim.await(clerk.put("k", "a"), 10 * SECOND);
    sim.run(200 * MILLI);

    int voter = (first + 1) % SERVERS;
    int next = (first + 2) % SERVERS;
    sim.network().isolate(next);
    sim.run(600 * MILLI);
    // The voter is about to give the leader up when its Accept comes, and so turns to the next
    // before it settles the instance by itself.
    sim.network().cut(first, voter);
    sim.run(250 * MILLI);
    losses.first = first;
    sim.network().heal(first, voter);
    sim.await(clerk.append("k", "b"), SECOND);
    sim.network().isolate(first);
    sim.network().heal(voter, next);
    sim.network().heal(next, voter);
    for (int i = 0; i < 1000 && !losses.isTakenUp; i++) {
      sim.run(MILLI);
    }
    if (!losses.isTakenUp) {
      return;
    }
    sim.server(voter).crash(false);
    sim.server(voter).start();
    // It votes, and answers, when both others have met it.
    sim.network().heal(first, voter);
    sim.network().heal(voter, first);
    sim.network().heal(voter, next);
    SimClerk reader = sim.clerk(Duration.ofSeconds(10), next);
    String found = sim.await(reader.get("k"), 10 * SECOND);
    require(found.equals("ab"), "after 'ab' was acknowledged, a read finds '" + found + "'");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("taken-up vote: " + otherwise);
    }
  }
}
