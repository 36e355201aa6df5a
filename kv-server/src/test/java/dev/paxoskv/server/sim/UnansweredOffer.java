package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.List;

/**
 * A server that was away is offered a snapshot by one that is then out of reach, and gets what it
 * missed from the log of the third. Later it is the only one that can lead: of the other two one is
 * down, and one fetches a snapshot itself.
 */
final class UnansweredOffer {
  private static final int LONG_LOG = 0;
  private static final int SHORT_LOG = 1;
  private static final int AWAY = 2;
  private static final int KEYS = 60;

  /** After so many times as much as all keys hold, two snapshots cover it, and the log is cut. */
  private static final int ROUNDS = 3;

  /** Such that servers choose a leader. */
  private static final int SEEDS_APART = 4;

  private static SimDirectory directory(long snapshotBytes) {
    return new SimDirectory(new SimDirectory.Sizes(16_384, new Pace(snapshotBytes, 512), 1200, 32));
  }

  /** Sees whether {@link #AWAY} was told that what it misses is forgotten. */
  private static final class Offers implements Witness {
    private boolean isMade;

    @Override
    public void arrived(Hop hop) {
      isMade |= hop.to() == AWAY && hop.message() instanceof Forgotten;
    }
  }

  private final Offers offers = new Offers();
  private final StoreSim sim;

  private UnansweredOffer(long seed) {
    this.sim = new StoreSim(
        3,
        SEEDS_APART * seed,
        Oracle.ofMessages(3, List.of(offers)),
        List.of(directory(Long.MAX_VALUE), directory(8192), directory(8192)));
  }

  /** Plays it; returns how long that took, in microseconds; fails if nobody leads in the end. */
  static long play(long seed) {
    UnansweredOffer scene = new UnansweredOffer(seed);
    scene.play();
    return scene.sim.simulator().nowMicros();
  }

  private void play() {
    sim.run(SECOND);
    write(1, LONG_LOG, SHORT_LOG);
    sim.server(AWAY).crash(true);
    write(KEYS, LONG_LOG, SHORT_LOG);
    sim.partition(new int[] {LONG_LOG}, new int[] {SHORT_LOG, AWAY});
    sim.server(AWAY).start();
    for (int i = 0; i < 1000 && !offers.isMade; i++) {
      sim.run(MILLI / 20);
    }
    require(offers.isMade, "no snapshot is offered");
    sim.partition(new int[] {LONG_LOG, AWAY}, new int[] {SHORT_LOG});
    sim.run(3 * SECOND);
    require(applied(AWAY) == applied(LONG_LOG), "the log does not bring what was missed");
    require(sim.tally().times("snapshot pieces given") == 0, "the snapshot was fetched");

    sim.network().heal();
    sim.run(SECOND);
    sim.server(LONG_LOG).crash(true);
    for (int i = 0; i < ROUNDS; i++) {
      write(KEYS, SHORT_LOG, AWAY);
    }
    sim.server(LONG_LOG).start();
    sim.run(SECOND);
    require(sim.tally().times("snapshot pieces given") > 0, "no snapshot is fetched");
    sim.server(SHORT_LOG).crash(false);
    sim.run(2 * SECOND);
    require(sim.tally().times("snapshots adopted") == 0, "it has its snapshot already");
    int leader = sim.server(AWAY).host().leader();
    require(leader == AWAY, "leader " + leader + ", though one can lead");
  }

  private void write(int times, int... servers) {
    SimClerk clerk = sim.clerk(Duration.ofSeconds(10), servers);
    for (int i = 0; i < times; i++) {
      sim.await(clerk.put("k" + i, "x".repeat(1000)), 10 * SECOND);
    }
  }

  private long applied(int server) {
    return sim.server(server).host().applied();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("unanswered offer: " + otherwise);
    }
  }
}
