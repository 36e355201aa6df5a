package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Servers that come back and no longer know what they said, in the moments in which it matters
 * most.
 */
final class ForgottenWords {
  /** Nothing is thrown away meanwhile. */
  private static final SimDirectory.Sizes ROOMY =
      new SimDirectory.Sizes(32 << 10, 1 << 20, 1 << 20);

  /** Type of a promise's record, and where in a record it and other things stand. */
  private static final byte PROMISE = 3;

  private static final int TYPE_AT = 12;
  private static final int LSN_AT = 16;
  private static final int SYNCED_AT = 24;
  private static final int PAYLOAD_AT = 40;
  private static final int PROMISE_BYTES = 72;

  private ForgottenWords() {}

  /**
   * A proposer's Accept reached one server only when it lost power, and its own disk had not even
   * kept its promise. It comes back, meets the server that has not voted, and has another value to
   * propose: under the ballot that it used before, if it knows no better.
   */
  static Scene usedBallot(long seed) {
    Scene scene = new Scene("used ballot", seed, ROOMY);
    scene.warmUp();
    List<Integer> cast = scene.cast();
    int proposer = cast.get(0);
    int voter = cast.get(1);
    int other = cast.get(2);
    long seq = scene.lastInstance() + 1;

    scene.directory(proposer).slowness(1024);
    scene.append(proposer, 20 + scene.dice().nextInt(60));
    scene.until(() -> isPromised(scene, other, seq, proposer), SECOND);
    scene.cut(proposer, other);
    scene.until(() -> scene.recorded(voter, Voted.class, v -> v.seq() == seq).isPresent(), SECOND);
    scene.server(proposer).crash(true);
    scene.sim().network().isolate(voter);
    scene.heal(proposer, other);
    scene.run(1 + scene.dice().nextLong(150 * MILLI));
    scene.directory(proposer).slowness(1);
    scene.server(proposer).start();
    scene.run(scene.dice().nextLong(2 * MILLI));
    scene.append(proposer, 1000);
    scene.run(scene.dice().nextLong(SECOND));
    return scene.end();
  }

  /**
   * A server is killed between the write of its vote and the sync of it. It comes back, finds the
   * vote where the system kept it in memory, and is asked again. If it answers without a sync, the
   * loss of power that follows takes back what a decision rests on.
   */
  static Scene unsyncedVote(long seed) {
    Scene scene = new Scene("unsynced vote", seed, ROOMY);
    scene.warmUp();
    List<Integer> cast = scene.cast();
    int proposer = cast.get(0);
    int voter = cast.get(1);
    long seq = scene.lastInstance() + 1;

    scene.sim().network().isolate(cast.get(2));
    // A write and a sync for the promise, then a write for the vote.
    scene.directory(voter).stopAfter(scene.dice().nextInt(4) == 0 ? 1 : 3, true);
    scene.append(proposer, 3000);
    scene.until(() -> scene.server(voter).isCrashed(), SECOND);
    // Or the marker of an idle log would sync the vote as well before it is asked for.
    scene.directory(voter).slowness(2048);
    scene.until(() -> scene.server(proposer).host().applied() >= seq, 2 * SECOND);
    scene.run(scene.dice().nextLong(10 * MILLI));
    scene.server(voter).crash(true);
    scene.directory(voter).slowness(1);
    scene.run(scene.dice().nextLong(500 * MILLI));
    return scene.end();
  }

  /**
   * Two proposers want one instance, and one server has promised both of them, the second one last.
   * That promise rots. If the server then votes for the first as if nothing were, each of the two
   * gets a majority.
   */
  static Scene rottenPromise(long seed) throws IOException {
    Scene scene = new Scene("rotten promise", seed, ROOMY);
    scene.warmUp();
    List<Integer> cast = scene.cast();
    int rotten = cast.get(0);
    int first = cast.get(1);
    int second = cast.get(2);
    long seq = scene.lastInstance() + 1;

    scene.cut(first, second);
    scene.cut(second, first);
    scene.append(first, 3000);
    scene.until(() -> isPromised(scene, rotten, seq, first), SECOND);
    scene.cut(first, rotten);
    scene.append(second, 3000);
    scene.until(() -> isPromised(scene, rotten, seq, second), SECOND);
    scene.cut(second, rotten);
    // Long enough for the log to say that the promise is durable.
    scene.run(75 * MILLI + scene.dice().nextLong(60 * MILLI));
    scene.server(rotten).crash(scene.dice().nextBoolean());
    Optional<Promised> promise = scene.recorded(rotten, Promised.class, p -> isOf(p, seq, second));
    if (promise.isPresent()) {
      rot(scene, rotten, promise.get());
    }
    scene.heal(first, rotten);
    scene.server(rotten).start();
    scene.run(100 * MILLI + scene.dice().nextLong(800 * MILLI));
    scene.heal(second, rotten);
    scene.run(scene.dice().nextLong(500 * MILLI));
    return scene.end();
  }

  private static boolean isPromised(Scene scene, int server, long seq, int proposer) {
    return scene.recorded(server, Promised.class, p -> isOf(p, seq, proposer)).isPresent();
  }

  private static boolean isOf(Promised promise, long seq, int proposer) {
    return promise.seq() == seq && promise.ballot().peer() == proposer;
  }

  /** One bit of the record flips, unless nothing in the log says that it was ever synced. */
  private static void rot(Scene scene, int server, Promised promise) throws IOException {
    SimDisk disk = scene.directory(server).disk();
    int bit = scene.dice().nextInt(8 * PROMISE_BYTES);
    for (String file : disk.list()) {
      int at = file.startsWith("log-") ? find(disk, file, promise) : -1;
      if (at >= 0) {
        boolean isKnownSynced = isKnownSynced(bytes(disk, file), at);
        if (isKnownSynced) {
          disk.flip(file, 8 * at + bit);
        }
        scene.sim().tally().add("rotten promises", isKnownSynced ? 1 : 0);
        return;
      }
    }
  }

  /** Whether one of the records behind the one at {@code at} says so. Asks no code of ours. */
  private static boolean isKnownSynced(ByteBuffer bytes, int at) {
    long lsn = bytes.getLong(at + LSN_AT);
    long last = lsn;
    int next = at + PROMISE_BYTES;
    while (next + PAYLOAD_AT <= bytes.limit() && bytes.getLong(next + LSN_AT) == last + 1) {
      if (bytes.getLong(next + SYNCED_AT) >= lsn) {
        return true;
      }
      last++;
      next += bytes.getInt(next);
    }
    return false;
  }

  /** Where the record of {@code promise} begins in {@code file}, or -1. */
  private static int find(SimDisk disk, String file, Promised promise) throws IOException {
    ByteBuffer bytes = bytes(disk, file);
    for (int at = 0; at + PROMISE_BYTES <= bytes.limit(); at += 8) {
      int payload = at + PAYLOAD_AT;
      Ballot ballot = new Ballot(
          bytes.getLong(payload + 8), bytes.getInt(payload + 16), bytes.getLong(payload + 20));
      boolean isIt = bytes.get(at + TYPE_AT) == PROMISE && bytes.getLong(payload) == promise.seq();
      if (isIt && ballot.equals(promise.ballot())) {
        return at;
      }
    }
    return -1;
  }

  private static ByteBuffer bytes(SimDisk disk, String file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(disk.size(file)));
    disk.read(file, 0, bytes);
    return bytes.flip();
  }
}
