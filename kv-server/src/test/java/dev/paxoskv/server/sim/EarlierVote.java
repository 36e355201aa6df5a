package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * Why "how far up it has ever accepted anything" outlives the acceptor. A server, the leader if
 * there is one, decides with the vote of one other and tells its client; a third, cut off
 * meanwhile, knows nothing of it. Then the first is cut off, the voter is restarted, and the third
 * is asked for the value: all it can hear of the decision comes from a vote that was cast in an
 * earlier life. Some voters have heard that it was decided, some had no room to keep the value.
 */
final class EarlierVote {
  private EarlierVote() {}

  /** Plays it; fails if the read saw too little. */
  static Scene play(long seed) {
    Scene scene = new Scene("earlier vote", seed, sizes(seed));
    scene.warmUp();
    List<Integer> cast = new ArrayList<>(scene.cast());
    int leader = scene.server(0).host().leader();
    int writer = leader < 0 ? cast.get(0) : leader;
    cast.remove(Integer.valueOf(writer));
    int voter = cast.get(0);
    int reader = cast.get(1);
    long seq = scene.lastInstance() + 1;

    scene.sim().network().isolate(reader);
    scene.append(writer, 1000);
    scene.until(() -> scene.recorded(voter, Voted.class, v -> v.seq() >= seq).isPresent(), SECOND);
    if (scene.dice().nextBoolean()) {
      scene.cut(writer, voter);
    }
    scene.until(scene::isQuiet, SECOND);
    // Short: the third is to read before it has missed the leader, and before it leads.
    scene.run(scene.dice().nextLong(SECOND / 10));
    scene.sim().network().isolate(writer);
    scene.server(voter).crash(scene.dice().nextBoolean());
    scene.server(voter).start();
    scene.heal(voter, reader);
    scene.heal(reader, voter);
    // Or the question would be lost, and the next come when the voter has proposed its vote again.
    scene.until(() -> scene.server(voter).host().members().mayVote(), SECOND);
    scene.read(reader, 1000);
    scene.until(scene::isQuiet, SECOND);
    return scene.end();
  }

  /** No snapshot, which would tell of what it covers; room for a few values, or for none. */
  private static SimDirectory.Sizes sizes(long seed) {
    return new SimDirectory.Sizes(16_384, new Pace(Long.MAX_VALUE, 512), 300 * (seed % 3), 1200);
  }
}
