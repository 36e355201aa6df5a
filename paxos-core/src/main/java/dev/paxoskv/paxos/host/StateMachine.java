package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Port to the application of a replicated log: every peer applies the same values in the same
 * order, without gaps.
 */
public interface StateMachine {

  /**
   * Port to the snapshots of an application's state: those that it can give to other peers, and the
   * one that it is given. Must not block; what follows comes later, on the protocol thread.
   */
  interface Snapshots {

    /** Reads a piece; hands over {@link Piece#NONE} if there is no such snapshot any more. */
    void read(Pull pull, Consumer<Piece> then);

    /**
     * Writes a piece of the snapshot that is being received. One at offset 0 begins anew; others
     * come in order. Hands over whether that could be done.
     */
    void write(Piece piece, Consumer<Boolean> then);

    /**
     * All of the snapshot is written: checks it as a whole, makes it durable as a snapshot of this
     * peer's own, and loads it, while the state stays what it is. Hands over whether it was whole.
     */
    void install(Piece last, Consumer<Boolean> then);

    /** The state becomes that of the snapshot which was installed last. */
    void adopt();
  }

  /**
   * Applies the decided value of {@code seq}, which is one more than in the call before; the first
   * is one more than {@link #applied}.
   */
  void apply(long seq, Value value);

  /**
   * The last instance that the state covers when its host is made, or when it became that of an
   * installed snapshot; -1 for none.
   */
  default long applied() {
    return -1;
  }

  /**
   * The last instance that is in a durable snapshot, so that the log need not have it, whichever
   * peer is away; -1 for none. Read after each run of applies.
   */
  default long covered() {
    return -1;
  }

  /** The snapshots, if peers can give them to each other. */
  default Optional<Snapshots> snapshots() {
    return Optional.empty();
  }

  /**
   * The highest instance that this peer will never need again; -1 for none. Read after each run of
   * applies.
   */
  long done();
}
