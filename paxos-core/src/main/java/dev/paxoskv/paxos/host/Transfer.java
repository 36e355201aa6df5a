package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries snapshots between the roles and the application that owns them. */
final class Transfer {
  /** So many pieces are read for others at a time; who asks beyond that asks again. */
  private static final int READING_MAX = 4;

  private final Replica replica;
  private final Transport transport;
  private final Optional<Snapshots> snapshots;
  private int reading;

  Transfer(Replica replica, Transport transport, Optional<Snapshots> snapshots) {
    this.replica = replica;
    this.transport = transport;
    this.snapshots = snapshots;
  }

  void perform(Effect.OfSnapshot effect) {
    if (effect instanceof Effect.ServePiece serve) {
      serve(serve.pull(), piece -> transport.reply(serve.to(), replica.toReply(piece)));
    } else if (effect instanceof Effect.WritePiece write) {
      snapshots.orElseThrow().write(write.piece(), replica.pull()::written);
    } else if (effect instanceof Effect.Install install) {
      snapshots.orElseThrow().install(install.last(), isDone -> installed(install, isDone));
    }
  }

  private void serve(Pull pull, Consumer<Piece> then) {
    if (snapshots.isEmpty()) {
      then.accept(Piece.NONE);
    } else if (reading < READING_MAX) {
      reading++;
      snapshots.get().read(pull, piece -> {
        reading--;
        then.accept(piece);
      });
    }
  }

  /** The log may have brought more in the meantime; then the state stays. */
  private void installed(Effect.Install install, boolean isDone) {
    long index = install.last().index();
    if (isDone && index >= replica.pull().needed()) {
      // No other is fetched before this one is the state.
      replica.snapshotInstalled(index);
    } else {
      replica.pull().installed(isDone);
    }
  }
}
