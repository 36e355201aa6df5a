package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import java.util.function.Consumer;

/**
 * Counts what becomes of snapshots that servers give each other.
 *
 * @param me whose snapshots these are
 * @param adopted runs when a state has become that of a snapshot
 */
record WatchedSnapshots(Snapshots inner, int me, DiskTally tally, Runnable adopted)
    implements Snapshots {
  @Override
  public void read(Pull pull, Consumer<Piece> then) {
    inner.read(pull, piece -> {
      tally.count(piece.isNone() ? "snapshots gone" : "snapshot pieces given");
      then.accept(piece);
    });
  }

  @Override
  public void write(Piece piece, Consumer<Boolean> then) {
    tally.transfers().received(me);
    tally.add("snapshots begun to receive", piece.offset() == 0 ? 1 : 0);
    inner.write(piece, then);
  }

  @Override
  public void install(Piece last, Consumer<Boolean> then) {
    inner.install(last, isDone -> {
      tally.count(isDone ? "snapshots installed" : "snapshots received and found damaged");
      then.accept(isDone);
    });
  }

  @Override
  public void adopt() {
    inner.adopt();
    tally.transfers().adopted(me);
    adopted.run();
  }
}
